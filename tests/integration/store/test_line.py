"""Fair between people: one contract for the real database and the one in memory; how fast the real one is."""

import asyncio
import time
from datetime import timedelta

import pytest

from medusa.model import Download, Person, State
from medusa.storage.documents import document_of
from tests.integration.store.conftest import LATER, NOW, SOON, JobStore, Records, Server
from tests.unit.jobs.memory import ANN, BOB, LONG_AGO, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVE = Person(id=3, name="Eve")


def link(
    job: str, person: Person, message: int = 7, *, second: int = 0, minute: int = 0, **fields: object
) -> Download:
    """A download of the link in this message."""
    found = queued(job, person=person, minute=minute)
    accepted = LONG_AGO + timedelta(seconds=second)
    request = found.request.evolve(message_id=message)
    return found.evolve(request=request, created=accepted, **fields)


def running(job: str, person: Person, message: int, *, seat: int) -> Download:
    """The same, where it runs."""
    return link(job, person, message, state=State.RUNNING, lease_until=LATER, seat=seat)


async def add(store: JobStore, *downloads: Download) -> None:
    for download in downloads:
        assert await store.add(download)


async def claims(store: JobStore, number: int, *, most: int | None = None) -> list[Download]:
    """Take up so many, one after the other."""
    found = [
        await store.claim(NOW + timedelta(seconds=second), LATER, holder="me", most=most)
        for second in range(number)
    ]
    return [download for download in found if download]


def names(downloads: list[Download]) -> list[str]:
    return [download.id for download in downloads]


async def test_nobody_waits_behind_the_batch_of_another(store: JobStore) -> None:
    await add(store, *(link(f"ann {number}", ANN, number) for number in range(20)))
    assert names(await claims(store, 3)) == ["ann 0", "ann 1", "ann 2"]
    await add(store, link("bob 0", BOB, 99))
    assert names(await claims(store, 2)) == ["bob 0", "ann 3"]


async def test_whoever_has_the_fewest_running_is_next(store: JobStore) -> None:
    await add(store, *(running(f"long {number}", ANN, number, seat=number) for number in range(2)))
    await add(store, running("long", BOB, 0, seat=0))
    await add(store, *(link(f"ann {number}", ANN, 10 + number) for number in range(2)))
    await add(store, *(link(f"bob {number}", BOB, 10 + number) for number in range(2)))
    await add(store, link("eve", EVE))
    assert names(await claims(store, 5)) == ["eve", "bob 0", "ann 0", "bob 1", "ann 1"]


async def test_with_one_slot_everybody_has_a_turn(store: JobStore) -> None:
    for person, name in ((ANN, "ann"), (BOB, "bob"), (EVE, "eve")):
        # Her links have waited longest, and she has no more turns than others.
        await add(store, *(link(f"{name} {number}", person, number, minute=person.id) for number in range(2)))
    order = []
    for second in range(6):
        found = await store.claim(NOW + timedelta(seconds=second), LATER, holder="me")
        assert found is not None
        order.append(found.id)
        assert await store.settle(found, State.DONE)
    assert order == ["ann 0", "bob 0", "eve 0", "ann 1", "bob 1", "eve 1"]


async def test_a_persons_links_come_in_the_order_of_their_messages(store: JobStore) -> None:
    await add(
        store,
        link("third", ANN, 12, second=0, minute=0),
        link("second", ANN, 11, second=2, minute=1),
        link("first", ANN, 11, second=1, minute=2),
    )
    assert names(await claims(store, 3)) == ["first", "second", "third"]


async def test_what_is_not_due_holds_up_neither_its_person_nor_others(store: JobStore) -> None:
    await add(store, link("later", ANN, 1, not_before=LATER), link("now", ANN, 2), link("bob", BOB, 3))
    await add(store, link("eve", EVE, 1, not_before=LATER))
    assert set(names(await claims(store, 4))) == {"now", "bob"}


async def test_nobody_has_more_running_than_the_most(store: JobStore) -> None:
    await add(store, *(link(f"ann {number}", ANN, number) for number in range(4)), link("bob", BOB))
    first, *others = await claims(store, 5, most=2)
    assert names([first, *others]) == ["ann 0", "bob", "ann 1"]
    assert await store.settle(first, State.DONE)
    assert names(await claims(store, 2, most=2)) == ["ann 2"]


async def test_a_seat_belongs_to_one_running_download(store: JobStore) -> None:
    await add(store, *(link(f"{number}", ANN, number) for number in range(4)))
    first, second, third = await claims(store, 3)
    assert [first.seat, second.seat, third.seat] == [0, 1, 2]
    assert await store.settle(second, State.QUEUED, not_before=LATER)
    assert [download.seat for download in await claims(store, 1)] == [1]


async def test_a_limit_holds_between_many_who_claim_at_once(store: JobStore) -> None:
    await add(store, *(link(f"ann {number}", ANN, number) for number in range(20)))
    await add(store, *(link(f"bob {number}", BOB, number) for number in range(20)))
    found = await asyncio.gather(*(store.claim(NOW, SOON, holder="me", most=3) for _ in range(30)))
    taken = [download.request.person.id for download in found if download]
    assert (taken.count(ANN.id), taken.count(BOB.id)) == (3, 3)


async def test_who_waits_is_told_how_many_come_first(store: JobStore) -> None:
    await add(store, *(link(f"ann {number}", ANN, number) for number in range(20)))
    await add(store, *(running(f"runs {number}", ANN, 50 + number, seat=number) for number in range(2)))
    mine = [link(f"bob {number}", BOB, 30 + number, minute=1) for number in range(4)]
    assert [await store.ahead_of(download) for download in mine[:1]] == [0]
    await add(store, *mine)
    places = {download.id: await store.ahead_of(download) for download in mine}
    assert places == {"bob 0": 0, "bob 1": 1, "bob 2": 3, "bob 3": 5}
    order = names(await claims(store, 6))
    assert {job: order.index(job) for job in places} == places


async def test_what_others_do_with_theirs_is_not_ahead(store: JobStore) -> None:
    for number, state in enumerate(state for state in State if state is not State.QUEUED):
        await add(store, link(f"{number}", BOB, number, state=state))
    await add(store, link("later", EVE, not_before=NOW + timedelta(days=1)))
    assert await store.ahead_of(link("mine", ANN)) == 0


# --- the real database ----------------------------------------------------------------------------


@pytest.mark.slow
async def test_a_claim_takes_milliseconds_however_many_wait(records: Records, server: Server) -> None:
    people = [Person(id=1000 + number, name="x") for number in range(1000)]
    everything = [
        document_of(link(f"{person.id}:{number}", person, number))
        for number in range(100)
        for person in people
    ]
    await server.database.downloads.insert_many(everything)
    seconds = []
    for number in range(100):
        began = time.perf_counter()
        found = await records.claim(NOW + timedelta(seconds=number), LATER, holder="me")
        seconds.append(time.perf_counter() - began)
        assert found is not None
        assert found.request.message_id == 0
    typical = sorted(seconds)[len(seconds) // 2]
    assert typical < 0.05  # about 7 ms where nothing else runs


async def test_the_line_is_found_without_reading_all_that_wait(records: Records, server: Server) -> None:
    for number in range(200):
        await add(records, link(f"{number}", (ANN, BOB)[number % 2], number))
    await server.database.command("profile", 2)
    await records.claim(NOW, LATER, holder="me")
    await server.database.command("profile", 0)
    profile = server.database["system.profile"]
    steps = [step async for step in profile.find({"planSummary": {"$exists": True}})]
    await profile.drop()
    assert any("DISTINCT_SCAN" in step["planSummary"] for step in steps)
    for step in steps:
        assert "COLLSCAN" not in step["planSummary"], step["command"]
        assert step["keysExamined"] <= 6, step["command"]
        assert step["docsExamined"] <= 2, step["command"]
