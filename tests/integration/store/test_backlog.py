"""A hundred thousand finished downloads, and a log channel that has none of them."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from medusa.log_channel import Tally
from medusa.model import CopyState, LogCopy
from medusa.storage.documents import document_of
from medusa.storage.mongo import Store
from tests.integration.store.conftest import Server
from tests.unit.jobs.memory import LONG_AGO, done

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

MANY = 100_000
HAD = LogCopy(channel_id=-1, state=CopyState.SENT, message_id=5)


async def fill(server: Server) -> None:
    """Finished downloads, one a second, that channel -1 has."""
    plain = document_of(done().evolve(log_copies=(HAD,)))
    for start in range(0, MANY, 10_000):
        await server.database.downloads.insert_many(
            {**plain, "_id": f"job {n}", "created": LONG_AGO + timedelta(seconds=n)}
            for n in range(start, start + 10_000)
        )


async def examined(server: Server) -> list[dict[str, Any]]:
    """The queries since the profiler was started."""
    await server.database.command("profile", 0)
    profile = server.database["system.profile"]
    found = [entry async for entry in profile.find({"planSummary": {"$exists": True}})]
    await profile.drop()
    return found


@pytest.mark.slow
async def test_a_backfill_of_everything_is_one_call_and_slows_nothing_down(
    mongo: Store, server: Server
) -> None:
    await fill(server)
    copies = mongo.copies
    assert await copies.queue_copies(-2, 50) == 50
    began = time.monotonic()
    assert await copies.queue_copies(-2) == MANY - 50
    assert time.monotonic() - began < 20, "the driver waits no longer; it takes 2 s where nothing else runs"
    assert await copies.queue_copies(-2) == 0
    assert await copies.tallies() == {-2: Tally(waiting=MANY)}

    await server.database.command("profile", 2)
    now = datetime.now(UTC)
    for number in range(3):
        found = await copies.due_copy(-2, now, now + timedelta(seconds=30))
        assert found is not None
        assert found[0].id == f"job {number}"
        await copies.put_copy(found[0].id, found[1].evolve(state=CopyState.SENT, next_try=None))
    assert await copies.due_copy(-1, now, now) is None
    assert await copies.next_copy_time([-1]) is None
    await copies.end_strays([-1, -2], "gone")
    assert await copies.take_over([-1], -3, LONG_AGO) == 0
    queries = await examined(server)
    assert len(queries) >= 13
    for query in queries:
        assert "COLLSCAN" not in query["planSummary"], query["command"]
        assert query["docsExamined"] <= 1, query["command"]


async def test_the_last_few_are_found_without_reading_the_others(mongo: Store, server: Server) -> None:
    for n in range(100):
        await mongo.downloads.add(done(f"job {n}", minute=n))
    await server.database.command("profile", 2)
    assert await mongo.copies.queue_copies(-2, 3) == 3
    for query in await examined(server):
        assert "IXSCAN" in query["planSummary"], query["command"]
        assert query["docsExamined"] <= 3, query["command"]
