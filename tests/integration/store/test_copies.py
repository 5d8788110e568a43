"""The log copies: one contract for the real database and the one in memory."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from medusa.model import CopyState, Download, LogCopy
from tests.integration.store.conftest import LATER, NOW, SOON, JobStore
from tests.unit.jobs.memory import LONG_AGO, done

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_due_copy_is_given_out_once_and_again_when_it_was_not_recorded(store: JobStore) -> None:
    await store.add(done("job", -1))
    found = await store.due_copy(NOW, SOON)
    assert found is not None
    download, copy = found
    assert (download.id, copy) == ("job", LogCopy(channel_id=-1, next_try=LONG_AGO))
    assert await store.due_copy(NOW, SOON) is None
    assert await store.next_copy_time() == SOON
    again = await store.due_copy(SOON, LATER)
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
    found = await store.due_copy(NOW, SOON)
    assert found is not None
    assert found[1] == copies[3]
    kept = await store.get("job")
    assert kept is not None
    assert kept.log_copies == (*copies[:3], copies[3].evolve(next_try=SOON), copies[4])


async def test_copies_come_in_the_order_of_their_downloads(store: JobStore) -> None:
    for minute in (3, 0, 2, 1):
        await store.add(done(f"job {minute}", -1, minute=minute))
    found = [await store.due_copy(NOW, SOON) for _ in range(4)]
    assert [pair[0].id for pair in found if pair] == [f"job {minute}" for minute in range(4)]


async def test_a_busy_channel_is_left_out(store: JobStore) -> None:
    await store.add(done("a", -1, -2))
    await store.add(done("b", -1, -2, minute=1))
    found = [await store.due_copy(NOW, SOON, busy={-1: "writing"}) for _ in range(3)]
    assert [(pair[0].id, pair[1].channel_id) for pair in found if pair] == [("a", -2), ("b", -2)]
    assert await store.next_copy_time(busy={-1}) == SOON
    assert await store.next_copy_time(busy={-1, -2}) is None
    assert await store.next_copy_time() == LONG_AGO


async def test_a_channel_that_becomes_free_meanwhile_confuses_nobody(store: JobStore) -> None:
    await store.add(done("job", -1, -2))
    busy = {-1}
    asking = asyncio.create_task(store.due_copy(NOW, SOON, busy=busy))
    await asyncio.sleep(0)
    busy.clear()
    found = await asking
    kept = await store.get("job")
    assert found is not None
    assert kept is not None
    assert [copy.channel_id for copy in kept.log_copies if copy.next_try == SOON] == [found[1].channel_id]


async def test_of_many_who_ask_at_once_each_copy_goes_to_one(store: JobStore) -> None:
    for number in range(10):
        await store.add(done(f"{number}", -1, -2))
    found = await asyncio.gather(*(store.due_copy(NOW, SOON) for _ in range(40)))
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


async def test_a_channel_gets_the_files_of_a_download_in_their_order(store: JobStore) -> None:
    await store.add(of_several_files(-1, -2, files=3))
    for number in (1, 2, 3):
        found = [await store.due_copy(datetime.now(UTC), LATER) for _ in range(3)]
        given_out = [pair[1] for pair in found if pair]
        assert [(copy.channel_id, copy.number) for copy in given_out] == [(-1, number), (-2, number)]
        for copy in given_out:
            await store.put_copy("job", copy.evolve(state=CopyState.SENT, message_id=5, next_try=None))
    assert await store.next_copy_time() is None


async def test_a_file_that_is_tried_again_is_waited_for(store: JobStore) -> None:
    await store.add(of_several_files(-1))
    found = await store.due_copy(NOW, SOON)
    assert found is not None
    await store.put_copy("job", found[1].evolve(attempts=1, next_try=LATER))
    assert await store.due_copy(SOON, LATER) is None
    assert await store.next_copy_time() == LATER
    again = await store.due_copy(LATER, LATER + timedelta(seconds=60))
    assert again is not None
    assert (again[1].number, again[1].attempts) == (1, 1)


async def test_a_file_that_is_given_up_holds_up_no_other(store: JobStore) -> None:
    await store.add(of_several_files(-1))
    found = await store.due_copy(NOW, SOON)
    assert found is not None
    await store.put_copy("job", found[1].evolve(state=CopyState.FAILED, next_try=None))
    other = await store.due_copy(datetime.now(UTC), LATER)
    assert other is not None
    assert other[1].number == 2


@pytest.mark.parametrize("state", [CopyState.SENT, CopyState.FAILED])
async def test_without_a_pending_copy_there_is_no_next_time(store: JobStore, state: CopyState) -> None:
    assert await store.next_copy_time() is None
    await store.add(done("job", -1))
    await store.put_copy("job", LogCopy(channel_id=-1, state=state))
    assert await store.next_copy_time() is None
