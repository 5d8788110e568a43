"""Batches and their items in the database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from medusa.batch import BatchState, Question, Tally
from medusa.batch_text import Entry, read
from medusa.jobs.turns import FOREVER
from medusa.model import ACTIVE_STATES, Download, Item, State
from medusa.storage.mongo import Store
from medusa.wishes import Section
from tests.unit.jobs.memory import ANN, BOB, queued
from tests.unit.test_batch_answers import draft

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ENTRIES = (
    Entry(url="https://a.org/1", name="One", section=Section(start=1)),
    Entry(url="https://a.org/2", hint="secret"),
)


def item(number: int, state: State = State.QUEUED, *, batch: str = "b", parked: bool = False) -> Download:
    """One download of a batch."""
    place = Item(batch=batch, number=number, batch_name="Course", name=f"Lesson {number}")
    download = queued(f"{batch}.{number}", state=state, error="Gone." if state is State.FAILED else None)
    return download.evolve(
        request=download.request.evolve(item=place, url=f"https://a.org/{number}"), parked=parked
    )


async def keep(mongo: Store, *items: Download) -> None:
    await mongo.items.add(items)


async def states(mongo: Store, numbers: Sequence[int], batch: str = "b") -> list[State]:
    found = [await mongo.downloads.get(f"{batch}.{number}") for number in numbers]
    return [download.state for download in found if download]


async def test_a_batch_and_its_list_come_back_as_they_were(mongo: Store) -> None:
    kept = draft().evolve(bad=read("x").bad, bad_count=1)
    assert await mongo.batches.add(kept, ENTRIES)
    assert not await mongo.batches.add(kept.evolve(name="Other"), ENTRIES)
    assert await mongo.batches.get("b") == kept
    assert await mongo.batches.entries("b") == ENTRIES
    assert await mongo.batches.get("c") is None
    assert await mongo.batches.entries("c") == ()


async def test_a_question_is_answered_once(mongo: Store) -> None:
    await mongo.batches.add(draft(), ENTRIES)
    rest = tuple(Question)[1:]
    answered = await mongo.batches.answer("b", Question.ITEMS, chosen=((2, 3),), questions=rest)
    assert answered is not None
    assert (answered.chosen, answered.question) == (((2, 3),), Question.NAME)
    assert await mongo.batches.answer("b", Question.ITEMS, chosen=((1, 1),), questions=rest) is None


async def test_a_batch_starts_once_and_a_draft_is_thrown_away(mongo: Store) -> None:
    await mongo.batches.add(draft(), ENTRIES)
    for expected in (True, False):
        moved = await mongo.batches.move("b", [BatchState.DRAFT], BatchState.RUNNING)
        assert (moved is not None) is expected
    assert not await mongo.batches.drop("b")
    await mongo.batches.add(draft().evolve(id="c"), ENTRIES)
    assert await mongo.batches.drop("c")
    assert await mongo.batches.entries("c") == ()


async def test_what_is_under_way_and_what_is_untold(mongo: Store) -> None:
    for number, state in enumerate(BatchState):
        owner = BOB if state is BatchState.PAUSED else ANN
        batch = draft().evolve(id=state.value, state=state, person=owner, unshown=state is BatchState.OVER)
        await mongo.batches.add(batch.evolve(created=NOW + timedelta(seconds=number)), ENTRIES)
    assert [batch.id for batch in await mongo.batches.under_way()] == ["running", "paused"]
    assert [batch.id for batch in await mongo.batches.under_way(BOB.id)] == ["paused"]
    assert [batch.id for batch in await mongo.batches.unshown()] == ["over"]


async def test_items_are_kept_once(mongo: Store) -> None:
    await keep(mongo, item(1, State.DONE))
    await keep(mongo, item(1), item(2))
    assert await states(mongo, [1, 2]) == [State.DONE, State.QUEUED]
    assert await mongo.items.tally("b") == Tally(queued=1, done=1)


async def test_an_item_is_first_when_all_before_it_are_over(mongo: Store) -> None:
    over = [state for state in State if state not in ACTIVE_STATES]
    await keep(mongo, *(item(number, state) for number, state in enumerate(over, 1)))
    last = len(over) + 1
    await keep(mongo, item(last), item(last + 1), item(1, batch="other"))
    assert await mongo.items.is_first("b", last)
    assert not await mongo.items.is_first("b", last + 1)


@pytest.mark.parametrize(
    ("first", "released"),
    [
        (item(1, State.RUNNING), []),
        (item(1, State.QUEUED), []),  # it waits for a retry, which has its own time
        (item(1, State.QUEUED, parked=True), [1]),
        (item(1, State.FAILED), [2]),
    ],
)
async def test_only_the_first_is_released(mongo: Store, first: Download, released: list[int]) -> None:
    await keep(mongo, first, item(2, parked=True), item(3, parked=True))
    await mongo.items.release("b", NOW)
    found = [await mongo.downloads.get(f"b.{number}") for number in (1, 2, 3)]
    assert [n for n, one in enumerate(found, 1) if one and one.not_before == NOW] == released


async def test_a_pause_lets_nothing_be_due(mongo: Store) -> None:
    await keep(mongo, item(1, State.RUNNING), item(2), item(1, batch="other"))
    await mongo.items.set_due("b", FOREVER)
    claimed = await mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me")
    assert claimed is not None
    assert claimed.id == "other.1"
    assert await mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me") is None
    await mongo.items.set_due("b", NOW)
    again = await mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me")
    assert again is not None
    assert again.id == "b.2"


async def test_cancelling_ends_what_waits_and_names_what_runs(mongo: Store) -> None:
    await keep(mongo, item(1, State.DONE), item(2, State.RUNNING), item(3), item(4))
    assert await mongo.items.cancel("b") == ["b.2"]
    assert await states(mongo, [1, 2, 3, 4]) == [State.DONE, State.RUNNING, State.CANCELLED, State.CANCELLED]
    running = await mongo.downloads.get("b.2")
    assert running is not None
    assert running.cancel_requested


async def test_what_failed_is_told_in_order(mongo: Store) -> None:
    await keep(mongo, item(12, State.FAILED), item(2, State.FAILED), item(3, State.DONE))
    failures = await mongo.items.failures("b")
    assert [(one.number, one.name, one.url, one.error) for one in failures] == [
        (2, "Lesson 2", "https://a.org/2", "Gone."),
        (12, "Lesson 12", "https://a.org/12", "Gone."),
    ]
    assert [download.id for download in await mongo.items.running("b")] == []


async def test_no_question_about_a_batch_reads_all_downloads(mongo: Store) -> None:
    await keep(mongo, *(item(number, batch="x") for number in range(50)), item(1))
    await mongo.database.command("profile", 2)
    try:
        await mongo.items.tally("b")
        await mongo.items.is_first("b", 2)
        await mongo.items.release("b", NOW)
        await mongo.items.hold_back("b", 1, 1, NOW)
        await mongo.items.bring_forward("b", ANN.id, FOREVER, NOW)
        await mongo.items.running("b")
        await mongo.items.set_due("b", NOW)
        await mongo.items.failures("b")
        await mongo.items.delivered_bytes("b")
        await mongo.items.cancel("b")
    finally:
        await mongo.database.command("profile", 0)
    profile = await mongo.database["system.profile"].find({"ns": {"$regex": "downloads$"}}).to_list(None)
    plans = {one.get("planSummary", "") for one in profile if one["op"] in ("query", "command", "update")}
    assert profile
    assert not any("COLLSCAN" in plan for plan in plans), plans
    assert all(one.get("docsExamined", 0) <= 3 for one in profile), profile


async def test_what_would_be_far_ahead_is_held_back_for_a_while(mongo: Store) -> None:
    numbers = range(1, 7)
    await keep(mongo, *(item(number) for number in numbers), item(9, batch="other"))
    until = NOW + timedelta(minutes=2)
    await mongo.items.hold_back("b", 4, 4, until)
    assert await due_at(mongo, numbers, until) == []
    await mongo.items.hold_back("b", 4, 3, until)
    assert await due_at(mongo, numbers, until) == [5, 6]
    await mongo.items.set_due("b", FOREVER)
    await mongo.items.hold_back("b", 4, 3, until)
    assert await due_at(mongo, numbers, until) == [], "a pause stays a pause"


async def due_at(mongo: Store, numbers: Sequence[int], when: datetime) -> list[int]:
    found = [await mongo.downloads.get(f"b.{number}") for number in numbers]
    return [number for number, one in zip(numbers, found, strict=True) if one and one.not_before == when]


async def test_only_what_a_pause_holds_is_brought_forward(mongo: Store) -> None:
    await keep(mongo, item(1), item(2), item(1, batch="other"))
    await mongo.items.set_due("other", FOREVER)
    await mongo.items.set_due("b", FOREVER)
    retry = NOW + timedelta(seconds=5)
    await mongo.downloads.note("b.1", not_before=retry)
    await mongo.items.bring_forward("b", ANN.id, FOREVER, NOW)
    assert [await due_at(mongo, [1, 2], when) for when in (retry, NOW)] == [[1], [2]]
    other = await mongo.downloads.get("other.1")
    assert other is not None
    assert other.not_before == FOREVER
