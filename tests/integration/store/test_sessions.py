"""Sessions and their leases: one contract for the real database and the one in memory."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from medusa.lease import Holder
from medusa.storage.mongo import Store
from medusa.telegram.session_store import SessionStore
from tests.integration.store.conftest import Server
from tests.unit.telegram.session_memory import MemorySessions

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONE = Holder(id="one", place="host boot pid:[1] 0", pid=2, started=3)
TWO = Holder(id="two")


@pytest.fixture(params=["memory", "mongo"])
def sessions(request: pytest.FixtureRequest, mongo: Store) -> SessionStore:
    return mongo.sessions if request.param == "mongo" else MemorySessions()


async def test_nobody_holds_what_nobody_took(sessions: SessionStore) -> None:
    assert await sessions.leases(["medusa"]) == {}


async def test_a_lease_is_seen_with_its_holder_and_its_time(sessions: SessionStore) -> None:
    assert await sessions.take("medusa", ONE, 10, None)
    assert await sessions.take("other", TWO, 10, None)
    (lease,) = (await sessions.leases(["medusa", "nobody's"])).values()
    assert lease.holder == ONE
    assert 9 < lease.seconds_left <= 10
    assert abs(lease.until - datetime.now(UTC) - timedelta(seconds=10)) < timedelta(seconds=1)


async def test_a_lease_that_is_over_is_still_seen(sessions: SessionStore) -> None:
    assert await sessions.take("medusa", ONE, -10, None)
    lease = (await sessions.leases(["medusa"]))["medusa"]
    assert -11 < lease.seconds_left <= -10


async def test_what_is_held_is_not_taken_as_free(sessions: SessionStore) -> None:
    assert await sessions.take("medusa", ONE, -10, None)
    assert not await sessions.take("medusa", TWO, 10, None)
    assert (await sessions.leases(["medusa"]))["medusa"].holder == ONE


async def test_it_is_taken_only_as_it_was_seen(sessions: SessionStore) -> None:
    assert await sessions.take("medusa", ONE, -10, None)
    seen = (await sessions.leases(["medusa"]))["medusa"]
    assert await sessions.renew("medusa", ONE, 10)
    assert not await sessions.take("medusa", TWO, 10, seen), "its holder was quicker"
    seen = (await sessions.leases(["medusa"]))["medusa"]
    assert await sessions.take("medusa", TWO, 10, seen)
    assert not await sessions.renew("medusa", ONE, 10)
    assert (await sessions.leases(["medusa"]))["medusa"].holder == TWO


async def test_of_many_who_want_it_one_gets_it(sessions: SessionStore) -> None:
    for _ in range(5):
        seen = (await sessions.leases(["medusa"])).get("medusa")
        takers = [Holder(id=f"{number}") for number in range(20)]
        got = await asyncio.gather(*(sessions.take("medusa", taker, -1, seen) for taker in takers))
        assert sum(got) == 1
        assert (await sessions.leases(["medusa"]))["medusa"].holder == takers[got.index(True)]


async def test_what_is_given_back_is_nobodys(sessions: SessionStore) -> None:
    assert await sessions.take("medusa", ONE, 10, None)
    await sessions.release("medusa", TWO)
    assert await sessions.leases(["medusa"])
    await sessions.release("medusa", ONE)
    assert await sessions.leases(["medusa"]) == {}
    assert await sessions.take("medusa", TWO, 10, None)


async def test_a_lease_that_is_gone_is_renewed_all_the_same(sessions: SessionStore) -> None:
    assert await sessions.renew("medusa", ONE, 10)
    assert (await sessions.leases(["medusa"]))["medusa"].holder == ONE


async def test_a_session_and_its_peers_are_there_again(sessions: SessionStore) -> None:
    assert await sessions.load("medusa") == (None, {})
    assert await sessions.take("medusa", ONE, 10, None)
    sealed = bytes(range(256))
    await sessions.save("medusa", ONE, sealed)
    await sessions.save_peers("medusa", {7: b"7", -1003800000000: b"channel"})
    await sessions.save_peers("medusa", {7: b"7 again", 8: b"8"})
    await sessions.save_peers("medusa-2", {7: b"another session's"})
    assert await sessions.load("medusa") == (sealed, {7: b"7 again", 8: b"8", -1003800000000: b"channel"})


async def test_only_its_holder_writes_a_session(sessions: SessionStore) -> None:
    await sessions.save("medusa", ONE, b"nobody's")
    assert await sessions.take("medusa", ONE, 10, None)
    await sessions.save("medusa", TWO, b"another's")
    assert await sessions.load("medusa") == (None, {})


async def test_giving_back_and_taking_leave_the_session_as_it_is(sessions: SessionStore) -> None:
    assert await sessions.take("medusa", ONE, 10, None)
    await sessions.save("medusa", ONE, b"sealed")
    assert await sessions.renew("medusa", ONE, 10)
    await sessions.release("medusa", ONE)
    assert await sessions.take("medusa", TWO, 10, None)
    assert (await sessions.load("medusa"))[0] == b"sealed"


async def test_what_is_forgotten_is_gone_but_for_the_lease(sessions: SessionStore) -> None:
    assert await sessions.take("medusa", ONE, 10, None)
    await sessions.save("medusa", ONE, b"sealed")
    await sessions.save_peers("medusa", {7: b"7"})
    await sessions.save_peers("medusa-2", {7: b"7"})
    await sessions.forget("medusa")
    assert await sessions.load("medusa") == (None, {})
    assert await sessions.load("medusa-2") == (None, {7: b"7"})
    assert (await sessions.leases(["medusa"]))["medusa"].holder == ONE


async def test_peers_are_found_by_an_index(server: Server, mongo: Store) -> None:
    await mongo.sessions.save_peers("medusa", dict.fromkeys(range(3000), b"sealed"))
    await mongo.sessions.save_peers("medusa-2", {1: b"sealed"})
    plan = await server.database["peers"].find({"session": "medusa-2"}).explain()
    assert plan["executionStats"]["totalDocsExamined"] == 1
