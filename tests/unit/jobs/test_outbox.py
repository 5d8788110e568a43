"""The outbox: every copy arrives once, in order, however long it takes, and no channel waits for another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from medusa.errors import ChatUnavailable, MedusaError, SlowedDown, TelegramUnreachable
from medusa.jobs.outbox import CLAIM, Outbox
from medusa.jobs.retry import MAX_COPY_ATTEMPTS
from medusa.model import CopyState, Download, LogCopy
from tests.unit.jobs.memory import LONG_AGO, MemoryStore, done
from tests.unit.waiting import turns, until

MAIN, SPARE = -1001, -1002


class Channels:
    """Takes copies. What stands in `problems` for a channel is raised; a channel in `stuck` never answers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int]] = []
        self.numbers: list[int] = []
        self.tried: list[tuple[str, int]] = []
        self.problems: dict[int, Exception] = {}
        self.stuck: set[int] = set()
        self.there_already: set[str] = set()
        self.open: list[int] = []
        self.errors: dict[int, str | None] = {}

    async def copy(self, download: Download, copy: LogCopy) -> int | None:
        channel_id = copy.channel_id
        self.tried.append((download.id, channel_id))
        assert channel_id not in self.open, "two copies into one channel at once"
        self.open.append(channel_id)
        try:
            await asyncio.sleep(0)
            if channel_id in self.stuck:
                await asyncio.Event().wait()
            if channel_id in self.problems:
                raise self.problems[channel_id]
            self.sent.append((download.id, channel_id))
            self.numbers.append(copy.number)
            return None if download.id in self.there_already else 100 + len(self.sent)
        finally:
            self.open.remove(channel_id)

    async def set_log_channel_error(self, channel_id: int, error: str | None) -> None:
        self.errors[channel_id] = error


class Rests:
    """The pauses that Telegram asked for: they last until `over` is set."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        if seconds:
            self.seconds.append(seconds)
            await self.over.wait()


@asynccontextmanager
async def office(store: MemoryStore, channels: Channels, rests: Rests | None = None) -> AsyncIterator[Outbox]:
    """Run an outbox; at the end it is stopped and has left nothing behind."""
    outbox = Outbox(store, channels, channels, sleep=rests or Rests())
    running = asyncio.create_task(outbox.run())
    try:
        yield outbox
        assert not running.done(), "the outbox has stopped"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def seconds_from_now(moment: datetime | None) -> float:
    assert moment is not None
    return (moment - datetime.now(UTC)).total_seconds()


def make_due(store: MemoryStore, job: str = "job", channel: int = MAIN) -> None:
    """Let the time of the next try come."""
    store._put(job, store.copy(job, channel).evolve(next_try=LONG_AGO))


# --- it arrives -----------------------------------------------------------------------------------


async def test_a_copy_goes_into_every_channel_and_is_recorded() -> None:
    store, channels = MemoryStore(done("job", MAIN, SPARE)), Channels()
    async with office(store, channels):
        await until(lambda: all(copy.state is CopyState.SENT for copy in store["job"].log_copies))
    assert sorted(channels.sent) == [("job", SPARE), ("job", MAIN)]
    copy = store.copy("job", MAIN)
    assert copy.message_id is not None
    assert (copy.attempts, copy.next_try, copy.error) == (1, None, None)
    assert channels.errors == {MAIN: None, SPARE: None}


async def test_the_copies_of_a_channel_go_in_the_order_of_the_downloads() -> None:
    jobs = [done(f"job {n}", MAIN, SPARE, minute=n) for n in (4, 0, 3, 1, 2)]
    channels = Channels()
    async with office(MemoryStore(*jobs), channels):
        await until(lambda: len(channels.sent) == 10)
    for channel in (MAIN, SPARE):
        assert [job for job, where in channels.sent if where == channel] == [f"job {n}" for n in range(5)]


async def test_a_channel_gets_every_file_in_its_order_even_if_the_first_is_late() -> None:
    one = done("job", MAIN)
    copies = tuple(one.log_copies[0].evolve(number=number) for number in (1, 2, 3))
    store, channels = MemoryStore(one.evolve(log_copies=copies)), Channels()
    channels.problems[MAIN] = TelegramUnreachable()
    async with office(store, channels) as outbox:
        await until(lambda: store.copy("job", MAIN).attempts)
        await turns()
        assert len(channels.tried) == 1
        channels.problems.clear()
        for number in (3, 2, 1):
            store._put("job", store.copy("job", MAIN, number).evolve(next_try=LONG_AGO))
        outbox.wake()
        await until(lambda: len(channels.sent) == 3)
    assert channels.numbers == [1, 2, 3]


async def test_a_new_copy_goes_at_once_when_the_outbox_is_woken() -> None:
    store, channels = MemoryStore(), Channels()
    async with office(store, channels) as outbox:
        await turns()
        await store.add(done("job", MAIN))
        outbox.wake()
        await turns(20)
        assert channels.sent == [("job", MAIN)]


async def test_the_next_copy_goes_when_its_time_has_come() -> None:
    store, channels = MemoryStore(done("job", MAIN)), Channels()
    store._put("job", store.copy("job", MAIN).evolve(next_try=datetime.now(UTC) + timedelta(milliseconds=20)))
    async with office(store, channels):
        await turns()
        assert channels.sent == []
        await until(lambda: channels.sent)


async def test_what_is_there_already_is_recorded_as_sent() -> None:
    store, channels = MemoryStore(done("job", MAIN)), Channels()
    channels.there_already = {"job"}
    async with office(store, channels):
        await until(lambda: store.copy("job", MAIN).state is CopyState.SENT)
    assert store.copy("job", MAIN).message_id is None


# --- it fails -------------------------------------------------------------------------------------


async def test_a_channel_that_is_closed_is_marked_and_tried_again() -> None:
    store, channels = MemoryStore(done("job", MAIN)), Channels()
    channels.problems[MAIN] = ChatUnavailable("I am banned.")
    async with office(store, channels) as outbox:
        await until(lambda: store.copy("job", MAIN).attempts)
        copy = store.copy("job", MAIN)
        assert (copy.state, copy.error) == (CopyState.PENDING, "I am banned.")
        assert seconds_from_now(copy.next_try) == pytest.approx(10, abs=3)
        assert channels.errors == {MAIN: "I am banned."}
        await turns()
        assert len(channels.tried) == 1

        channels.problems.clear()
        make_due(store)
        outbox.wake()
        await until(lambda: store.copy("job", MAIN).state is CopyState.SENT)
    assert channels.errors == {MAIN: None}
    assert (store.copy("job", MAIN).attempts, store.copy("job", MAIN).error) == (2, None)


async def test_the_waits_grow_and_then_it_gives_up() -> None:
    store, channels = MemoryStore(done("job", MAIN)), Channels()
    channels.problems[MAIN] = ChatUnavailable()
    waits: list[int] = []
    async with office(store, channels) as outbox:
        for attempt in range(1, MAX_COPY_ATTEMPTS + 1):
            await until(lambda attempt=attempt: store.copy("job", MAIN).attempts == attempt)  # type: ignore[misc]
            if store.copy("job", MAIN).state is CopyState.PENDING:
                waits.append(round(seconds_from_now(store.copy("job", MAIN).next_try)))
                make_due(store)
                outbox.wake()
        copy = store.copy("job", MAIN)
        assert (copy.state, copy.next_try, copy.error) == (
            CopyState.FAILED,
            None,
            ChatUnavailable().sentence,
        )
        outbox.wake()
        await turns()
    assert len(channels.tried) == MAX_COPY_ATTEMPTS
    assert waits == sorted(waits)


async def test_an_original_that_was_deleted_ends_its_copies() -> None:
    store, channels = MemoryStore(done("job", MAIN)), Channels()
    channels.problems[MAIN] = MedusaError("The finished message was deleted before it could be copied.")
    async with office(store, channels):
        await until(lambda: store.copy("job", MAIN).state is CopyState.FAILED)
    assert store.copy("job", MAIN).error == "The finished message was deleted before it could be copied."
    assert channels.errors == {}, "the channel is not to blame"


async def test_a_fault_of_the_program_costs_one_copy() -> None:
    store, channels = MemoryStore(done("bad", MAIN), done("good", SPARE, minute=1)), Channels()
    channels.problems[MAIN] = ZeroDivisionError("a bug")
    async with office(store, channels):
        await until(lambda: store.copy("bad", MAIN).state is CopyState.FAILED)
        await until(lambda: store.copy("good", SPARE).state is CopyState.SENT)


# --- one channel and the others -------------------------------------------------------------------


async def test_a_flood_wait_is_honoured_for_the_whole_channel() -> None:
    store, channels, rests = MemoryStore(done("a", MAIN), done("b", MAIN, minute=1)), Channels(), Rests()
    channels.problems[MAIN] = SlowedDown(300)
    async with office(store, channels, rests) as outbox:
        await until(lambda: rests.seconds)
        assert seconds_from_now(store.copy("a", MAIN).next_try) == pytest.approx(300, abs=3)
        outbox.wake()
        await turns()
        assert channels.tried == [("a", MAIN)], "the channel was asked again during the pause"
        channels.problems.clear()
        make_due(store, "a")
        rests.over.set()
        await until(lambda: len(channels.sent) == 2)
    assert rests.seconds == [300]
    assert channels.sent == [("a", MAIN), ("b", MAIN)]


async def test_a_flood_wait_is_no_failed_attempt() -> None:
    store, channels, rests = MemoryStore(done("job", MAIN)), Channels(), Rests()
    rests.over.set()
    channels.problems[MAIN] = SlowedDown(1)
    async with office(store, channels, rests) as outbox:
        for number in range(1, 2 * MAX_COPY_ATTEMPTS):
            await until(lambda number=number: len(rests.seconds) == number)  # type: ignore[misc]
            make_due(store)
            outbox.wake()
        channels.problems[MAIN] = TelegramUnreachable()
        await until(lambda: store.copy("job", MAIN).error == TelegramUnreachable().sentence)
        assert store.copy("job", MAIN).state is CopyState.PENDING


@pytest.mark.parametrize("trouble", ["flood wait", "silence"])
async def test_other_channels_do_not_wait_for_a_slow_one(trouble: str) -> None:
    jobs = [done(f"job {n}", MAIN, SPARE, minute=n) for n in range(5)]
    store, channels = MemoryStore(*jobs), Channels()
    if trouble == "silence":
        channels.stuck.add(MAIN)
    else:
        channels.problems[MAIN] = SlowedDown(3600)
    async with office(store, channels):
        await until(lambda: len(channels.sent) == 5)
        await turns()
        assert len([job for job, channel in channels.tried if channel == MAIN]) == 1
    assert {channel for _, channel in channels.sent} == {SPARE}


async def test_a_channel_that_is_busy_keeps_nobody_awake() -> None:
    looks: list[str] = []
    store, channels = MemoryStore(done("a", MAIN), done("b", MAIN)), Channels()
    channels.stuck.add(MAIN)
    async with office(store, channels):
        await until(lambda: channels.tried)
        await turns()
        store.on_call = looks.append
        await turns()
    assert looks == []


# --- the database is down, or the bot stops -------------------------------------------------------


@pytest.mark.parametrize("method", ["due_copy", "next_copy_time"])
async def test_without_a_database_the_outbox_waits_and_then_goes_on(method: str) -> None:
    store, channels = MemoryStore(), Channels()
    store.down = {method}
    async with office(store, channels) as outbox:
        await turns()
        store.down = set()
        await store.add(done("job", MAIN))
        outbox.wake()
        await until(lambda: channels.sent)


async def test_a_copy_that_was_not_recorded_comes_again() -> None:
    store, channels = MemoryStore(done("job", MAIN)), Channels()
    store.down = {"put_copy"}
    async with office(store, channels) as outbox:
        await until(lambda: channels.sent)
        await turns()
        copy = store.copy("job", MAIN)
        assert (copy.state, copy.attempts) == (CopyState.PENDING, 0)
        assert seconds_from_now(copy.next_try) == pytest.approx(CLAIM.total_seconds(), abs=3)

        store.down = set()
        channels.there_already = {"job"}
        make_due(store)
        outbox.wake()
        await until(lambda: store.copy("job", MAIN).state is CopyState.SENT)
    assert len(channels.tried) == 2


@pytest.mark.parametrize("count", range(12))
async def test_a_stop_at_any_moment_loses_no_copy(count: int) -> None:
    store, channels = MemoryStore(done("a", MAIN, SPARE), done("b", MAIN, minute=1)), Channels()
    async with office(store, channels):
        await turns(count)
    for job in ("a", "b"):
        for copy in store[job].log_copies:
            assert copy.state is CopyState.SENT or copy.next_try is not None


async def test_a_stop_does_not_wait_for_a_pause_to_end() -> None:
    store, channels, rests = MemoryStore(done("job", MAIN)), Channels(), Rests()
    channels.problems[MAIN] = SlowedDown(3600)
    async with office(store, channels, rests):
        await until(lambda: rests.seconds)
