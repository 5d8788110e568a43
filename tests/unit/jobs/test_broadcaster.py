"""Brings a message to everybody: paced, paused, stopped, killed, and each person once."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from medusa.audit import Audit, Deed
from medusa.broadcast import PER_SECOND, Broadcast, BroadcastState, Outcome, Way
from medusa.errors import (
    AccountLost,
    ChatUnavailable,
    MessageGone,
    SlowedDown,
    StoreUnavailable,
    TelegramUnreachable,
)
from medusa.jobs.broadcaster import PAGE, SILENT, Broadcaster
from medusa.jobs.broadcasts import Broadcasts
from tests.dc.flood import Limiter, Pace
from tests.unit.jobs.memory import ANN, BOB
from tests.unit.jobs.memory_broadcasts import MemoryBroadcasts, MemoryReceivers
from tests.unit.waiting import Time

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LONG = 600.0
"""Seconds in which everything is over."""

Answer = Outcome | BaseException


class Telegram:
    """BroadcastPosts with what Telegram remembers: who has the message. `answers` are what it says to
    somebody first, one after the other."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self.answers: dict[int, deque[Answer]] = {}
        self.has = Counter[int]()
        self.sent_at: list[float] = []
        self.asked = Counter[int]()
        self.shown: list[tuple[Broadcast, float]] = []
        self.told: list[Broadcast] = []
        self.problem: BaseException | None = None
        """What keeps it from being told."""
        self.is_down = False

    def says(self, person: int, *answers: Answer) -> None:
        self.answers[person] = deque(answers)

    async def send(self, broadcast: Broadcast, person_id: int) -> Outcome:
        self.sent_at.append(self._time.now)
        self.asked[person_id] += 1
        if self.answers.get(person_id):
            answer = self.answers[person_id].popleft()
            if isinstance(answer, BaseException):
                raise answer
            return answer
        self.has[person_id] = 1  # a second one with the same number is refused
        return Outcome.SENT

    async def is_answered(self) -> bool:
        return not self.is_down

    def show(self, broadcast: Broadcast, seconds_left: float, held: float) -> None:
        self.shown.append((broadcast, held))

    async def tell(self, broadcast: Broadcast) -> None:
        if self.problem is not None:
            raise self.problem
        self.told.append(broadcast)


class Deeds:
    """An AuditStore."""

    def __init__(self) -> None:
        self.all: list[Deed] = []

    async def add(self, deed: Deed) -> None:
        self.all.append(deed)

    async def latest(self, skip: int, most: int) -> list[Deed]:
        raise NotImplementedError

    async def last_of(self, what: str) -> dict[str, Deed]:
        raise NotImplementedError


class World:
    """Everything around a broadcaster, which may be killed and started again."""

    def __init__(self, people: Iterable[int]) -> None:
        self.time = Time()
        self.store = MemoryBroadcasts()
        self.receivers = MemoryReceivers([*people])
        self.telegram = Telegram(self.time)
        self.deeds = Deeds()
        self.audit = Audit(self.deeds, _nobody)
        self.carrier = self._carrier()
        self.desk = self._desk()

    def _carrier(self) -> Broadcaster:
        return Broadcaster(
            self.store,
            self.receivers,
            self.telegram,
            self.audit,
            named=frozenset(),
            look_seconds=LONG / 10,
            clock=lambda: self.time.now,
            sleep=self.time.sleep,
        )

    def _desk(self) -> Broadcasts:
        return Broadcasts(self.store, self.receivers, self.audit, self.carrier, named=frozenset())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Broadcaster]:
        """A process that carries broadcasts out, until it is killed."""
        self.carrier = self._carrier()
        self.desk = self._desk()
        task = asyncio.create_task(self.carrier.run())
        try:
            yield self.carrier
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def start(self) -> Broadcast:
        """Send a message of Ann."""
        draft = await self.desk.draft(ANN, (ANN.id, len(self.store.kept)), 7, Way.COPY)
        started = await self.desk.start(draft)
        assert started is not None
        return started

    def now(self, broadcast: Broadcast) -> Broadcast:
        return self.store.kept[broadcast.id]


async def _nobody(deed: Deed) -> None:
    pass


def others(count: int) -> range:
    """People besides Ann."""
    return range(10, 10 + count)


def counters(broadcast: Broadcast) -> tuple[int, int, int]:
    return broadcast.sent, broadcast.blocked, broadcast.failed


async def test_everybody_gets_it_once_and_its_sender_no_second_one() -> None:
    world = World([ANN.id, *others(40)])
    async with world.running():
        started = await world.start()
        assert started.total == 41
        await world.time.go_on(LONG)
    over = world.now(started)
    assert over.state is BroadcastState.DONE
    assert world.telegram.asked == Counter(others(40))
    assert counters(over) == (41, 0, 0)
    assert [deed.after for deed in world.deeds.all] == ["started", "done, sent 41, blocked 0, failed 0"]
    assert world.telegram.told == [over.evolve(untold=True)]
    assert not over.untold


async def test_nobody_but_its_sender_is_a_broadcast_that_is_done() -> None:
    world = World([ANN.id])
    async with world.running():
        started = await world.start()
        await world.time.go_on(1)
    assert world.now(started).state is BroadcastState.DONE
    assert counters(world.now(started)) == (1, 0, 0)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 80), st.sets(st.integers(10, 90)))
async def test_the_pace_leaves_room_under_the_limit_of_the_strict_server(
    count: int, blocking: set[int]
) -> None:
    world, server = World(others(count)), Limiter(Pace(total_per_second=PER_SECOND + 1))
    for one in blocking:
        world.telegram.says(one, Outcome.BLOCKED)
    async with world.running():
        started = await world.start()
        await world.time.go_on(LONG)
    assert len(world.telegram.sent_at) == count
    assert not any(
        server.wait(1, number, group=False, now=moment)
        for number, moment in enumerate(world.telegram.sent_at)
    )
    assert world.telegram.sent_at[-1] <= (count + 1) / PER_SECOND + count / PAGE
    assert world.now(started).handled == count + 1


async def test_who_cannot_be_written_to_is_counted_and_marked() -> None:
    world = World(others(20))
    world.telegram.says(12, Outcome.BLOCKED)
    world.telegram.says(25, Outcome.BLOCKED)
    world.telegram.says(13, Outcome.FAILED)
    async with world.running():
        started = await world.start()
        await world.time.go_on(LONG)
        assert counters(world.now(started)) == (18, 2, 1)
        assert world.receivers.marked == [12, 25]
        second = await world.start()
        await world.time.go_on(LONG)
    assert counters(world.now(second)) == (19, 0, 0)
    assert world.telegram.asked[12] == 1


async def test_a_flood_wait_pauses_everything_and_nobody_is_left_out() -> None:
    world = World(others(40))
    world.telegram.says(20, SlowedDown(30.0), SlowedDown(5.0))
    async with world.running():
        started = await world.start()
        await world.time.go_on(10)
        before = len(world.telegram.sent_at)
        assert before < 40
        assert max(held for _, held in world.telegram.shown) == 30.0
        await world.time.go_on(19)
        assert len(world.telegram.sent_at) == before, "it waits"
        await world.time.go_on(LONG)
    assert counters(world.now(started)) == (41, 0, 0)
    assert sum(world.telegram.asked.values()) == 42


async def test_after_a_pause_people_go_on_one_by_one() -> None:
    world = World(others(PAGE))
    for one in others(PAGE):
        world.telegram.says(one, SlowedDown(10.0))
    async with world.running():
        await world.start()
        await world.time.go_on(LONG)
    late = [moment for moment in world.telegram.sent_at if moment > 5]
    gaps = [after - before for before, after in pairwise(late)]
    assert min(gaps) >= 1 / PER_SECOND - 1e-9


async def test_while_telegram_does_not_answer_it_waits() -> None:
    world = World(others(3))
    world.telegram.is_down = True
    for one in others(3):
        world.telegram.says(one, *[TelegramUnreachable()] * (SILENT + 5), AccountLost())
    async with world.running():
        started = await world.start()
        await world.time.go_on(3 * LONG)
    assert counters(world.now(started)) == (4, 0, 0)


async def test_somebody_whom_telegram_never_answers_for_is_left_out_in_the_end() -> None:
    world = World(others(3))
    world.telegram.says(11, *[TelegramUnreachable()] * 100)
    async with world.running():
        started = await world.start()
        await world.time.go_on(LONG)
    assert counters(world.now(started)) == (3, 0, 1)
    assert world.telegram.asked[11] == SILENT


async def test_a_fault_in_the_program_costs_one_message() -> None:
    world = World(others(5))
    world.telegram.says(12, RuntimeError("oops"))
    async with world.running():
        started = await world.start()
        await world.time.go_on(LONG)
    assert counters(world.now(started)) == (5, 0, 1)


async def test_it_stops_when_its_message_is_gone_and_keeps_its_counters() -> None:
    world = World(others(60))
    world.telegram.says(35, MessageGone("It was deleted."))
    async with world.running():
        started = await world.start()
        await world.time.go_on(LONG)
    over = world.now(started)
    assert (over.state, over.problem) == (BroadcastState.CANCELLED, "It was deleted.")
    assert over.sent == 1 + len(world.telegram.has)
    assert over.left == 61 - over.sent
    assert over.left > 30
    assert world.deeds.all[-1].after.endswith(f"left out {over.left}: It was deleted.")


async def test_any_admin_cancels_it_even_in_a_pause() -> None:
    world = World(others(60))
    world.telegram.says(30, SlowedDown(5000.0))
    async with world.running():
        started = await world.start()
        await world.time.go_on(60)
        assert await world.desk.cancel(started.id, BOB)
        await world.time.go_on(0.1)
        over = world.now(started)
        assert (over.state, over.ended_by) == (BroadcastState.CANCELLED, BOB)
        assert over.sent == 1 + len(world.telegram.has)
        assert world.deeds.all[-1].by == BOB
        assert not await world.desk.cancel(started.id, BOB)
        await world.time.go_on(LONG)
    assert over.sent == 1 + len(world.telegram.has), "nobody gets it later"


async def test_a_cancel_of_another_one_that_comes_late_changes_nothing() -> None:
    world = World(others(40))
    async with world.running() as carrier:
        started = await world.start()
        await world.time.go_on(1.5)
        carrier.interrupt()
        await world.time.go_on(LONG)
    assert world.now(started).state is BroadcastState.DONE
    assert counters(world.now(started)) == (41, 0, 0)
    assert set(world.telegram.has) == {*others(40)}


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 70),
    kills=st.lists(st.floats(0.0, 3.0), max_size=4),
    blocking=st.sets(st.integers(10, 80), max_size=10),
    slow=st.sets(st.integers(10, 80), max_size=3),
    failures=st.integers(0, 2),
)
async def test_kills_and_a_database_that_is_down_leave_nobody_out_and_reach_nobody_twice(
    count: int, kills: list[float], blocking: set[int], slow: set[int], failures: int
) -> None:
    world = World(others(count))
    for one in blocking:
        world.telegram.says(one, *[Outcome.BLOCKED] * 10)
    for one in slow - blocking:
        world.telegram.says(one, SlowedDown(1.0))
    async with world.running():
        started = await world.start()
    for after in kills:
        async with world.running():
            await world.time.go_on(after)
    world.store.failures = failures
    async with world.running():
        await world.time.go_on(LONG)
    refusing = blocking & {*others(count)}
    over = world.now(started)
    assert over.state is BroadcastState.DONE
    assert counters(over) == (1 + count - len(refusing), len(refusing), 0)
    assert set(world.telegram.has) == {*others(count)} - refusing
    assert set(world.receivers.marked) == refusing


async def test_an_end_that_cannot_be_told_is_told_later_and_once() -> None:
    world = World(others(1))
    world.telegram.problem = SlowedDown(10.0)
    async with world.running():
        started = await world.start()
        await world.time.go_on(30)
        assert world.now(started).untold
        world.telegram.problem = None
        await world.time.go_on(LONG)
        assert len(world.telegram.told) == 1
        assert not world.now(started).untold
        world.telegram.problem = ChatUnavailable()
        second = await world.start()
        await world.time.go_on(LONG)
    assert not world.now(second).untold, "who has blocked the bot does not want to know"


async def test_a_fault_in_the_program_does_not_end_what_else_the_process_does() -> None:
    world = World(others(1))
    world.telegram.problem = RuntimeError("oops")
    async with world.running():
        started = await world.start()
        await world.time.go_on(LONG)
        assert world.now(started).untold
        world.telegram.problem = None
        await world.time.go_on(LONG)
    assert not world.now(started).untold


async def test_while_the_database_is_down_nothing_is_lost() -> None:
    class Down(MemoryReceivers):
        async def some(self, whom: object, after: int, most: int) -> list[int]:
            raise StoreUnavailable

    world = World(others(3))
    there, world.receivers = world.receivers, Down([])
    async with world.running():
        world.desk = Broadcasts(world.store, there, world.audit, world.carrier, named=frozenset())
        started = await world.start()
        await world.time.go_on(60)
    world.receivers = there
    async with world.running():
        await world.time.go_on(60)
    assert counters(world.now(started)) == (4, 0, 0)
