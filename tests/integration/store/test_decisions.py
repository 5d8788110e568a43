"""Who may use the bot, how much they have used, how it is run, and who has done what, in the database."""

import asyncio
from datetime import timedelta

import pytest

from medusa.allowance import DAY, HOUR, Allowance, Use, Window
from medusa.audit import Deed
from medusa.model import Person
from medusa.storage.mongo import Store
from medusa.user import Grant, Role, Sought
from tests.integration.store.conftest import NOW, SOON, Records, Server
from tests.unit.jobs.memory import ANN, BOB, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")

GRANT = Grant(role=Role.USER, until=NOW + DAY, by=1, since=NOW)


# --- people ---------------------------------------------------------------------------------------


async def test_what_is_decided_about_somebody_lasts_whatever_they_are_called(mongo: Store) -> None:
    unknown = Person(id=ANN.id, name=str(ANN.id))
    await mongo.users.decide(unknown, grant=GRANT, allowance=Allowance(jobs=2))
    seen = await mongo.users.see_user(ANN)
    assert (seen.person, seen.grant, seen.allowance) == (ANN, GRANT, Allowance(jobs=2))
    decided = await mongo.users.decide(unknown, grant=GRANT.evolve(role=Role.BANNED))
    assert decided.person == ANN, "less is known of who is only spoken of"
    assert decided.allowance == Allowance(jobs=2)


async def test_people_are_found_by_the_beginnings_of_their_names(mongo: Store) -> None:
    people = [
        Person(id=1, name="Ann Lee", username="annie"),
        Person(id=2, name="Anna Maria"),
        Person(id=3, name="Émile .*"),
        Person(id=44, name="44"),
    ]
    for person in people:
        await mongo.users.see_user(person)

    async def found(text: str) -> set[int]:
        return {user.person.id for user in await mongo.users.page(Sought(text=text), 0, 10)}

    assert await found("") == {1, 2, 3, 44}
    assert await found("AN") == {1, 2}
    assert await found("ann lee") == await found("annie") == await found("1") == {1}
    assert await found("émi") == {3}
    assert await found(".*") == await found("")
    assert await found("zoe") == set()
    for name, wanted in (("annie", 1), ("ANNIE", 1), ("anni", None), ("ann", None), (".*", None)):
        user = await mongo.users.find_by_username(name)
        assert (user and user.person.id) == wanted


async def test_lists_of_people_come_in_pages(mongo: Store) -> None:
    for number in range(1, 6):
        await mongo.users.see_user(Person(id=number, name=f"P{number}"))
    await mongo.users.decide(Person(id=2, name="P2"), grant=GRANT)
    await mongo.users.decide(Person(id=9, name="9"), grant=GRANT)
    assert [user.person.id for user in await mongo.users.page(Sought(), 0, 2)] == [5, 4]
    assert [user.person.id for user in await mongo.users.page(Sought(), 4, 9)] == [1, 9]
    assert [user.person.id for user in await mongo.users.page(Sought(role=Role.USER), 0, 9)] == [2, 9]
    assert await mongo.users.page(Sought(role=Role.BANNED), 0, 9) == []


async def test_who_asks_waits_until_it_is_decided_and_may_not_ask_again_at_once(mongo: Store) -> None:
    await mongo.users.see_user(ANN)
    asking = Sought(asking=True)
    assert await mongo.users.ask(ANN.id, NOW, NOW - HOUR)
    assert not await mongo.users.ask(ANN.id, NOW, NOW - HOUR)
    assert [user.person for user in await mongo.users.page(asking, 0, 9)] == [ANN]
    await mongo.users.decide(ANN)
    assert await mongo.users.page(asking, 0, 9) == []
    assert not await mongo.users.ask(ANN.id, NOW, NOW - HOUR)
    assert await mongo.users.ask(ANN.id, NOW + DAY, NOW + DAY - HOUR)


async def test_no_list_of_people_is_found_by_looking_at_all(mongo: Store, server: Server) -> None:
    for sought in (
        {"grant.role": "user"},
        {"asked": {"$type": "date"}},
        {"words": {"$regex": "^an"}},
        {},
    ):
        cursor = server.database.users.find(sought).sort([("seen", -1), ("_id", -1)])
        plan = str((await cursor.explain())["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in plan, sought
        assert "COLLSCAN" not in plan, sought


async def test_a_group_is_open_until_it_is_closed(mongo: Store) -> None:
    assert not await mongo.chats.is_open(-5)
    await mongo.chats.open(-5, "Films", ANN.id)
    assert await mongo.chats.is_open(-5)
    assert await mongo.chats.all() == {-5: "Films"}
    assert await mongo.chats.close(-5)
    assert not await mongo.chats.is_open(-5)
    assert not await mongo.chats.close(-5)


# --- what they have used --------------------------------------------------------------------------


async def test_of_many_who_take_at_once_only_as_many_get_it_as_there_is(mongo: Store) -> None:
    windows = [Window(HOUR, 5)]
    taken = await asyncio.gather(
        *(mongo.usage.take(ANN.id, "links", f"job {number}", 1, windows, NOW) for number in range(20))
    )
    assert sum(is_taken for is_taken, _ in taken) == 5
    assert (await mongo.usage.take(BOB.id, "links", "job", 1, windows, NOW))[0], "another's is not mine"
    assert (await mongo.usage.take(ANN.id, "bytes", "job", 1, windows, NOW))[0], "nor is another kind"


async def test_the_same_is_taken_once(mongo: Store) -> None:
    for _ in range(3):
        is_taken, uses = await mongo.usage.take(ANN.id, "links", "job", 2, [Window(HOUR, 3)], NOW)
        assert is_taken
        assert uses == [Use(NOW, 2)]


async def test_every_window_counts_and_slides(mongo: Store) -> None:
    windows = [Window(HOUR, 1), Window(DAY, 2)]

    async def take(after: timedelta) -> bool:
        return (await mongo.usage.take(ANN.id, "links", f"{after}", 1, windows, NOW + after))[0]

    assert await take(timedelta())
    assert not await take(timedelta(minutes=59))
    assert await take(timedelta(minutes=60))
    assert not await take(timedelta(hours=5)), "the day is used up"
    assert await take(timedelta(hours=24))
    assert [use.at for use in await mongo.usage.uses(ANN.id, "links")] == [NOW + HOUR, NOW + DAY]


async def test_what_was_reserved_is_counted_as_what_it_was(mongo: Store) -> None:
    minute = NOW.replace(second=0)
    for number, size in enumerate((10, 0, 5)):
        await mongo.usage.take(ANN.id, "bytes", f"job {number}", 100, [Window(DAY, 10_000)], NOW)
        await mongo.usage.settle(ANN.id, "bytes", f"job {number}", size, NOW)
    await mongo.usage.take(ANN.id, "bytes", "running", 50, [Window(DAY, 10_000)], NOW)
    assert await mongo.usage.uses(ANN.id, "bytes") == [Use(minute, 15), Use(NOW, 50)]
    await mongo.usage.settle(ANN.id, "bytes", "running", 60, NOW + timedelta(minutes=1))
    assert await mongo.usage.uses(ANN.id, "bytes") == [
        Use(minute, 15),
        Use(minute + timedelta(minutes=1), 60),
    ]


# --- how the bot is run ---------------------------------------------------------------------------


async def test_only_what_differs_from_the_settings_is_kept(mongo: Store) -> None:
    assert await mongo.policy.changed() == {}
    await mongo.policy.change({"public": True, "users": Allowance(jobs=2)}, [])
    changed = await mongo.policy.changed()
    assert changed["public"] is True
    assert Allowance.model_validate(changed["users"]) == Allowance(jobs=2)
    await mongo.policy.change({}, ["public", "users"])
    assert await mongo.policy.changed() == {}


async def test_deeds_come_newest_first(mongo: Store) -> None:
    deeds = [
        Deed(
            at=NOW + timedelta(seconds=number), by=ANN, what="ban", subject=f"{number}", before="a", after="b"
        )
        for number in range(5)
    ]
    for deed in (deeds[3], deeds[0], deeds[4], deeds[1], deeds[2]):
        await mongo.audit.add(deed)
    assert await mongo.audit.latest(0, 2) == [deeds[4], deeds[3]]
    assert await mongo.audit.latest(4, 9) == [deeds[0]]


async def test_a_limit_of_ones_own_goes_before_that_of_all(records: Records, mongo: Store) -> None:
    for number in range(3):
        for person in (ANN, BOB):
            await records.add(queued(f"{person.id} {number}", person=person, not_before=NOW))
    await mongo.line.limit(ANN.id, 1)
    await mongo.line.limit(BOB.id, 0)
    claimed = [await records.claim(NOW, SOON, holder="me", most=2) for _ in range(6)]
    assert [one.request.person for one in claimed if one] == [ANN, BOB, BOB, BOB]
