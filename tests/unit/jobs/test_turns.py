"""Items of a batch are fetched side by side and sent in order, whatever becomes of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medusa.batch import Batch, BatchState
from medusa.errors import ChatUnavailable, MediaUnreadable, SlowedDown, StoreUnavailable
from medusa.jobs.turns import AHEAD, FOREVER, PARKED, BatchTurns
from medusa.jobs.worker import Worker
from medusa.model import ACTIVE_STATES, Download, Item, State
from medusa.turn import OutOfTurn
from tests.unit.jobs.memory import MemoryStore, queued
from tests.unit.jobs.test_worker import Announcements
from tests.unit.test_batch_answers import draft
from tests.unit.waiting import until

NOW = datetime.now(UTC)


def item(number: int, state: State = State.QUEUED) -> Download:
    """One download of a batch, due now."""
    download = queued(f"b.{number}", state=state).evolve(created=NOW + timedelta(milliseconds=number))
    place = Item(batch="b", number=number, batch_name="Course")
    return download.evolve(request=download.request.evolve(item=place))


class MemoryItems:
    """A TurnStore over a MemoryStore."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.down = False

    def _of(self, *states: State) -> list[Download]:
        found = [one for one in self.store.downloads.values() if one.request.item and one.state in states]
        return sorted(found, key=number_of)

    async def is_first(self, batch_id: str, number: int) -> bool:
        await asyncio.sleep(0)
        if self.down:
            raise StoreUnavailable
        return all(number_of(one) >= number for one in self._of(*ACTIVE_STATES))

    async def release(self, batch_id: str, now: datetime) -> None:
        await asyncio.sleep(0)
        first = next(iter(self._of(*ACTIVE_STATES)), None)
        if first is not None and first.state is State.QUEUED and first.parked:
            self.store.set(first.id, not_before=now, parked=False)

    async def hold_back(self, batch_id: str, number: int, most: int, until: datetime) -> None:
        waiting = self._of(State.QUEUED)
        if sum(number_of(one) < number for one in waiting) >= most:
            for one in waiting:
                if number_of(one) > number and one.not_before < until:
                    self.store.set(one.id, not_before=until)

    async def set_due(self, batch_id: str, when: datetime) -> None:
        for one in self._of(State.QUEUED):
            self.store.set(one.id, not_before=when)


class MemoryBatches:
    """The batch that all items belong to."""

    def __init__(self, state: BatchState = BatchState.RUNNING) -> None:
        self.batch = draft().evolve(state=state)

    async def get(self, batch_id: str) -> Batch | None:
        await asyncio.sleep(0)
        return self.batch

    async def move(
        self, batch_id: str, leaving: Sequence[BatchState], to: BatchState, **changes: object
    ) -> Batch | None:
        if self.batch.state not in leaving:
            return None
        self.batch = self.batch.evolve(state=to, **changes)
        return self.batch


def number_of(download: Download) -> int:
    assert download.request.item is not None
    return download.request.item.number


class Delivered(NamedTuple):
    """An Outcome."""

    state: State = State.DONE
    changes: dict[str, object] = {}  # noqa: RUF012 - never changed


async def run(
    store: MemoryStore, turns: BatchTurns, deliver: Callable[[Download], Awaitable[Delivered]], slots: int
) -> None:
    """Let a worker carry everything out."""
    ended = asyncio.Event()

    class Counting(Announcements):
        def announce(self, download: Download) -> None:
            if not any(one.state in ACTIVE_STATES for one in store.downloads.values()):
                ended.set()

        def announce_failure(self, download: Download, error: object, retry_in: float | None) -> None:
            self.announce(download)

    worker = Worker(store, deliver, Counting(), holder="me", slots=slots, on_done=lambda: None, turns=turns)
    working = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(10):
            await ended.wait()
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


@settings(max_examples=60, deadline=None)
@given(
    items=st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=12),
    slots=st.integers(1, 4),
)
def test_files_are_sent_in_order_and_none_waits_for_one_that_failed(
    items: list[tuple[int, bool]], slots: int
) -> None:
    async def play() -> None:
        store = MemoryStore(*(item(number) for number, _ in enumerate(items, 1)))
        turns = BatchTurns(MemoryItems(store), MemoryBatches())
        sent: list[int] = []

        async def deliver(download: Download) -> Delivered:
            steps, fails = items[number_of(download) - 1]
            for _ in range(steps):
                await asyncio.sleep(0)
            if fails:
                raise MediaUnreadable
            await turns.check(download)
            sent.append(number_of(download))
            return Delivered()

        await run(store, turns, deliver, slots)
        assert sent == [number for number, (_, fails) in enumerate(items, 1) if not fails]
        assert all(one.attempts <= 1 for one in store.downloads.values()), "waiting is no attempt"

    # Well before a parked item would look for itself.
    asyncio.run(play())


async def test_who_is_out_of_turn_waits_without_a_slot() -> None:
    store = MemoryStore(item(1, State.RUNNING), item(2))
    turns = BatchTurns(MemoryItems(store), MemoryBatches())
    with pytest.raises(OutOfTurn):
        await turns.check(store["b.2"])
    store.set("b.2", parked=True, not_before=FOREVER)
    await turns.settled(store["b.2"])
    assert store["b.2"].not_before == FOREVER, "nothing is over yet"
    ended = store.set("b.1", state=State.FAILED)
    await turns.settled(ended)
    assert store["b.2"].not_before < FOREVER
    await turns.check(store["b.2"])


async def test_what_ended_while_the_next_was_being_parked_releases_it_all_the_same() -> None:
    store = MemoryStore(item(1, State.DONE), item(2))
    parked = store.set("b.2", parked=True, not_before=FOREVER)
    await BatchTurns(MemoryItems(store), MemoryBatches()).settled(parked)
    assert store["b.2"].not_before < FOREVER


async def test_what_comes_back_while_the_batch_is_paused_waits_for_the_resumption() -> None:
    store = MemoryStore(item(1))
    await BatchTurns(MemoryItems(store), MemoryBatches(BatchState.PAUSED)).settled(store["b.1"])
    assert store["b.1"].not_before == FOREVER


async def test_a_link_by_itself_has_no_turn() -> None:
    store = MemoryStore(queued())
    items = MemoryItems(store)
    items.down = True
    turns = BatchTurns(items, MemoryBatches())
    await turns.check(store["job"])
    await turns.settled(store["job"])


async def test_without_a_database_nothing_is_sent_out_of_turn() -> None:
    store = MemoryStore(item(1, State.RUNNING), item(2))
    items = MemoryItems(store)
    items.down = True
    turns = BatchTurns(items, MemoryBatches())
    with pytest.raises(StoreUnavailable):
        await turns.check(store["b.2"])
    await turns.settled(store["b.2"])  # it looks for itself later


async def test_a_parked_item_looks_for_itself() -> None:
    store = MemoryStore(item(1, State.RUNNING), item(2))
    turns = BatchTurns(MemoryItems(store), MemoryBatches())
    seen = asyncio.Event()

    async def deliver(download: Download) -> Delivered:
        asyncio.get_running_loop().call_later(0.05, seen.set)
        await turns.check(download)
        raise SlowedDown(1)

    worker = Worker(store, deliver, Announcements(), holder="me", slots=1, on_done=lambda: None, turns=turns)
    working = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        await seen.wait()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    parked = store["b.2"]
    assert (parked.state, parked.parked, parked.attempts) == (State.QUEUED, True, 0)
    assert abs((parked.not_before - datetime.now(UTC)) - PARKED) < timedelta(seconds=20)


async def test_a_parked_item_that_looks_for_itself_fetches_nothing() -> None:
    store = MemoryStore(item(1, State.RUNNING), item(2).evolve(parked=True))
    batch_turns = BatchTurns(MemoryItems(store), MemoryBatches())
    fetched: list[int] = []

    async def deliver(download: Download) -> Delivered:
        fetched.append(number_of(download))
        return Delivered()

    worker = Worker(
        store, deliver, Announcements(), holder="me", slots=1, on_done=lambda: None, turns=batch_turns
    )
    working = asyncio.create_task(worker.run())
    await until(lambda: store["b.2"].not_before > NOW)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert fetched == []
    assert (store["b.2"].state, store["b.2"].parked, store["b.2"].attempts) == (State.QUEUED, True, 0)


async def test_no_more_files_are_fetched_ahead_than_telegram_keeps() -> None:
    store = MemoryStore(item(1, State.RUNNING), *(item(number) for number in range(2, 3 * AHEAD)))
    batch_turns = BatchTurns(MemoryItems(store), MemoryBatches())
    fetched: list[int] = []

    async def deliver(download: Download) -> Delivered:
        fetched.append(number_of(download))
        await batch_turns.check(download)
        return Delivered()

    worker = Worker(
        store, deliver, Announcements(), holder="me", slots=2, on_done=lambda: None, turns=batch_turns
    )
    working = asyncio.create_task(worker.run())
    await worker.idle()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert AHEAD <= len(fetched) <= AHEAD + 3
    assert max(one.not_before for one in store.downloads.values()) < datetime.now(UTC) + PARKED, "they go on"


async def test_nothing_more_is_fetched_for_whom_nothing_can_be_brought() -> None:
    store = MemoryStore(*(item(number) for number in range(1, 6)))
    batches = MemoryBatches()
    batch_turns = BatchTurns(MemoryItems(store), batches)
    fetched: list[int] = []

    async def deliver(download: Download) -> Delivered:
        fetched.append(number_of(download))
        raise ChatUnavailable

    worker = Worker(
        store, deliver, Announcements(), holder="me", slots=1, on_done=lambda: None, turns=batch_turns
    )
    working = asyncio.create_task(worker.run())
    await worker.idle()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert fetched == [1]
    assert batches.batch.state is BatchState.PAUSED, "it can go on when they are back"
    assert store["b.2"].not_before == FOREVER
