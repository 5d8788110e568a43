"""What the owner does about log copies: look, try again, ask for those from before."""

from typing import Any

import pytest

from medusa.audit import Audit, Deed
from medusa.errors import ChatUnavailable, MedusaError, SlowedDown, WrongArgument
from medusa.jobs.log_desk import LogDesk
from medusa.jobs.outbox import Outbox
from medusa.log_channel import LogChannel, Tally
from medusa.model import CopyState, LogCopy, Person
from tests.unit.jobs.memory import MemoryStore, done
from tests.unit.jobs.memory_copies import MemoryChannels

MAIN, SPARE = LogChannel(id=-1001, title="Main"), LogChannel(id=-1002, title="Spare", backup=True)
ANN = Person(id=1, name="Ann")
GONE = LogCopy(channel_id=MAIN.id, state=CopyState.FAILED, attempts=3, error="gone")


class Calls(Outbox):
    """An outbox that only notes what it is asked for."""

    def __init__(self) -> None:
        self.woken = 0
        self.looks: list[int] = []

    def wake(self) -> None:
        self.woken += 1

    def look_at(self, channel_id: int) -> None:
        self.looks.append(channel_id)


class Room:
    """A desk with everything around it; channels in `problems` refuse test records."""

    def __init__(self, store: MemoryStore, *channels: LogChannel) -> None:
        self.channels = MemoryChannels(*channels)
        self.outbox = Calls()
        self.problems: dict[int, MedusaError] = {}
        self.posted: list[int] = []
        self.deeds: list[Deed] = []
        self.desk = LogDesk(store, self.channels, self, self.outbox, Audit(self, self.tell))

    async def tell(self, deed: Deed) -> None:
        return None

    async def latest(self, skip: int, most: int) -> list[Deed]:
        raise NotImplementedError

    async def last_of(self, what: str) -> dict[str, Deed]:
        raise NotImplementedError

    async def add(self, one: Any) -> Any:
        """A deed to be kept, or a channel to be added."""
        if isinstance(one, Deed):
            return self.deeds.append(one)
        return LogChannel(id=one, title="New")

    async def remove(self, channel_id: int) -> None:
        if channel_id != MAIN.id:
            raise WrongArgument("This is not one of the log channels.")

    async def post_test(self, channel_id: int) -> None:
        if channel_id in self.problems:
            raise self.problems[channel_id]
        self.posted.append(channel_id)


async def test_the_overview_has_every_channel_and_its_copies() -> None:
    store = MemoryStore(done("a", MAIN.id), done("b").evolve(log_copies=(GONE,)), done("c", -1009))
    assert await Room(store, SPARE, MAIN).desk.overview() == [
        (MAIN, Tally(waiting=1, failed=1)),
        (SPARE, Tally()),
    ]


async def test_a_backfill_queues_and_wakes_the_outbox() -> None:
    store = MemoryStore(*(done(f"job {n}", minute=n) for n in range(3)))
    room = Room(store, MAIN)
    assert await room.desk.backfill(ANN, MAIN.id, 2) == (MAIN, 2)
    assert await room.desk.backfill(ANN, MAIN.id, None) == (MAIN, 1)
    assert room.outbox.woken == 2


async def test_only_a_log_channel_can_be_filled() -> None:
    store = MemoryStore(done("job"))
    with pytest.raises(WrongArgument, match="not one of the log channels"):
        await Room(store, MAIN).desk.backfill(ANN, -1009, None)
    assert store["job"].log_copies == ()


async def test_what_failed_is_tried_again_at_once() -> None:
    store = MemoryStore(done("job").evolve(log_copies=(GONE, GONE.evolve(channel_id=-1009))))
    room = Room(store, MAIN, SPARE)
    assert await room.desk.retry(ANN) == 1, "a channel that was removed gets nothing"
    copy = store.copy("job", MAIN.id)
    assert (copy.state, copy.attempts, copy.error) == (CopyState.PENDING, 0, None)
    assert room.outbox.looks == [MAIN.id, SPARE.id]
    assert await room.desk.retry(ANN) == 0


async def test_a_test_record_shows_what_works_and_that_is_noted() -> None:
    room = Room(MemoryStore(), MAIN.evolve(error="Closed.", told=True), SPARE)
    room.problems[SPARE.id] = ChatUnavailable("I am banned.")
    results = await room.desk.test()
    assert [(channel.id, str(problem)) for channel, problem in results] == [
        (MAIN.id, "None"),
        (SPARE.id, "I am banned."),
    ]
    assert room.posted == [MAIN.id]
    assert room.channels[MAIN.id].works
    assert room.channels[SPARE.id].error == "I am banned."
    assert room.outbox.woken == 1


async def test_a_pause_says_nothing_about_a_channel() -> None:
    room = Room(MemoryStore(), MAIN)
    room.problems[MAIN.id] = SlowedDown(5)
    await room.desk.test()
    assert room.channels[MAIN.id] == MAIN


async def test_a_hint_of_telegram_goes_to_the_outbox() -> None:
    room = Room(MemoryStore(), MAIN)
    room.desk.look_at(MAIN.id)
    assert room.outbox.looks == [MAIN.id]


async def test_whatever_changes_something_is_noted() -> None:
    room = Room(MemoryStore(done("job")), MAIN)
    assert (await room.desk.add(ANN, -1005)).title == "New"
    await room.desk.backfill(ANN, MAIN.id, None)
    await room.desk.retry(ANN)
    await room.desk.remove(ANN, MAIN.id)
    await room.desk.overview()
    await room.desk.test()
    for wrong in (room.desk.remove(ANN, -1009), room.desk.backfill(ANN, -1009, None)):
        with pytest.raises(WrongArgument):
            await wrong
    assert [(deed.by, deed.what, deed.subject, deed.after) for deed in room.deeds] == [
        (ANN, "log channel", "New (-1005)", "added"),
        (ANN, "log channel", "Main (-1001)", "gets 1 from before"),
        (ANN, "log channel", "all", "0 copies tried again"),
        (ANN, "log channel", "-1001", "removed"),
    ]
