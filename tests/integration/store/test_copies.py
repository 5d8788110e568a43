"""The log copies: one contract for the real database and the one in memory."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from medusa.log_channel import Tally
from medusa.model import CopyState, Download, LogCopy, State
from tests.integration.store.conftest import LATER, NOW, SOON, JobStore
from tests.unit.jobs.memory import LONG_AGO, done, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_due_copy_is_given_out_once_and_again_when_it_was_not_recorded(store: JobStore) -> None:
    await store.add(done("job", -1))
    found = await store.due_copy(-1, NOW, SOON)
    assert found is not None
    download, copy = found
    assert (download.id, copy) == ("job", LogCopy(channel_id=-1, next_try=LONG_AGO))
    assert await store.due_copy(-1, NOW, SOON) is None
    assert await store.next_copy_time() == SOON
    again = await store.due_copy(-1, SOON, LATER)
    assert again is not None
    assert again[1] == LogCopy(channel_id=-1, next_try=SOON)


async def test_only_the_copy_that_is_due_is_given_out(store: JobStore) -> None:
    copies = (
        LogCopy(channel_id=-1, state=CopyState.SENT, message_id=5),
        LogCopy(channel_id=-2, state=CopyState.FAILED, error="gone"),
        LogCopy(channel_id=-3, next_try=LATER),
        LogCopy(channel_id=-4, next_try=NOW),
        LogCopy(channel_id=-5, next_try=NOW),
    )
    await store.add(done().evolve(log_copies=copies))
    for channel in (-1, -2, -3, -6):
        assert await store.due_copy(channel, NOW, SOON) is None
    found = await store.due_copy(-4, NOW, SOON)
    assert found is not None
    assert found[1] == copies[3]
    kept = await store.get("job")
    assert kept is not None
    assert kept.log_copies == (*copies[:3], copies[3].evolve(next_try=SOON), copies[4])


async def test_copies_come_in_the_order_of_their_downloads(store: JobStore) -> None:
    for minute in (3, 0, 2, 1):
        await store.add(done(f"job {minute}", -1, minute=minute))
    found = [await store.due_copy(-1, NOW, SOON) for _ in range(4)]
    assert [pair[0].id for pair in found if pair] == [f"job {minute}" for minute in range(4)]


async def test_only_the_channels_that_are_named_count_for_the_next_time(store: JobStore) -> None:
    await store.add(done("a", -1, -2))
    await store.add(done("b", -1, minute=1))
    for _ in range(2):
        await store.due_copy(-1, NOW, SOON)
    assert await store.next_copy_time({-1}) == SOON
    assert await store.next_copy_time({-1, -2}) == LONG_AGO
    assert await store.next_copy_time({-3}) is None
    assert await store.next_copy_time(()) is None
    assert await store.next_copy_time() == LONG_AGO


async def test_of_many_who_ask_at_once_each_copy_goes_to_one(store: JobStore) -> None:
    for number in range(10):
        await store.add(done(f"{number}", -1, -2))
    found = await asyncio.gather(*(store.due_copy(number % 2 - 2, NOW, SOON) for number in range(40)))
    given_out = [(pair[0].id, pair[1].channel_id) for pair in found if pair]
    assert sorted(given_out) == sorted((str(n), channel) for n in range(10) for channel in (-1, -2))


async def test_a_recorded_copy_replaces_the_one_of_its_channel(store: JobStore) -> None:
    await store.add(done("job", -1, -2))
    sent = LogCopy(channel_id=-2, state=CopyState.SENT, message_id=7, attempts=3)
    await store.put_copy("job", sent)
    kept = await store.get("job")
    assert kept is not None
    assert kept.log_copies == (LogCopy(channel_id=-1, next_try=LONG_AGO), sent)
    assert kept.updated == done("job").updated, "the log card shows when the download was done"


def of_several_files(*channels: int, files: int = 2) -> Download:
    """A delivered download of several messages, with a copy of each due in each of these channels."""
    numbers = range(1, files + 1)
    copies = [
        LogCopy(channel_id=channel, number=number, next_try=LONG_AGO)
        for number in numbers
        for channel in channels
    ]
    one = done().sent[0]
    return done().evolve(sent=(one,) * files, log_copies=tuple(copies))


async def due_now(store: JobStore, channel: int) -> tuple[Download, LogCopy] | None:
    """What is due by the clock. The copy behind one that is over is due from that moment on, which is long
    after NOW where many tests run."""
    now = datetime.now(UTC)
    return await store.due_copy(channel, now, now + timedelta(minutes=1))


async def test_a_channel_gets_the_files_of_a_download_in_their_order(store: JobStore) -> None:
    await store.add(of_several_files(-1, -2, files=3))
    for number in (1, 2, 3):
        asked = (-1, -2, -1, -2)
        found = [await due_now(store, channel) for channel in asked]
        given_out = [pair[1] for pair in found if pair]
        assert [(copy.channel_id, copy.number) for copy in given_out] == [(-1, number), (-2, number)]
        for copy in given_out:
            await store.put_copy("job", copy.evolve(state=CopyState.SENT, message_id=5, next_try=None))
    assert await store.next_copy_time() is None


async def test_a_file_that_is_tried_again_is_waited_for(store: JobStore) -> None:
    await store.add(of_several_files(-1))
    found = await store.due_copy(-1, NOW, SOON)
    assert found is not None
    await store.put_copy("job", found[1].evolve(attempts=1, next_try=LATER))
    assert await store.due_copy(-1, SOON, LATER) is None
    assert await store.next_copy_time() == LATER
    again = await store.due_copy(-1, LATER, LATER + timedelta(seconds=60))
    assert again is not None
    assert (again[1].number, again[1].attempts) == (1, 1)


async def test_a_file_that_is_given_up_holds_up_no_other(store: JobStore) -> None:
    await store.add(of_several_files(-1))
    found = await store.due_copy(-1, NOW, SOON)
    assert found is not None
    await store.put_copy("job", found[1].evolve(state=CopyState.FAILED, next_try=None))
    other = await due_now(store, -1)
    assert other is not None
    assert other[1].number == 2


@pytest.mark.parametrize("state", [CopyState.SENT, CopyState.FAILED])
async def test_without_a_pending_copy_there_is_no_next_time(store: JobStore, state: CopyState) -> None:
    assert await store.next_copy_time() is None
    await store.add(done("job", -1))
    await store.put_copy("job", LogCopy(channel_id=-1, state=state))
    assert await store.next_copy_time() is None


# --- all copies of a channel ----------------------------------------------------------------------

SENT: dict[str, Any] = {"state": CopyState.SENT, "message_id": 5}
GONE: dict[str, Any] = {"state": CopyState.FAILED, "error": "gone", "attempts": 3}


async def copies_of(store: JobStore, job: str) -> list[tuple[int, int, CopyState]]:
    download = await store.get(job)
    assert download is not None
    assert download.updated == download.created, "the log card shows when the download was done"
    return [(copy.channel_id, copy.number, copy.state) for copy in download.log_copies]


async def test_what_did_not_arrive_is_counted_by_channel(store: JobStore) -> None:
    assert await store.tallies() == {}
    await store.add(of_several_files(-1, -2, files=2))
    await store.add(done("other", -1))
    await store.put_copy("job", LogCopy(channel_id=-2, number=1, **SENT))
    await store.put_copy("job", LogCopy(channel_id=-2, number=2, **GONE))
    assert await store.tallies() == {-1: Tally(waiting=3), -2: Tally(failed=1)}
    await store.put_copy("job", LogCopy(channel_id=-2, number=2, **SENT))
    assert await store.tallies() == {-1: Tally(waiting=3)}


async def test_a_new_channel_gets_what_was_finished_before(store: JobStore) -> None:
    await store.add(of_several_files(-1, files=3))
    await store.add(done("old", minute=1))
    await store.add(queued("new", minute=2))
    assert await store.queue_copies(-2) == 2
    assert await copies_of(store, "job") == [
        *((-1, number, CopyState.PENDING) for number in (1, 2, 3)),
        *((-2, number, CopyState.PENDING) for number in (1, 2, 3)),
    ]
    assert await copies_of(store, "old") == [(-2, 1, CopyState.PENDING)]
    assert await copies_of(store, "new") == []
    due = await store.due_copy(-2, datetime.now(UTC), LATER)
    assert due is not None
    assert due[1] == LogCopy(channel_id=-2, next_try=due[1].next_try)


async def test_what_a_channel_has_or_waits_for_is_not_queued_again(store: JobStore) -> None:
    waiting = LogCopy(channel_id=-1, next_try=NOW)
    for number, copy in enumerate((waiting.evolve(**SENT), waiting.evolve(**GONE), waiting)):
        await store.add(done(f"job {number}", minute=number).evolve(log_copies=(copy,)))
    before = [await store.get(f"job {number}") for number in range(3)]
    assert await store.queue_copies(-1) == 0
    assert [await store.get(f"job {number}") for number in range(3)] == before


async def test_twice_queues_nothing_more(store: JobStore) -> None:
    for minute in range(5):
        await store.add(done(f"job {minute}", minute=minute))
    for last, queued_now in ((2, 2), (2, 0), (3, 1), (None, 2), (None, 0), (9, 0)):
        assert await store.queue_copies(-1, last) == queued_now
    assert await store.tallies() == {-1: Tally(waiting=5)}


async def test_the_last_ones_are_the_newest_that_are_finished(store: JobStore) -> None:
    for minute in range(4):
        await store.add(done(f"job {minute}", minute=minute))
    await store.add(queued("newest", minute=9))
    assert await store.queue_copies(-1, 2) == 2
    assert [await copies_of(store, f"job {n}") != [] for n in range(4)] == [False, False, True, True]


async def test_a_download_that_sent_nothing_gets_no_copy(store: JobStore) -> None:
    await store.add(done().evolve(sent=()))
    assert await store.queue_copies(-1) == 0


async def test_nor_does_one_whose_message_is_not_known(store: JobStore) -> None:
    unknown = tuple(one.evolve(message_id=0) for one in done().sent)
    await store.add(done("old").evolve(sent=unknown))
    await store.add(done("new"))
    assert await store.queue_copies(-1) == 1


async def test_a_backup_takes_over_what_waits_for_the_lost_ones(store: JobStore) -> None:
    await store.add(done("too old", -1, minute=0))
    await store.add(done("waits", -1, minute=2))
    await store.add(done("waits for another", -3, minute=2))
    await store.add(done("arrived", -1, minute=2))
    await store.put_copy("arrived", LogCopy(channel_id=-1, **SENT))
    parked = (LogCopy(channel_id=-1, next_try=None),)
    await store.add(queued("not over yet", minute=2, state=State.RUNNING, log_copies=parked))
    since = LONG_AGO + timedelta(minutes=1)
    assert await store.take_over([-1], -2, since) == 1
    assert await store.take_over([-1], -2, since) == 0
    assert await copies_of(store, "waits") == [(-1, 1, CopyState.PENDING), (-2, 1, CopyState.PENDING)]
    assert await store.tallies() == {-1: Tally(3), -2: Tally(1), -3: Tally(1)}


async def test_failed_copies_are_tried_again_as_if_they_were_new(store: JobStore) -> None:
    gone = tuple(LogCopy(channel_id=channel, **GONE) for channel in (-1, -2, -3))
    await store.add(done().evolve(log_copies=(*gone, LogCopy(channel_id=-4, **SENT))))
    await store.retry_failed([-1, -2, -4])
    assert [state for _, _, state in await copies_of(store, "job")] == [
        CopyState.PENDING,
        CopyState.PENDING,
        CopyState.FAILED,
        CopyState.SENT,
    ]
    due = await store.due_copy(-1, datetime.now(UTC), LATER)
    assert due is not None
    assert (due[1].attempts, due[1].error) == (0, None)


async def test_copies_into_channels_that_are_none_end_with_a_reason(store: JobStore) -> None:
    await store.add(of_several_files(-1, -2))
    await store.put_copy("job", LogCopy(channel_id=-2, number=1, **SENT))
    await store.end_strays([-1], "This log channel was removed.")
    kept = await store.get("job")
    assert kept is not None
    assert {(copy.channel_id, copy.state, copy.error) for copy in kept.log_copies} == {
        (-1, CopyState.PENDING, None),
        (-2, CopyState.SENT, None),
        (-2, CopyState.FAILED, "This log channel was removed."),
    }
    assert await store.next_copy_time([-2]) is None
    await store.end_strays([], "This log channel was removed.")
    assert await store.next_copy_time() is None
