"""What those who run the bot ask of the real database."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from medusa.audit import Deed
from medusa.fault import Fault
from medusa.model import State
from medusa.restarts import Restart
from medusa.storage.mongo import Store
from tests.integration.store.conftest import NOW, Server
from tests.unit.jobs.memory import ANN, BOB, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOUR = timedelta(hours=1)


def fault(name: str = "a", **fields: object) -> Fault:
    one = Fault(id=name, kind="K", place="p", message="m", traceback="t", first=NOW, last=NOW)
    return one.evolve(**fields)


# --- faults ---------------------------------------------------------------------------------------


async def test_a_fault_is_kept_once_and_counted(mongo: Store) -> None:
    await mongo.faults.add(fault(count=2))
    again = fault(first=NOW + HOUR, last=NOW + HOUR, traceback="another", count=3)
    await mongo.faults.add(again)
    await mongo.faults.add(fault(last=NOW - HOUR))
    assert await mongo.faults.get("a") == fault(last=NOW + HOUR, count=6)
    assert await mongo.faults.get("b") is None


async def test_two_processes_that_see_the_same_lose_nothing(mongo: Store) -> None:
    await asyncio.gather(*(mongo.faults.add(fault()) for _ in range(20)))
    found = await mongo.faults.get("a")
    assert found is not None
    assert found.count == 20


async def test_the_owner_is_told_of_what_is_new_and_of_what_came_again(mongo: Store) -> None:
    for number, name in enumerate("abc"):
        await mongo.faults.add(fault(name, last=NOW + number * HOUR))
    assert [one.id for one in await mongo.faults.untold(2)] == ["c", "b"]
    for one in await mongo.faults.untold(9):
        await mongo.faults.tell(one, NOW)
    assert await mongo.faults.untold(9) == []
    await mongo.faults.add(fault("b"))
    assert await mongo.faults.again(NOW, 9) == []
    (again,) = await mongo.faults.again(NOW + HOUR, 9)
    assert (again.id, again.count, again.told) == ("b", 2, 1)
    await mongo.faults.tell(again, NOW)
    assert await mongo.faults.again(NOW + HOUR, 9) == []


async def test_faults_are_listed_and_forgotten(mongo: Store) -> None:
    for number, name in enumerate("abc"):
        await mongo.faults.add(fault(name, last=NOW + number * HOUR))
    assert [one.id for one in await mongo.faults.latest(1, 9)] == ["b", "a"]
    assert await mongo.faults.forget("b")
    assert not await mongo.faults.forget("b")
    assert [one.id for one in await mongo.faults.latest(0, 9)] == ["c", "a"]


# --- once in a while ------------------------------------------------------------------------------


async def test_what_was_done_a_moment_ago_is_not_done_again(mongo: Store) -> None:
    pause = timedelta(minutes=10)
    taken = await asyncio.gather(*(mongo.moments.take("report", NOW, pause) for _ in range(10)))
    assert taken.count(True) == 1
    assert not await mongo.moments.take("report", NOW + pause - timedelta(seconds=1), pause)
    assert await mongo.moments.take("another", NOW, pause)
    assert await mongo.moments.take("report", NOW + pause, pause)
    # Without a pause it is done at any time, and counts for the next one.
    assert await mongo.moments.take("report", NOW + pause, timedelta())
    await mongo.moments.give_back("report")
    assert await mongo.moments.take("report", NOW + pause, pause)


async def test_a_restart_is_over_once_and_is_not_repeated(mongo: Store) -> None:
    first = Restart(chat_id=7, message_id=40, at=NOW)
    assert await mongo.moments.take_restart() is None
    assert await mongo.moments.last_restart() is None
    assert await mongo.moments.ask_restart(first)
    assert await mongo.moments.last_restart() == first
    assert not await mongo.moments.ask_restart(first.evolve(at=NOW + HOUR))
    assert await mongo.moments.take_restart() == first
    assert await mongo.moments.take_restart() is None
    assert await mongo.moments.last_restart() == first
    assert not await mongo.moments.ask_restart(first)
    second = first.evolve(message_id=41)
    assert await mongo.moments.ask_restart(second)
    assert await mongo.moments.take_restart() == second


async def test_the_policy_beside_it_is_as_it_was(mongo: Store) -> None:
    await mongo.policy.change({"public": True}, [])
    await mongo.moments.take("report", NOW, HOUR)
    await mongo.moments.ask_restart(Restart(chat_id=7, message_id=40, at=NOW))
    assert await mongo.policy.changed() == {"public": True}


# --- figures --------------------------------------------------------------------------------------


async def test_the_database_says_how_it_is(mongo: Store) -> None:
    found = await mongo.vitals.database()
    assert found.version.count(".") == 2
    assert found.latency_ms > 0
    assert found.size > 0


async def test_downloads_are_counted_by_their_index(mongo: Store, server: Server) -> None:
    for number, state in enumerate((State.QUEUED, State.QUEUED, State.RUNNING, State.DONE, State.ASKING)):
        await mongo.downloads.add(queued(f"job {number}", state=state))
    found = await mongo.vitals.downloads()
    assert (found.running, found.queued) == (1, 2)
    query = {"count": "downloads", "query": {"state": "queued"}, "hint": "leases"}
    plan = await server.database.command("explain", query)
    assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])


# --- deeds ----------------------------------------------------------------------------------------


async def test_the_last_deed_to_each_subject(mongo: Store) -> None:
    def deed(hour: int, what: str, subject: str, after: str, by: object = ANN) -> Deed:
        fields = {"at": NOW + hour * HOUR, "by": by, "what": what, "subject": subject, "after": after}
        return Deed.model_validate(fields)

    kept = [
        deed(1, "setting", "public", "True"),
        deed(3, "setting", "public", "False", BOB),
        deed(2, "setting", "public", "True"),
        deed(1, "setting", "wish", "None"),
        deed(9, "grant", "public", "user"),
    ]
    for one in kept:
        await mongo.audit.add(one)
    assert await mongo.audit.last_of("setting") == {"public": kept[1], "wish": kept[3]}
    assert await mongo.audit.last_of("nothing") == {}


async def test_times_come_back_with_their_zone(mongo: Store) -> None:
    await mongo.faults.add(fault(last=datetime.now(UTC)))
    found = await mongo.faults.get("a")
    assert found is not None
    assert found.last.tzinfo is not None
