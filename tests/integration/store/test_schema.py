"""The database gets from the version that it has to the newest one: forwards, once, whoever starts."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from medusa.errors import NewerDatabase, StoreUnavailable
from medusa.model import CopyState, State
from medusa.storage.documents import document_of
from medusa.storage.mongo import Store, open_store
from medusa.storage.schema import SCHEMA_ID, Schema
from medusa.storage.steps import in_portions, one_shape
from medusa.wishes import Preferences, Wish
from tests.integration.store.conftest import NOW, SOON, Document, Records, Server
from tests.unit.jobs.memory import ANN, BOB, done, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")

Step = Callable[[Any], Awaitable[None]]


class Steps:
    """Steps that note that they were carried out."""

    def __init__(self) -> None:
        self.done = list[int]()

    def __call__(self, number: int) -> Step:
        async def step(_: object) -> None:
            self.done.append(number)

        return step


@pytest.fixture
def steps() -> Steps:
    return Steps()


# --- the mechanism --------------------------------------------------------------------------------


async def test_a_database_that_was_opened_has_the_newest_version(mongo_uri: str, mongo_database: str) -> None:
    async with open_store(mongo_uri, mongo_database) as store:
        assert await store.schema.version() == store.schema.newest >= 1


async def test_steps_are_carried_out_in_their_order_and_only_once(mongo: Store, steps: Steps) -> None:
    await Schema(mongo.database, [steps(1), steps(2)]).bring_up_to_date()
    await Schema(mongo.database, [steps(1), steps(2)]).bring_up_to_date()
    await Schema(mongo.database, [steps(1), steps(2), steps(3)]).bring_up_to_date()
    assert steps.done == [1, 2, 3]


async def test_a_newer_database_is_refused_and_left_alone(mongo: Store, steps: Steps) -> None:
    await Schema(mongo.database, [steps(1), steps(2)]).bring_up_to_date()
    before = await mongo.database["settings"].find_one({"_id": SCHEMA_ID})
    with pytest.raises(NewerDatabase, match="version 2, and this Medusa knows versions up to 1"):
        await Schema(mongo.database, [steps(9)]).bring_up_to_date()
    assert await mongo.database["settings"].find_one({"_id": SCHEMA_ID}) == before
    assert steps.done == [1, 2]


async def test_of_many_that_start_at_once_one_does_it_and_all_wait(mongo: Store) -> None:
    finished, began = asyncio.Event(), list[object]()

    async def step(_: object) -> None:
        began.append(step)
        await finished.wait()

    starts = [asyncio.create_task(Schema(mongo.database, [step]).bring_up_to_date()) for _ in range(8)]
    while not began:
        await asyncio.sleep(0)
    assert (await asyncio.wait(starts, timeout=0.3))[0] == set()
    finished.set()
    await asyncio.gather(*starts)
    assert len(began) == 1


async def test_what_was_interrupted_is_begun_again_by_the_next(mongo: Store, steps: Steps) -> None:
    async def fails(_: object) -> None:
        raise StoreUnavailable

    with pytest.raises(StoreUnavailable):
        await Schema(mongo.database, [steps(1), fails], lease_seconds=0.05).bring_up_to_date()
    # Its lease is over soon, and the step that was done is not done again.
    await Schema(mongo.database, [steps(8), steps(2)]).bring_up_to_date()
    assert steps.done == [1, 2]


async def test_who_is_taken_to_be_dead_stops_and_waits(mongo: Store, steps: Steps) -> None:
    cancelled, began = asyncio.Event(), asyncio.Event()

    async def hangs(_: object) -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    slow = asyncio.create_task(Schema(mongo.database, [hangs], lease_seconds=0.3).bring_up_to_date())
    await began.wait()
    await mongo.database["settings"].update_one(
        {"_id": SCHEMA_ID}, {"$set": {"holder": "another", "version": 1}}
    )
    await slow
    assert cancelled.is_set()
    assert await Schema(mongo.database, [hangs]).version() == 1


async def test_a_step_may_take_longer_than_the_lease(mongo: Store) -> None:
    runs = list[object]()

    async def long(_: object) -> None:
        runs.append(long)
        await asyncio.sleep(0.3)

    schemas = [Schema(mongo.database, [long], lease_seconds=0.1) for _ in range(2)]
    await asyncio.gather(*(schema.bring_up_to_date() for schema in schemas))
    assert len(runs) == 1


# --- the steps, each on data of the version before ------------------------------------------------


async def test_to_1_settings_of_two_places_are_in_one(mongo: Store, server: Server) -> None:
    people = [ANN, BOB, ANN.evolve(id=3), ANN.evolve(id=4)]
    for person in people:
        await mongo.users.see_user(person)
    wish = {"max_height": 720, "audio_only": False}
    earlier: list[Document] = [
        {"default_wish": wish},
        {"default_wish": wish, "archive": False, "preferences": {"archive": True, "credit": "Bob"}},
        {"archive": False},
        {"preferences": {"credit": "Dan"}},
    ]
    for person, fields in zip(people, earlier, strict=True):
        await server.database["users"].update_one({"_id": person.id}, {"$set": fields})
    await one_shape(mongo.database)
    await one_shape(mongo.database)  # as after an interruption
    found = [await mongo.users.find_user(person.id) for person in people]
    assert [user and user.preferences for user in found] == [
        Preferences(wish=Wish(max_height=720)),
        Preferences(wish=Wish(max_height=720), credit="Bob"),
        Preferences(archive=False),
        Preferences(credit="Dan"),
    ]
    old = {"$or": [{"default_wish": {"$exists": True}}, {"archive": {"$exists": True}}]}
    assert await server.database["users"].count_documents(old) == 0


async def test_to_1_a_download_that_was_one_message_has_a_list(
    records: Records, mongo: Store, server: Server
) -> None:
    await records.add(done("job", -1, -2))
    await records.add(queued("waiting"))
    kept = await records.get("job")
    assert kept is not None
    await server.database.downloads.update_one(
        {"_id": "job"},
        {
            "$set": {"sent": kept.sent[0].model_dump(exclude={"plan", "duration"}), "finished": NOW},
            "$unset": {"log_copies.$[].number": 1},
        },
    )
    await server.database.downloads.update_one({"_id": "waiting"}, {"$set": {"sent": None}})
    await one_shape(mongo.database)
    assert await records.get("job") == done("job", -1, -2).evolve(finished=NOW)
    assert await records.active_of(ANN.id) == [queued("waiting")]
    for channel in (-1, -2):
        found = await records.due_copy(channel, NOW, SOON)
        assert found is not None
        await records.put_copy("job", found[1].evolve(state=CopyState.SENT, next_try=None))
    after = await records.get("job")
    assert after is not None
    assert {copy.state for copy in after.log_copies} == {CopyState.SENT}


async def test_to_1_what_was_over_has_ended_when_it_was_changed(mongo: Store, server: Server) -> None:
    old = document_of(queued("old", state=State.FAILED).evolve(updated=NOW, error="It is gone."))
    for name in ("finished", "started", "reason", "source", "archived"):
        del old[name]
    await server.database["downloads"].insert_many([old, document_of(queued("waits"))])
    assert await mongo.analytics.earliest() is None
    await one_shape(mongo.database)
    assert await mongo.analytics.earliest() == NOW.date()
    day = await mongo.analytics.count(NOW.date(), NOW, complete=True)
    assert (day.failed, day.done) == (1, 0)


async def test_all_documents_are_looked_at_in_portions(mongo: Store, server: Server) -> None:
    await server.database["downloads"].insert_many([{"_id": number, "old": True} for number in range(25)])
    update: list[Document] = [{"$unset": "old"}]
    assert await in_portions(mongo.database["downloads"], {"old": True}, update, at_once=10) == 25
    assert await in_portions(mongo.database["downloads"], {"old": True}, update, at_once=10) == 0
