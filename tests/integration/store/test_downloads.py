"""The downloads: one contract for the real database and the one in memory."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from medusa.model import ACTIVE_STATES, NEXT_STATES, CopyState, Download, LogCopy, State
from tests.integration.store.conftest import LATER, NOW, SOON, JobStore
from tests.unit.jobs.memory import ANN, BOB, LONG_AGO, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_is_added_is_there(store: JobStore) -> None:
    assert await store.add(queued("a"))
    assert await store.get("a") == queued("a")
    assert await store.get("b") is None


async def test_what_is_there_is_not_added_again(store: JobStore) -> None:
    await store.add(queued("a"))
    await store.move("a", State.QUEUED, State.CANCELLED)
    kept = await store.get("a")
    assert not await store.add(queued("a"))
    assert await store.get("a") == kept


async def test_a_persons_longest_waiting_is_claimed_first(store: JobStore) -> None:
    for minute in (2, 0, 1):
        await store.add(queued(f"job {minute}", minute=minute))
    claimed = [await store.claim(NOW, SOON, holder="me") for _ in range(4)]
    assert [download.id for download in claimed if download] == ["job 0", "job 1", "job 2"]
    assert claimed[3] is None


async def test_a_claim_is_a_lease_and_an_attempt(store: JobStore) -> None:
    await store.add(queued(attempts=1))
    claimed = await store.claim(NOW, SOON, holder="me")
    taken = queued(state=State.RUNNING, attempts=2, claims=1, holder="me", seat=0)
    assert claimed == taken.evolve(lease_until=SOON, updated=NOW, started=NOW)
    assert await store.get("job") == claimed


async def test_it_has_started_with_its_first_claim_and_finished_with_its_end(store: JobStore) -> None:
    await store.add(queued())
    first = await store.claim(NOW, LONG_AGO, holder="me")
    lost = await store.claim(SOON, LONG_AGO, holder="me")
    assert (first and first.started, lost and lost.started, lost and lost.losses) == (NOW, NOW, 1)
    assert lost is not None
    again = await store.settle(lost, State.QUEUED, not_before=SOON)
    assert (again and again.started, again and again.finished) == (NOW, None)
    last = await store.claim(SOON, LATER, holder="me")
    assert (last and last.started, last and last.finished) == (NOW, None)
    assert last is not None
    ended = await store.settle(last, State.DONE)
    assert ended is not None
    assert ended.finished == ended.updated
    noted = await store.note("job", title="known")
    assert noted is not None
    assert noted.updated > ended.updated
    assert noted.finished == ended.finished


@pytest.mark.parametrize("state", [State.QUEUED, State.ASKING])
async def test_what_is_cancelled_before_its_claim_is_over_too(store: JobStore, state: State) -> None:
    await store.add(queued(state=state))
    ended = await store.move("job", state, State.CANCELLED)
    assert ended is not None
    assert (ended.started, ended.finished) == (None, ended.updated)


async def test_a_name_that_looks_like_a_field_is_a_name(store: JobStore) -> None:
    await store.add(queued())
    held = await store.claim(NOW, SOON, holder="$updated")
    assert held is not None
    assert held.holder == "$updated"


async def test_nothing_is_claimed_before_its_time(store: JobStore) -> None:
    await store.add(queued(not_before=SOON))
    assert await store.claim(NOW, LATER, holder="me") is None
    assert await store.claim(SOON, LATER, holder="me") is not None


@pytest.mark.parametrize("state", [state for state in State if state is not State.QUEUED])
async def test_nothing_else_is_claimed_while_its_lease_lasts(store: JobStore, state: State) -> None:
    await store.add(queued(state=state, lease_until=NOW))
    assert await store.claim(NOW, LATER, holder="me") is None


async def claimed(store: JobStore, *, until: datetime = SOON) -> Download:
    """Take up the only download."""
    download = await store.claim(NOW, until, holder="me")
    assert download is not None
    return download


async def test_what_lost_its_worker_is_claimed_first_the_longest_lost_before_the_others(
    store: JobStore,
) -> None:
    await store.add(queued("waiting"))
    for minute in (1, 0):
        lease = LONG_AGO + timedelta(minutes=minute)
        await store.add(queued(f"job {minute}", state=State.RUNNING, lease_until=lease, attempts=1, claims=4))
    for job in ("job 0", "job 1"):
        taken = await claimed(store)
        assert (taken.id, taken.lease_until, taken.claims, taken.losses) == (job, SOON, 5, 1)
        assert taken.attempts == 1, "the loss of a worker is no attempt"
    assert (await claimed(store)).id == "waiting"


async def test_what_runs_here_is_not_lost(store: JobStore) -> None:
    await store.add(queued(state=State.RUNNING, lease_until=LONG_AGO))
    assert await store.claim(NOW, SOON, holder="me", running={"job": "a task"}) is None
    assert (await claimed(store)).losses == 1


async def test_a_lease_is_renewed_while_it_runs_and_not_afterwards(store: JobStore) -> None:
    await store.add(queued())
    assert await store.renew(queued(), LATER) is None
    held = await claimed(store)
    renewed = await store.renew(held, LATER)
    assert renewed == held.evolve(lease_until=LATER)
    assert await store.claim(SOON, LATER, holder="me") is None
    await store.settle(held, State.DONE)
    assert await store.renew(held, LATER) is None
    assert await store.renew(queued("nobody's"), LATER) is None


async def test_who_lost_a_download_can_neither_renew_nor_end_it(store: JobStore) -> None:
    await store.add(queued())
    lost = await claimed(store, until=LONG_AGO)
    holds = await claimed(store)
    assert await store.renew(lost, LATER) is None
    assert await store.settle(lost, State.DONE) is None
    assert await store.get("job") == holds
    ended = await store.settle(holds, State.DONE, title="new")
    assert ended is not None
    assert (ended.state, ended.title, ended.lease_until) == (State.DONE, "new", None)


@pytest.mark.parametrize("to", [state for state in State if state not in NEXT_STATES[State.RUNNING]])
async def test_a_claim_ends_only_where_it_may(store: JobStore, to: State) -> None:
    await store.add(queued())
    held = await claimed(store)
    with pytest.raises(ValueError, match="never"):
        await store.settle(held, to)


async def test_only_who_holds_a_download_may_change_it(store: JobStore) -> None:
    await store.add(queued())
    lost = await claimed(store, until=LONG_AGO)
    holds = await claimed(store)
    assert await store.progress(lost, title="old") is None
    changed = await store.progress(holds, title="new")
    assert changed is not None
    assert (changed.state, changed.title, changed.lease_until) == (State.RUNNING, "new", SOON)


@pytest.mark.parametrize(
    ("between", "to"),
    [(None, State.FAILED), (None, State.CANCELLED), (State.QUEUED, State.CANCELLED)],
)
async def test_what_was_sent_before_a_bad_end_is_copied_all_the_same(
    store: JobStore, between: State | None, to: State
) -> None:
    copies = (
        LogCopy(channel_id=-1),
        LogCopy(channel_id=-2, next_try=LATER),
        LogCopy(channel_id=-3, state=CopyState.SENT),
    )
    await store.add(queued(log_copies=copies))
    held = await claimed(store)
    if between is not None:
        waits = await store.settle(held, between)
        assert waits is not None
        assert waits.log_copies == copies, "it goes on"
        ended = await store.move("job", between, to)
    else:
        ended = await store.settle(held, to)
    assert ended is not None
    first, *others = ended.log_copies
    assert (first.state, first.next_try) == (CopyState.PENDING, ended.updated)
    assert others == list(copies[1:])


@pytest.mark.parametrize("to", sorted(NEXT_STATES[State.RUNNING]))
async def test_what_rests_is_unshown_until_somebody_shows_it(store: JobStore, to: State) -> None:
    await store.add(queued(status_message_id=9))
    ended = await store.settle(await claimed(store), to)
    assert ended is not None
    found = await store.unshown(datetime.now(UTC) + timedelta(seconds=5))
    assert [download.id for download in found] == (["job"] if to is not State.QUEUED else [])
    assert await store.unshown(LONG_AGO) == []
    await store.shown(ended)
    assert await store.unshown(datetime.now(UTC) + timedelta(seconds=5)) == []


async def test_an_answer_that_is_shown_late_is_not_taken_for_the_end(store: JobStore) -> None:
    await store.add(queued(status_message_id=9))
    asks = await store.settle(await claimed(store), State.ASKING)
    assert asks is not None
    await store.move("job", State.ASKING, State.QUEUED)
    await store.settle(await claimed(store), State.DONE)
    await store.shown(asks)
    await store.shown(queued("nobody's"))
    assert len(await store.unshown(datetime.now(UTC) + timedelta(seconds=5))) == 1


async def test_what_has_no_status_message_is_not_unshown_for_ever(store: JobStore) -> None:
    await store.add(queued())
    await store.settle(await claimed(store), State.DONE)
    assert await store.unshown(datetime.now(UTC) + timedelta(seconds=5)) == []
    await store.note("job", status_message_id=9)
    assert len(await store.unshown(datetime.now(UTC) + timedelta(seconds=5))) == 1


async def test_the_downloads_of_a_process_that_is_gone_are_free_at_once(store: JobStore) -> None:
    for job, holder in (("a", "gone"), ("b", "gone"), ("c", "other")):
        await store.add(queued(job, state=State.RUNNING, holder=holder, lease_until=LATER))
    await store.add(queued("over", state=State.DONE, holder="gone"))
    assert await store.release("gone") == 2
    assert {(await claimed(store)).id for _ in range(2)} == {"a", "b"}
    assert await store.claim(NOW, SOON, holder="me") is None
    assert await store.release("nobody") == 0


@pytest.mark.parametrize("leaving", State)
@pytest.mark.parametrize("to", State)
async def test_a_download_goes_only_where_it_may(store: JobStore, leaving: State, to: State) -> None:
    await store.add(queued(state=leaving))
    if to not in NEXT_STATES[leaving]:
        with pytest.raises(ValueError, match="never"):
            await store.move("job", leaving, to, title="new")
        assert await store.get("job") == queued(state=leaving)
        return
    moved = await store.move("job", leaving, to, title="new")
    assert moved is not None
    assert (moved.state, moved.title) == (to, "new")
    assert moved.updated > LONG_AGO
    assert await store.get("job") == moved


@pytest.mark.parametrize("state", [state for state in State if state is not State.RUNNING])
async def test_a_move_from_another_state_changes_nothing(store: JobStore, state: State) -> None:
    await store.add(queued(state=state))
    assert await store.move("job", State.RUNNING, State.DONE, title="new") is None
    assert await store.move("nobody's", State.RUNNING, State.DONE) is None
    assert await store.get("job") == queued(state=state)


async def test_of_many_moves_at_once_one_wins(store: JobStore) -> None:
    await store.add(queued(state=State.ASKING))
    moves = await asyncio.gather(
        *(store.move("job", State.ASKING, State.QUEUED, title=str(number)) for number in range(10))
    )
    (winner,) = [download for download in moves if download]
    assert await store.get("job") == winner


@pytest.mark.parametrize("state", State)
async def test_a_note_changes_fields_in_any_state(store: JobStore, state: State) -> None:
    await store.add(queued(state=state))
    noted = await store.note("job", status_message_id=9, cancel_requested=True)
    assert noted is not None
    assert (noted.state, noted.status_message_id, noted.cancel_requested) == (state, 9, True)
    assert await store.note("nobody's", status_message_id=9) is None


async def test_a_persons_downloads_that_are_not_over_oldest_first(store: JobStore) -> None:
    for minute, state in enumerate([*State, *State]):
        await store.add(queued(f"{minute}", state=state, minute=99 - minute))
    await store.add(queued("bob's", person=BOB))
    active = await store.active_of(ANN.id)
    assert {download.state for download in active} == set(ACTIVE_STATES)
    assert len(active) == 2 * len(ACTIVE_STATES)
    assert [download.created for download in active] == sorted(download.created for download in active)


async def test_of_many_claims_at_once_each_download_goes_to_one(store: JobStore) -> None:
    for number in range(20):
        await store.add(queued(f"{number}"))
    claims = await asyncio.gather(*(store.claim(NOW, SOON, holder="me") for _ in range(50)))
    assert sorted(download.id for download in claims if download) == sorted(str(n) for n in range(20))
    assert all(download.attempts == 1 for download in claims if download)


@pytest.mark.parametrize(("losses", "seconds"), [(0, 0), (1, 2), (5, 32), (9, 300), (500, 300)])
async def test_what_loses_worker_after_worker_is_left_alone_for_a_while(
    store: JobStore, losses: int, seconds: int
) -> None:
    await store.add(queued(state=State.RUNNING, holder="gone", lease_until=LATER, losses=losses))
    assert await store.release("gone") == 1
    freed = await store.get("job")
    assert freed is not None
    assert freed.lease_until is not None
    wait = max(0.0, (freed.lease_until - datetime.now(UTC)).total_seconds())
    assert wait == pytest.approx(seconds, abs=1.5)
