"""What admins do with broadcasts."""

import pytest

from medusa.audit import Audit, Deed
from medusa.broadcast import Audience, Broadcast, BroadcastState, Way
from medusa.errors import NotYours, StoreUnavailable, WrongArgument
from medusa.jobs.broadcasts import Broadcasts
from tests.unit.jobs.memory import ANN, BOB
from tests.unit.jobs.memory_broadcasts import MemoryBroadcasts, MemoryReceivers


class Carrying:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def wake(self) -> None:
        self.heard.append("wake")

    def interrupt(self) -> None:
        self.heard.append("interrupt")


class Desk:
    """Broadcasts in memory, of which ANN sends some to twenty people besides her."""

    def __init__(self) -> None:
        self.is_down = False
        self.store, self.carrying, self.deeds = MemoryBroadcasts(), Carrying(), list[Deed]()
        self.broadcasts = Broadcasts(
            self.store,
            MemoryReceivers([ANN.id, *range(10, 30)]),
            Audit(self, self._tell),
            self.carrying,
            named=frozenset(),
        )

    async def add(self, deed: Deed) -> None:
        if self.is_down:
            raise StoreUnavailable
        self.deeds.append(deed)

    async def latest(self, skip: int, most: int) -> list[Deed]:
        raise NotImplementedError

    async def last_of(self, what: str) -> dict[str, Deed]:
        raise NotImplementedError

    async def _tell(self, deed: Deed) -> None:
        pass

    async def draft(self, message: int = 5) -> Broadcast:
        return await self.broadcasts.draft(ANN, (ANN.id, message), 7, Way.FORWARD)


async def test_a_message_that_is_told_again_makes_no_second_draft() -> None:
    desk = Desk()
    assert await desk.broadcasts.find(ANN.id, 5) is None
    draft = await desk.draft()
    assert await desk.broadcasts.find(ANN.id, 5) == draft
    await desk.broadcasts.shown(draft, 9)
    found = await desk.broadcasts.find(ANN.id, 5)
    assert found is not None
    assert (found.status_message_id, found.message_id, found.way) == (9, 7, Way.FORWARD)
    assert (await desk.draft(6)).id != draft.id


async def test_the_sender_is_among_those_who_are_reached() -> None:
    reach = await Desk().broadcasts.reach(ANN)
    assert reach == {Audience.EVERYBODY: 21, Audience.ACCESS: 1, Audience.ACTIVE: 1}


async def test_a_start_counts_people_and_is_noted() -> None:
    desk = Desk()
    draft = await desk.draft()
    started = await desk.broadcasts.start(draft)
    assert started is not None
    assert (started.state, started.total, started.sent) == (BroadcastState.RUNNING, 21, 1)
    assert desk.carrying.heard == ["wake"]
    assert [(deed.by, deed.what, deed.after) for deed in desk.deeds] == [(ANN, "broadcast", "started")]
    assert await desk.broadcasts.start(draft) is None, "a second press"
    assert desk.carrying.heard == ["wake"]
    assert len(desk.deeds) == 1


async def test_a_start_that_cannot_be_noted_is_a_start() -> None:
    desk = Desk()
    draft, desk.is_down = await desk.draft(), True
    assert await desk.broadcasts.start(draft) is not None
    assert desk.carrying.heard == ["wake"]


async def test_a_second_one_has_to_wait() -> None:
    desk = Desk()
    first, second = await desk.draft(), await desk.draft(6)
    await desk.broadcasts.start(first)
    with pytest.raises(WrongArgument, match="Another broadcast is on its way"):
        await desk.broadcasts.start(second)
    assert await desk.broadcasts.cancel(first.id, BOB)
    assert await desk.broadcasts.start(second) is not None


async def test_only_who_has_prepared_it_answers_its_question_but_anybody_stops_it() -> None:
    desk = Desk()
    draft = await desk.draft()
    with pytest.raises(NotYours):
        await desk.broadcasts.get(draft.id, BOB.id)
    with pytest.raises(WrongArgument):
        await desk.broadcasts.get("forged", ANN.id)
    assert await desk.broadcasts.get(draft.id, ANN.id) == draft
    assert not await desk.broadcasts.cancel(draft.id, BOB), "a draft is not on its way"
    await desk.broadcasts.start(draft)
    assert await desk.broadcasts.cancel(draft.id, BOB)
    assert not await desk.broadcasts.cancel(draft.id, BOB)
    over = await desk.store.get(draft.id)
    assert over is not None
    assert (over.state, over.ended_by, over.untold) == (BroadcastState.CANCELLED, BOB, True)
    assert desk.carrying.heard == ["wake", "interrupt"]


async def test_only_a_draft_is_changed_or_thrown_away() -> None:
    desk = Desk()
    draft = await desk.draft()
    chosen = await desk.broadcasts.choose(draft, Audience.ACTIVE)
    assert chosen is not None
    started = await desk.broadcasts.start(chosen)
    assert started is not None
    assert (started.audience, started.total) == (Audience.ACTIVE, 1)
    assert await desk.broadcasts.choose(draft, Audience.ACCESS) is None
    assert not await desk.broadcasts.drop(draft)
    other = await desk.draft(6)
    assert await desk.broadcasts.drop(other)
    assert not await desk.broadcasts.drop(other)
