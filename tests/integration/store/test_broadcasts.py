"""Broadcasts in the database, and the people who get them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from medusa.broadcast import Audience, Broadcast, BroadcastState, Tally, Way, Whom
from medusa.model import Person
from medusa.storage.mongo import Store
from medusa.user import Grant, Role
from tests.integration.store.conftest import Server
from tests.unit.jobs.memory import ANN, BOB

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DRAFT, RUNNING, DONE = BroadcastState.DRAFT, BroadcastState.RUNNING, BroadcastState.DONE


def draft(name: str = "b") -> Broadcast:
    return Broadcast(id=name, by=ANN, chat_id=ANN.id, message_id=7, way=Way.COPY, created=datetime.now(UTC))


async def test_what_is_kept_is_found_again(mongo: Store) -> None:
    kept = draft().evolve(created=NOW, started=NOW, ended_by=BOB, problem="Gone.", cursor=2**52)
    assert await mongo.broadcasts.add(kept)
    assert not await mongo.broadcasts.add(kept.evolve(message_id=8))
    assert await mongo.broadcasts.get("b") == kept
    assert await mongo.broadcasts.get("c") is None
    changed = await mongo.broadcasts.note("b", status_message_id=9)
    assert changed == await mongo.broadcasts.get("b") == kept.evolve(status_message_id=9)


async def test_one_runs_at_a_time_however_many_are_started(mongo: Store) -> None:
    names = [f"b{number}" for number in range(8)]
    for name in names:
        await mongo.broadcasts.add(draft(name))
    started = await asyncio.gather(*(mongo.broadcasts.move(name, DRAFT, RUNNING) for name in names))
    (first,) = [one for one in started if one is not None]
    assert await mongo.broadcasts.running() == first
    over = await mongo.broadcasts.move(first.id, RUNNING, DONE, untold=True)
    assert over is not None
    assert await mongo.broadcasts.running() is None
    assert await mongo.broadcasts.untold() == [over]
    other = next(name for name in names if name != first.id)
    assert await mongo.broadcasts.move(other, DRAFT, RUNNING) is not None
    assert await mongo.broadcasts.move(first.id, DRAFT, RUNNING) is None


async def test_only_a_draft_is_changed_or_thrown_away(mongo: Store) -> None:
    await mongo.broadcasts.add(draft())
    chosen = await mongo.broadcasts.choose("b", Audience.ACTIVE)
    assert chosen is not None
    assert chosen.audience is Audience.ACTIVE
    await mongo.broadcasts.move("b", DRAFT, RUNNING)
    assert await mongo.broadcasts.choose("b", Audience.ACCESS) is None
    assert not await mongo.broadcasts.drop("b")
    await mongo.broadcasts.add(draft("c"))
    assert await mongo.broadcasts.drop("c")
    assert await mongo.broadcasts.get("c") is None


async def test_a_page_counts_once_also_where_it_was_cancelled_meanwhile(mongo: Store) -> None:
    await mongo.broadcasts.add(draft().evolve(sent=1))
    running = await mongo.broadcasts.move("b", DRAFT, RUNNING)
    assert running is not None
    await mongo.broadcasts.move("b", RUNNING, BroadcastState.CANCELLED)
    after = await mongo.broadcasts.advance(running, 12, Tally(sent=3, blocked=2, failed=1))
    assert after is not None
    assert (after.state, after.cursor) == (BroadcastState.CANCELLED, 12)
    assert (after.sent, after.blocked, after.failed) == (4, 2, 1)
    assert await mongo.broadcasts.advance(running, 15, Tally(sent=3)) is None
    assert await mongo.broadcasts.get("b") == after


async def test_a_damaged_record_is_none(mongo: Store, server: Server) -> None:
    await server.database["broadcasts"].insert_one({"_id": "b", "state": "running"})
    assert await mongo.broadcasts.get("b") is None
    assert await mongo.broadcasts.running() is None


# --- who gets it ----------------------------------------------------------------------------------


def whom(audience: Audience = Audience.EVERYBODY, *named: int) -> Whom:
    return Whom(audience=audience, besides=ANN.id, named=named, at=NOW)


async def people(mongo: Store, server: Server) -> None:
    """Ann (1), and others who have written long ago or lately, have a role or none, can be reached or not."""
    grants = {
        3: Grant(role=Role.BANNED, since=NOW),
        4: Grant(role=Role.BANNED, since=NOW, until=NOW - timedelta(days=1)),
        5: Grant(role=Role.USER, since=NOW),
        6: Grant(role=Role.ADMIN, since=NOW, until=NOW + timedelta(days=1)),
        7: Grant(role=Role.USER, since=NOW, until=NOW - timedelta(days=1)),
        9: Grant(role=Role.USER, since=NOW),
    }
    for number in (1, 2, 3, 4, 5, 6, 7, 8, 10):
        await mongo.users.see_user(Person(id=number, name="A"))
        days = 31 if number in (2, 5) else 29
        seen = NOW - timedelta(days=days)
        await server.database["users"].update_one({"_id": number}, {"$set": {"seen": seen}})
    for number, grant in grants.items():  # 9 was let in, and has never written
        await mongo.users.decide(Person(id=number, name="A"), grant=grant)
    await mongo.receivers.mark_unreachable([8], NOW)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (whom(), [2, 4, 5, 6, 7, 10]),
        (whom(Audience.ACTIVE), [4, 6, 7, 10]),
        (whom(Audience.ACCESS), [5, 6]),
        (whom(Audience.ACCESS, 3, 8, 9, 10, 11), [5, 6, 10]),
    ],
)
async def test_who_gets_it(mongo: Store, server: Server, wanted: Whom, expected: list[int]) -> None:
    await people(mongo, server)
    assert await mongo.receivers.some(wanted, 0, 100) == expected
    assert await mongo.receivers.count(wanted) == len(expected)
    pages, after = list[list[int]](), 0
    while page := await mongo.receivers.some(wanted, after, 2):
        pages.append(page)
        after = page[-1]
    assert [one for page in pages for one in page] == expected
    assert all(len(page) <= 2 for page in pages)


async def test_who_writes_again_is_not_marked(mongo: Store) -> None:
    for one in (ANN, BOB):
        await mongo.users.see_user(one)
    before = datetime.now(UTC) - timedelta(hours=1)
    await mongo.receivers.mark_unreachable([ANN.id, BOB.id], before)
    assert await mongo.receivers.count(whom().evolve(besides=9)) == 2
    await mongo.receivers.mark_unreachable([ANN.id, BOB.id], datetime.now(UTC) + timedelta(hours=1))
    assert await mongo.receivers.count(whom().evolve(besides=9)) == 0
    assert (await mongo.users.see_user(BOB)).unreachable is False
    assert await mongo.receivers.some(whom(), 0, 9) == [BOB.id]


async def test_every_query_has_its_index(mongo: Store, server: Server) -> None:
    await people(mongo, server)
    await mongo.broadcasts.add(draft())
    await server.database.command("profile", 2)
    try:
        await mongo.receivers.count(whom(Audience.ACCESS, 10))
        assert await mongo.receivers.some(whom(), 5, 2) == [6, 7]
        await mongo.broadcasts.running()
        await mongo.broadcasts.untold()
        running = await mongo.broadcasts.move("b", DRAFT, RUNNING)
        assert running is not None
        await mongo.broadcasts.advance(running, 1, Tally())
    finally:
        await server.database.command("profile", 0)
    profile = server.database["system.profile"]
    queries = await profile.find({"planSummary": {"$exists": True}}).to_list()
    await profile.drop()
    assert len(queries) >= 6
    assert not [one["command"] for one in queries if "COLLSCAN" in one["planSummary"]]
    (page,) = [one for one in queries if one["command"].get("find") == "users"]
    assert page["docsExamined"] == 2, "no further than to the end of the page"
