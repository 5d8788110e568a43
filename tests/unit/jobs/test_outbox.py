"""The outbox: every copy arrives once, in order, however long it takes, and no channel waits for another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from medusa.errors import ChatUnavailable, MedusaError, SlowedDown, TelegramUnreachable
from medusa.jobs.outbox import CLAIM, STRAY, Outbox
from medusa.jobs.retry import MAX_COPY_ATTEMPTS
from medusa.log_channel import LogChannel
from medusa.model import CopyState, Download, LogCopy
from tests.unit.jobs.memory import LONG_AGO, MemoryStore, done
from tests.unit.jobs.memory_copies import MemoryChannels
from tests.unit.waiting import turns, until

MAIN, SPARE = -1001, -1002


class Posts:
    """Takes copies. What stands in `problems` for a channel is raised; a channel in `stuck` never answers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int]] = []
        self.numbers: list[int] = []
        self.tried: list[tuple[str, int]] = []
        self.looked: list[int] = []
        self.told: list[tuple[str, bool, int]] = []
        self.problems: dict[int, Exception] = {}
        self.deaf: MedusaError | None = None
        """Why the owner cannot be told."""
        self.stuck: set[int] = set()
        self.there_already: set[str] = set()
        self.open: list[int] = []

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

    async def look(self, channel_id: int) -> None:
        self.looked.append(channel_id)
        await asyncio.sleep(0)
        if isinstance(self.problems.get(channel_id), ChatUnavailable):
            raise self.problems[channel_id]

    async def tell_owner(self, channel: LogChannel, waiting: int) -> None:
        await asyncio.sleep(0)
        if self.deaf is not None:
            raise self.deaf
        self.told.append((channel.title, channel.works, waiting))


class Rests:
    """The pauses that Telegram asked for: they last until `over` is set."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        if seconds:
            self.seconds.append(seconds)
            await self.over.wait()


def two(**spare: object) -> MemoryChannels:
    """A primary channel and a second one."""
    return MemoryChannels(LogChannel(id=MAIN, title="Main"), LogChannel(id=SPARE, title="Spare", **spare))


@asynccontextmanager
async def office(
    store: MemoryStore,
    posts: Posts,
    rests: Rests | None = None,
    channels: MemoryChannels | None = None,
) -> AsyncIterator[Outbox]:
    """Run an outbox; at the end it is stopped and has left nothing behind."""
    outbox = Outbox(store, channels or two(), posts, sleep=rests or Rests())
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


def jobs_in(posts: Posts, channel: int) -> list[str]:
    return [job for job, where in posts.sent if where == channel]


# --- it arrives -----------------------------------------------------------------------------------


async def test_a_copy_goes_into_every_channel_and_is_recorded() -> None:
    store, posts, channels = MemoryStore(done("job", MAIN, SPARE)), Posts(), two()
    async with office(store, posts, channels=channels):
        await until(lambda: all(copy.state is CopyState.SENT for copy in store["job"].log_copies))
    assert sorted(posts.sent) == [("job", SPARE), ("job", MAIN)]
    copy = store.copy("job", MAIN)
    assert copy.message_id is not None
    assert (copy.attempts, copy.next_try, copy.error) == (1, None, None)
    for channel in (MAIN, SPARE):
        assert seconds_from_now(channels[channel].last_copy) == pytest.approx(0, abs=3)
    assert posts.told == []


async def test_the_copies_of_a_channel_go_in_the_order_of_the_downloads() -> None:
    jobs = [done(f"job {n}", MAIN, SPARE, minute=n) for n in (4, 0, 3, 1, 2)]
    posts = Posts()
    async with office(MemoryStore(*jobs), posts):
        await until(lambda: len(posts.sent) == 10)
    for channel in (MAIN, SPARE):
        assert jobs_in(posts, channel) == [f"job {n}" for n in range(5)]


async def test_a_channel_gets_every_file_in_its_order_even_if_the_first_is_late() -> None:
    one = done("job", MAIN)
    copies = tuple(one.log_copies[0].evolve(number=number) for number in (1, 2, 3))
    store, posts = MemoryStore(one.evolve(log_copies=copies)), Posts()
    posts.problems[MAIN] = TelegramUnreachable()
    async with office(store, posts) as outbox:
        await until(lambda: store.copy("job", MAIN).attempts)
        await turns()
        assert len(posts.tried) == 1
        posts.problems.clear()
        for number in (3, 2, 1):
            store._put("job", store.copy("job", MAIN, number).evolve(next_try=LONG_AGO))
        outbox.wake()
        await until(lambda: len(posts.sent) == 3)
    assert posts.numbers == [1, 2, 3]


async def test_a_new_copy_goes_at_once_when_the_outbox_is_woken() -> None:
    store, posts = MemoryStore(), Posts()
    async with office(store, posts) as outbox:
        await turns()
        await store.add(done("job", MAIN))
        outbox.wake()
        await turns(30)
        assert posts.sent == [("job", MAIN)]


async def test_the_next_copy_goes_when_its_time_has_come() -> None:
    store, posts = MemoryStore(done("job", MAIN)), Posts()
    store._put("job", store.copy("job", MAIN).evolve(next_try=datetime.now(UTC) + timedelta(milliseconds=20)))
    async with office(store, posts):
        await turns(30)
        assert posts.sent == []
        await until(lambda: posts.sent)


async def test_what_is_there_already_is_recorded_as_sent() -> None:
    store, posts = MemoryStore(done("job", MAIN)), Posts()
    posts.there_already = {"job"}
    async with office(store, posts):
        await until(lambda: store.copy("job", MAIN).state is CopyState.SENT)
    assert store.copy("job", MAIN).message_id is None


async def test_a_copy_into_a_channel_that_was_removed_ends_with_that_reason() -> None:
    store, posts = MemoryStore(done("job", MAIN, -1003)), Posts()
    async with office(store, posts):
        await until(lambda: store.copy("job", MAIN).state is CopyState.SENT)
    copy = store.copy("job", -1003)
    assert (copy.state, copy.error, copy.next_try) == (CopyState.FAILED, STRAY, None)
    assert posts.sent == [("job", MAIN)]


# --- it fails -------------------------------------------------------------------------------------


async def test_the_waits_grow_and_then_it_gives_up() -> None:
    store, posts = MemoryStore(done("job", MAIN)), Posts()
    posts.problems[MAIN] = TelegramUnreachable()
    waits: list[int] = []
    async with office(store, posts) as outbox:
        for attempt in range(1, MAX_COPY_ATTEMPTS + 1):
            await until(lambda attempt=attempt: store.copy("job", MAIN).attempts == attempt)  # type: ignore[misc]
            if store.copy("job", MAIN).state is CopyState.PENDING:
                waits.append(round(seconds_from_now(store.copy("job", MAIN).next_try)))
                make_due(store)
                outbox.wake()
        copy = store.copy("job", MAIN)
        reason = TelegramUnreachable().sentence
        assert (copy.state, copy.next_try, copy.error) == (CopyState.FAILED, None, reason)
        outbox.wake()
        await turns()
    assert len(posts.tried) == MAX_COPY_ATTEMPTS
    assert waits == sorted(waits)


async def test_an_original_that_was_deleted_ends_its_copies_and_stops_no_other() -> None:
    store, posts, channels = MemoryStore(done("job", MAIN), done("next", MAIN, minute=1)), Posts(), two()
    posts.problems[MAIN] = MedusaError("The finished message was deleted before it could be copied.")
    async with office(store, posts, channels=channels) as outbox:
        await until(lambda: store.copy("job", MAIN).state is CopyState.FAILED)
        posts.problems.clear()
        outbox.wake()
        await until(lambda: store.copy("next", MAIN).state is not CopyState.PENDING)
    assert store.copy("job", MAIN).error == "The finished message was deleted before it could be copied."
    assert channels[MAIN].works, "the channel is not to blame"


async def test_a_fault_of_the_program_costs_one_copy() -> None:
    store, posts = MemoryStore(done("bad", MAIN), done("good", SPARE, minute=1)), Posts()
    posts.problems[MAIN] = ZeroDivisionError("a bug")
    async with office(store, posts):
        await until(lambda: store.copy("bad", MAIN).state is CopyState.FAILED)
        await until(lambda: store.copy("good", SPARE).state is CopyState.SENT)


# --- a channel that does not work -----------------------------------------------------------------


def probe_now(channels: MemoryChannels, channel: int = MAIN) -> None:
    """Let the time of the next probe come."""
    channels.kept[channel] = channels[channel].evolve(next_probe=LONG_AGO)


async def test_a_channel_that_is_closed_is_marked_and_left_alone() -> None:
    jobs = [done(f"job {n}", MAIN, minute=n) for n in range(5)]
    store, posts, channels = MemoryStore(*jobs), Posts(), two()
    async with office(store, posts, channels=channels) as outbox:
        await until(lambda: posts.sent)
        posts.problems[MAIN] = ChatUnavailable("I am banned.")
        await until(lambda: posts.told)
        for _ in range(5):
            outbox.wake()
            await turns()
        assert len(posts.tried) - len(posts.sent) == 1, "one failing call, however many copies wait"
        channel = channels[MAIN]
        assert (channel.error, channel.failures) == ("I am banned.", 1)
        assert seconds_from_now(channel.since) == pytest.approx(0, abs=3)
        assert seconds_from_now(channel.next_probe) == pytest.approx(10, abs=3)
    waiting = [store.copy(f"job {n}", MAIN) for n in range(5) if f"job {n}" not in jobs_in(posts, MAIN)]
    assert waiting
    assert all((copy.state, copy.attempts) == (CopyState.PENDING, 0) for copy in waiting)


async def test_its_copies_wait_as_long_as_it_takes_and_then_come_in_their_order() -> None:
    jobs = [done(f"job {n}", MAIN, minute=n) for n in range(5)]
    store, posts, channels = MemoryStore(*jobs), Posts(), two()
    posts.problems[MAIN] = ChatUnavailable("I am banned.")
    waits: list[float] = []
    async with office(store, posts, channels=channels) as outbox:
        for failures in range(1, 3 * MAX_COPY_ATTEMPTS):
            await until(lambda failures=failures: channels[MAIN].failures == failures)  # type: ignore[misc]
            waits.append(round(seconds_from_now(channels[MAIN].next_probe)))
            probe_now(channels)
            outbox.wake()
        assert len(posts.tried) + posts.looked.count(MAIN) <= 3 * MAX_COPY_ATTEMPTS + 1
        posts.problems.clear()
        probe_now(channels)
        outbox.wake()
        await until(lambda: len(posts.sent) == 5)
        await until(lambda: len(posts.told) == 2)
    assert jobs_in(posts, MAIN) == [f"job {n}" for n in range(5)]
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(10, abs=3)
    assert waits[-1] == pytest.approx(3600, abs=3)
    assert channels[MAIN].works


async def test_the_owner_is_told_once_and_again_when_it_works() -> None:
    store, posts, channels = MemoryStore(done("a", MAIN), done("b", MAIN, minute=1)), Posts(), two()
    posts.problems[MAIN] = ChatUnavailable()
    async with office(store, posts, channels=channels) as outbox:
        await until(lambda: channels[MAIN].told)
        for failures in (2, 3):
            probe_now(channels)
            outbox.wake()
            await until(lambda failures=failures: channels[MAIN].failures >= failures)  # type: ignore[misc]
    async with office(store, posts, channels=channels) as outbox:  # after a restart
        await turns()
        assert posts.told == [("Main", False, 2)]
        posts.problems.clear()
        outbox.look_at(MAIN)
        await until(lambda: len(posts.sent) == 2)
        await until(lambda: not channels[MAIN].told)
        await turns()
    assert posts.told == [("Main", False, 2), ("Main", True, 2)]


class SlowChannels(MemoryChannels):
    """Answers with what was so when it was asked, once `gate` is open."""

    def __init__(self, *channels: LogChannel) -> None:
        super().__init__(*channels)
        self.gate = asyncio.Event()
        self.gate.set()

    async def log_channels(self) -> list[LogChannel]:
        found = await super().log_channels()
        await self.gate.wait()
        return found


async def test_the_owner_is_told_once_although_the_records_are_read_meanwhile() -> None:
    posts, main = Posts(), LogChannel(id=MAIN, title="Main", error="Gone.")
    channels = SlowChannels(main.evolve(next_probe=datetime(9000, 1, 1, tzinfo=UTC)))
    posts.problems[MAIN] = ChatUnavailable()
    tell, may_tell = posts.tell_owner, asyncio.Event()

    async def tell_slowly(channel: LogChannel, waiting: int) -> None:
        await may_tell.wait()
        await tell(channel, waiting)

    posts.tell_owner = tell_slowly  # type: ignore[method-assign]
    async with office(MemoryStore(), posts, channels=channels) as outbox:
        await turns()  # the owner is being told
        channels.gate.clear()
        outbox.wake()
        await turns()  # the records are being read
        may_tell.set()
        await until(lambda: channels[MAIN].told)
        await turns()
        channels.gate.set()
        await turns()
    assert len(posts.told) == 1


async def test_what_comes_and_goes_before_the_owner_heard_of_it_is_no_news() -> None:
    store, posts, channels = MemoryStore(done("job", MAIN)), Posts(), two()
    posts.problems[MAIN], posts.deaf = ChatUnavailable(), TelegramUnreachable()
    async with office(store, posts, channels=channels) as outbox:
        await until(lambda: channels[MAIN].error)
        posts.problems.clear()
        outbox.look_at(MAIN)
        await until(lambda: channels[MAIN].works)
        posts.deaf = None
        await until(lambda: posts.sent)
        await turns()
    assert posts.told == []


async def test_an_owner_who_cannot_be_told_now_is_told_later() -> None:
    store, posts, channels, rests = MemoryStore(), Posts(), two(), Rests()
    posts.problems[MAIN], posts.deaf = ChatUnavailable(), SlowedDown(300)
    async with office(store, posts, rests, channels):
        await until(lambda: rests.seconds)
        assert rests.seconds == [300]
        assert not channels[MAIN].told
        posts.deaf = None
        rests.over.set()
        await until(lambda: channels[MAIN].told)
    assert posts.told == [("Main", False, 0)]


async def test_every_channel_is_looked_at_when_the_bot_starts() -> None:
    """What happened to them while it was away is seen at once."""
    error = LogChannel(id=MAIN, title="Main").failing("Gone.", datetime.now(UTC))
    channels = MemoryChannels(
        LogChannel(id=MAIN, title="Main", **error, told=True), LogChannel(id=SPARE, title="Spare")
    )
    store, posts = MemoryStore(done("job", MAIN)), Posts()
    posts.problems[SPARE] = ChatUnavailable()
    async with office(store, posts, channels=channels):
        await until(lambda: len(posts.told) == 2)
        await until(lambda: posts.sent == [("job", MAIN)])
    assert sorted(posts.told) == [("Main", True, 1), ("Spare", False, 0)]
    assert sorted(posts.looked) == [SPARE, MAIN]


async def test_a_hint_is_followed_even_if_nothing_waits() -> None:
    store, posts, channels = MemoryStore(), Posts(), two()
    async with office(store, posts, channels=channels) as outbox:
        await until(lambda: len(posts.looked) == 2)
        posts.problems[MAIN] = ChatUnavailable()
        outbox.look_at(MAIN)
        await until(lambda: channels[MAIN].told)
        posts.problems.clear()
        outbox.look_at(MAIN)
        await until(lambda: not channels[MAIN].told)
        outbox.look_at(-1003)  # none of ours
        await turns()
    assert posts.looked.count(MAIN) == 3
    assert -1003 not in posts.looked


async def test_a_channel_that_waits_for_nothing_is_probed_too() -> None:
    error = LogChannel(id=MAIN, title="Main").failing("Gone.", datetime.now(UTC))
    channels = two()
    store, posts = MemoryStore(), Posts()
    async with office(store, posts, channels=channels) as outbox:
        await until(lambda: len(posts.looked) == 2)
        await channels.note_log_channel(MAIN, **error, told=True)
        outbox.wake()
        await turns()
        assert len(posts.looked) == 2, "it is not yet time"
        probe_now(channels)
        outbox.wake()
        await until(lambda: channels[MAIN].works)


async def test_a_look_that_nobody_answers_is_repeated() -> None:
    store, posts, rests = MemoryStore(done("job", MAIN)), Posts(), Rests()
    looks = iter([TelegramUnreachable(), SlowedDown(40)])
    first = posts.look

    async def look(channel_id: int) -> None:
        await first(channel_id)
        if channel_id == MAIN and (problem := next(looks, None)):
            raise problem

    posts.look = look  # type: ignore[method-assign]
    rests.over.set()
    async with office(store, posts, rests):
        await until(lambda: posts.sent)
    assert posts.looked.count(MAIN) == 3
    assert 40 in rests.seconds
    assert posts.told == []


# --- the backups ----------------------------------------------------------------------------------


async def test_a_backup_takes_over_while_no_primary_works() -> None:
    now = datetime.now(UTC)
    recent = done("recent", MAIN).evolve(created=now)
    store, posts, channels = MemoryStore(recent, done("old", MAIN)), Posts(), two(backup=True)
    posts.problems[MAIN] = ChatUnavailable()
    async with office(store, posts, channels=channels) as outbox:
        await until(lambda: jobs_in(posts, SPARE) == ["recent"])
        await store.add(done("later", MAIN).evolve(created=now + timedelta(seconds=1)))
        outbox.wake()
        await until(lambda: jobs_in(posts, SPARE) == ["recent", "later"])
        posts.problems.clear()
        outbox.look_at(MAIN)
        await until(lambda: jobs_in(posts, MAIN) == ["old", "recent", "later"])
        await store.add(done("last", MAIN).evolve(created=now + timedelta(seconds=2)))
        outbox.wake()
        await until(lambda: len(jobs_in(posts, MAIN)) == 4)
        await turns()
    assert jobs_in(posts, SPARE) == ["recent", "later"], "it keeps what it got, and is asked for no more"


async def test_no_backup_is_asked_while_a_primary_works() -> None:
    channels = MemoryChannels(
        LogChannel(id=MAIN, title="Main"),
        LogChannel(id=-1003, title="Second"),
        LogChannel(id=SPARE, title="Spare", backup=True),
    )
    store, posts = MemoryStore(done("job", MAIN, -1003).evolve(created=datetime.now(UTC))), Posts()
    posts.problems[MAIN] = ChatUnavailable()
    async with office(store, posts, channels=channels):
        await until(lambda: channels[MAIN].told)
        await until(lambda: posts.sent)
        await turns()
    assert posts.sent == [("job", -1003)]


# --- one channel and the others -------------------------------------------------------------------


async def test_a_flood_wait_is_honoured_for_the_whole_channel() -> None:
    store, posts, rests = MemoryStore(done("a", MAIN), done("b", MAIN, minute=1)), Posts(), Rests()
    posts.problems[MAIN] = SlowedDown(300)
    async with office(store, posts, rests) as outbox:
        await until(lambda: rests.seconds)
        assert seconds_from_now(store.copy("a", MAIN).next_try) == pytest.approx(300, abs=3)
        outbox.wake()
        await turns()
        assert posts.tried == [("a", MAIN)], "the channel was asked again during the pause"
        posts.problems.clear()
        make_due(store, "a")
        rests.over.set()
        await until(lambda: len(posts.sent) == 2)
    assert rests.seconds == [300]
    assert posts.sent == [("a", MAIN), ("b", MAIN)]


async def test_a_flood_wait_is_no_failed_attempt() -> None:
    store, posts, rests = MemoryStore(done("job", MAIN)), Posts(), Rests()
    rests.over.set()
    posts.problems[MAIN] = SlowedDown(1)
    async with office(store, posts, rests) as outbox:
        for number in range(1, 2 * MAX_COPY_ATTEMPTS):
            await until(lambda number=number: len(rests.seconds) == number)  # type: ignore[misc]
            make_due(store)
            outbox.wake()
        posts.problems[MAIN] = TelegramUnreachable()
        await until(lambda: store.copy("job", MAIN).error == TelegramUnreachable().sentence)
        assert store.copy("job", MAIN).state is CopyState.PENDING


@pytest.mark.parametrize("trouble", ["flood wait", "silence", "closed"])
async def test_other_channels_do_not_wait_for_a_slow_one(trouble: str) -> None:
    jobs = [done(f"job {n}", MAIN, SPARE, minute=n) for n in range(5)]
    store, posts = MemoryStore(*jobs), Posts()
    if trouble == "silence":
        posts.stuck.add(MAIN)
    else:
        posts.problems[MAIN] = SlowedDown(3600) if trouble == "flood wait" else ChatUnavailable()
    async with office(store, posts):
        await until(lambda: len(posts.sent) == 5)
        await turns()
        assert len([job for job, channel in posts.tried if channel == MAIN]) <= 1
    assert {channel for _, channel in posts.sent} == {SPARE}


async def test_a_channel_that_is_busy_keeps_nobody_awake() -> None:
    looks: list[str] = []
    store, posts = MemoryStore(done("a", MAIN), done("b", MAIN)), Posts()
    posts.stuck.add(MAIN)
    async with office(store, posts):
        await until(lambda: posts.tried)
        await turns()
        store.on_call = looks.append
        await turns()
    assert looks == []


@pytest.mark.parametrize("fault", ["look", "tell_owner"])
async def test_a_fault_of_the_program_keeps_nobody_busy(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, posts, rests = MemoryStore(done("job", SPARE)), Posts(), Rests()
    posts.problems[MAIN] = ChatUnavailable()
    calls: list[object] = []

    async def broken(channel: int | LogChannel, *_: object) -> None:
        if channel == SPARE:
            return
        calls.append(channel)
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(posts, fault, broken)
    async with office(store, posts, rests):
        await until(lambda: posts.sent == [("job", SPARE)])
        await until(lambda: rests.seconds)
        await turns()
    assert len(calls) == 1


async def test_two_outboxes_send_each_copy_once() -> None:
    jobs = [done(f"job {n}", MAIN, SPARE, minute=n) for n in range(10)]
    store, channels, one, other = MemoryStore(*jobs), two(), Posts(), Posts()
    outboxes = [asyncio.create_task(Outbox(store, channels, posts).run()) for posts in (one, other)]
    await until(
        lambda: all(copy.state is CopyState.SENT for job in jobs for copy in store[job.id].log_copies)
    )
    for outbox in outboxes:
        outbox.cancel()
    await asyncio.gather(*outboxes, return_exceptions=True)
    assert sorted(one.sent + other.sent) == sorted(
        (job.id, channel) for job in jobs for channel in (MAIN, SPARE)
    )
    assert one.sent
    assert other.sent


# --- the database is down, or the bot stops -------------------------------------------------------


@pytest.mark.parametrize("method", ["due_copy", "next_copy_time", "end_strays"])
async def test_without_a_database_the_outbox_waits_and_then_goes_on(method: str) -> None:
    store, posts = MemoryStore(), Posts()
    store.down = {method}
    async with office(store, posts) as outbox:
        await turns()
        store.down = set()
        await store.add(done("job", MAIN))
        outbox.wake()
        await until(lambda: posts.sent)


async def test_a_copy_that_was_not_recorded_comes_again() -> None:
    store, posts = MemoryStore(done("job", MAIN)), Posts()
    store.down = {"put_copy"}
    async with office(store, posts) as outbox:
        await until(lambda: posts.sent)
        await turns()
        copy = store.copy("job", MAIN)
        assert (copy.state, copy.attempts) == (CopyState.PENDING, 0)
        assert seconds_from_now(copy.next_try) == pytest.approx(CLAIM.total_seconds(), abs=3)

        store.down = set()
        posts.there_already = {"job"}
        make_due(store)
        outbox.wake()
        await until(lambda: store.copy("job", MAIN).state is CopyState.SENT)
    assert len(posts.tried) == 2


@pytest.mark.parametrize("count", range(20))
async def test_a_stop_at_any_moment_loses_no_copy(count: int) -> None:
    store, posts = MemoryStore(done("a", MAIN, SPARE), done("b", MAIN, minute=1)), Posts()
    async with office(store, posts):
        await turns(count)
    for job in ("a", "b"):
        for copy in store[job].log_copies:
            assert copy.state is CopyState.SENT or copy.next_try is not None


async def test_a_stop_does_not_wait_for_a_pause_to_end() -> None:
    store, posts, rests = MemoryStore(done("job", MAIN)), Posts(), Rests()
    posts.problems[MAIN] = SlowedDown(3600)
    async with office(store, posts, rests):
        await until(lambda: rests.seconds)
