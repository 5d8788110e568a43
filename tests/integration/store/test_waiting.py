"""What waits for a time, when the clock was set back by an hour."""

from datetime import timedelta

import pytest

from medusa.jobs.turns import FOREVER
from medusa.log_channel import LogChannel
from medusa.model import State
from medusa.storage.mongo import Store
from medusa.storage.waiting import LONGEST_LEASE
from tests.integration.store.conftest import NOW, Records
from tests.unit.jobs.memory import done, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOUR = timedelta(hours=1)
WRONG, LATER = NOW + HOUR / 2, NOW + 2 * HOUR
"""What the clock showed before, and what really is later."""


async def test_queued_downloads_are_due(mongo: Store, records: Records) -> None:
    for name, due in (("past", NOW), ("wrong", WRONG), ("later", LATER), ("paused", FOREVER)):
        await records.add(queued(name, not_before=due))
    assert await mongo.waiting.bring_forward(NOW, HOUR) == 1
    found = {name: await records.get(name) for name in ("past", "wrong", "later", "paused")}
    dues = {name: one.not_before for name, one in found.items() if one}
    assert dues == {"past": NOW, "wrong": NOW, "later": LATER, "paused": FOREVER}


async def test_log_copies_are_due(mongo: Store, records: Records) -> None:
    finished = done("job", -1, -2, -3)
    dues = dict(zip((-1, -2, -3), (WRONG, LATER, None), strict=True))
    copies = tuple(copy.evolve(next_try=dues[copy.channel_id]) for copy in finished.log_copies)
    await records.add(finished.evolve(log_copies=copies))
    assert await mongo.waiting.bring_forward(NOW, HOUR) == 1
    found = await records.get("job")
    assert found is not None
    assert [copy.next_try for copy in found.log_copies] == [NOW, LATER, None]


async def test_the_lease_of_a_lost_worker_ends(mongo: Store, records: Records) -> None:
    wrong = NOW + HOUR + timedelta(seconds=20)
    await records.add(queued("lost", seat=0, state=State.RUNNING, lease_until=wrong))
    await records.add(queued("held", seat=1, state=State.RUNNING, lease_until=NOW + timedelta(seconds=20)))
    assert await mongo.waiting.bring_forward(NOW, HOUR) == 1
    lost, held = await records.get("lost"), await records.get("held")
    assert lost is not None
    assert held is not None
    assert lost.lease_until == NOW + LONGEST_LEASE
    assert held.lease_until == NOW + timedelta(seconds=20)


async def test_a_log_channel_is_looked_at(mongo: Store) -> None:
    await mongo.channels.add_log_channel(LogChannel(id=-100, title="Log", error="gone", next_probe=WRONG))
    assert await mongo.waiting.bring_forward(NOW, HOUR) == 1
    (channel,) = await mongo.channels.log_channels()
    assert channel.may_be_tried(NOW)
