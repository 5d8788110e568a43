"""What one person sees of their downloads, however many there are."""

import time
from datetime import timedelta
from typing import Any

import pytest

from medusa.jobs.history import History
from medusa.model import Download, Item, Person, State
from medusa.storage.documents import document_of
from medusa.storage.mongo import Store
from medusa.under_way import PAGE
from tests.integration.store.conftest import Server
from tests.unit.jobs.memory import ANN, BOB, LONG_AGO, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")

MANY = 100_000


def download(number: int, state: State = State.DONE, person: Person = ANN) -> Download:
    """A download; the higher its number the later it came."""
    created = LONG_AGO + timedelta(seconds=number)
    found = queued(f"job {number}", person=person, state=state, created=created)
    return found.evolve(request=found.request.evolve(message_id=number))


def of_batch(one: Download) -> Download:
    item = Item(batch="course", number=1, batch_name="Course")
    return one.evolve(request=one.request.evolve(item=item))


async def keep(server: Server, *downloads: Download) -> None:
    await server.database["downloads"].insert_many([document_of(one) for one in downloads])


def names(downloads: list[Download]) -> list[str]:
    return [one.id.removeprefix("job ") for one in downloads]


async def test_what_is_under_way_is_in_the_order_of_its_messages(server: Server, mongo: Store) -> None:
    states = [State.RUNNING, State.QUEUED, State.ASKING, State.QUEUED]
    await keep(
        server,
        *(download(number, state) for number, state in reversed([*enumerate(states)])),
        download(10, State.DONE),
        of_batch(download(11, State.QUEUED)),
        download(12, State.QUEUED, person=BOB),
    )
    assert await mongo.own.count_singles(ANN.id) == 4
    assert names(await mongo.own.singles(ANN.id, 0, 3)) == ["0", "1", "2"]
    assert names(await mongo.own.singles(ANN.id, 3, 3)) == ["3"]


async def test_the_past_has_what_was_delivered_or_failed_newest_first(server: Server, mongo: Store) -> None:
    await keep(
        server,
        download(1, State.DONE),
        download(2, State.FAILED),
        of_batch(download(3, State.DONE)),
        *(download(10 + number, state) for number, state in enumerate(State) if state.value not in _PAST),
        download(99, State.DONE, person=BOB),
    )
    history = History(mongo.own)
    page = await history.page(ANN.id, 0)
    assert names(list(page.downloads)) == ["3", "2", "1"]
    assert not page.has_more
    assert (await history.page(ANN.id, 1)).downloads == []


_PAST = {State.DONE.value, State.FAILED.value}


async def test_a_hundred_thousand_are_leafed_through_at_once(server: Server, mongo: Store) -> None:
    pattern = document_of(download(0))
    for first in range(0, MANY, 10_000):
        await server.database["downloads"].insert_many(
            [_numbered(pattern, number) for number in range(first, first + 10_000)], ordered=False
        )
    history = History(mongo.own)
    for page in (0, 1, MANY // PAGE // 2, MANY // PAGE - 1):
        started = time.perf_counter()
        found = await history.page(ANN.id, page)
        assert time.perf_counter() - started < 1
        newest = MANY - 1 - page * PAGE
        assert names(list(found.downloads)) == [str(newest - number) for number in range(PAGE)]
    started = time.perf_counter()
    assert await mongo.own.count_singles(ANN.id) == 0
    assert await mongo.own.singles(ANN.id, 0, PAGE) == []
    assert time.perf_counter() - started < 0.1


def _numbered(pattern: dict[str, Any], number: int) -> dict[str, Any]:
    state = State.FAILED if number % 3 == 0 else State.DONE
    created = LONG_AGO + timedelta(seconds=number)
    return {**pattern, "_id": f"job {number}", "state": state.value, "created": created}
