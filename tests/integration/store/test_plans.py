"""Nothing that is asked or kept for a message reads a whole collection: the database explains its plans."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
import pytest_asyncio
from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from medusa.storage.mongo import Store
from medusa.user import Role, Sought
from tests.filling import fill, known
from tests.paths import Operation, reads, writes
from tests.plans import Document, Overheard, stages, to_explain

pytestmark = pytest.mark.asyncio(loop_scope="module")

DOWNLOADS, USERS = 300, 60
CROWD = 3000
THERE = known(DOWNLOADS, USERS)
NOWHERE: Any = None
READS = [operation.name for operation in reads(NOWHERE, THERE)]
WRITES = [operation.name for operation in writes(NOWHERE, THERE)]


class Desk(NamedTuple):
    """A store whose words are heard, and the database behind it."""

    store: Store
    overheard: Overheard
    database: AsyncDatabase[Document]

    async def plans(self, *operations: Operation, number: int = 3) -> list[tuple[Document, list[str]]]:
        """What is said to the database, each with the stages of its winning plan."""
        with self.overheard.listening() as commands:
            for operation in operations:
                await operation.run(number)
        return [(command, await stages(self.database, command)) for command in commands]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(mongo_uri: str) -> AsyncIterator[Desk]:
    """A database as a bot leaves it, a small one."""
    async with filled(mongo_uri, DOWNLOADS, USERS) as desk:
        yield desk


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crowd(mongo_uri: str) -> AsyncIterator[Desk]:
    """One with many people."""
    async with filled(mongo_uri, 10, CROWD) as desk:
        yield desk


@asynccontextmanager
async def filled(mongo_uri: str, downloads: int, users: int) -> AsyncIterator[Desk]:
    """A database with so much in it."""
    name, overheard = f"test_{uuid4().hex}", Overheard()
    fill(mongo_uri, name, downloads, users, processes=1)
    client: Any = AsyncIOMotorClient(mongo_uri, event_listeners=[overheard])
    async with AsyncMongoClient[Document](mongo_uri) as looking:
        store = Store(client.get_database(name, CodecOptions(tz_aware=True, tzinfo=UTC)))
        await store.prepare()
        yield Desk(store, overheard, looking[name])
        await looking.drop_database(name)
    client.close()


def is_indexed(command: Document, found: list[str]) -> None:
    """Fails where a plan reads a whole collection, or none was told of: then the collection is not there."""
    assert found, command
    assert not {"COLLSCAN", "EOF"} & {*found}, (found, command)


@pytest.mark.parametrize("name", READS)
async def test_what_is_asked_for_a_message_has_an_index(desk: Desk, name: str) -> None:
    (operation,) = (one for one in reads(desk.store, THERE) if one.name == name)
    plans = await desk.plans(operation)
    assert plans
    for command, found in plans:
        is_indexed(command, found)


async def test_what_is_kept_of_a_message_and_its_download_has_an_index(desk: Desk) -> None:
    heard = list[str]()
    for operation in writes(desk.store, THERE):  # in their order: what is claimed is then ended
        for command, found in await desk.plans(operation):
            heard.append(next(iter(command)))
            is_indexed(command, found)
    assert {"find", "findAndModify", "update", "aggregate"} <= {*heard}


async def test_days_are_counted_and_read_by_their_indexes(desk: Desk) -> None:
    now = datetime.now(UTC)
    today = now.date()

    async def count(number: int) -> object:
        return await desk.store.analytics.count(today - timedelta(days=number), now, complete=True)

    async def look(number: int) -> object:
        await desk.store.analytics.earliest()
        await desk.store.analytics.first()
        await desk.store.analytics.last_complete()
        await desk.store.analytics.days(today - timedelta(days=7), today)
        return await desk.store.analytics.different_users([(today - timedelta(days=7), today)])

    first, *others = await desk.plans(*(Operation("", run) for run in (count, look)))
    assert first[0]["aggregate"] == "downloads"
    assert "IXSCAN" in first[1]
    assert len(others) == 6
    for command, found in others:
        is_indexed(command, found)


async def examined(desk: Desk, command: Document) -> int:
    """How many documents are looked at for a query."""
    (query,) = to_explain(command)
    found = await desk.database.command("explain", query, verbosity="executionStats")
    return int(found["executionStats"]["totalDocsExamined"])


@pytest.mark.parametrize(
    "sought",
    [
        Sought(),
        Sought(text="person"),
        Sought(text="person_59"),
        Sought(text="nobody"),
        Sought(text="person nobody"),
        Sought(text="5000000007"),
        Sought(role=Role.ADMIN),
        Sought(role=Role.ADMIN, text="nobody"),
        Sought(asking=True, text="person"),
    ],
)
async def test_a_page_of_people_looks_at_few_however_many_there_are(crowd: Desk, sought: Sought) -> None:
    with crowd.overheard.listening() as commands:
        await crowd.store.users.page(sought, 8, 9)
    (command,) = commands
    is_indexed(command, await stages(crowd.database, command))
    assert await examined(crowd, command) <= 17, "one page, and what stands before it"


async def test_a_query_without_an_index_would_be_seen(desk: Desk) -> None:
    async def search(number: int) -> object:
        return await desk.store.database["downloads"].find_one({"title": "A film"})

    async def change(number: int) -> object:
        return await desk.store.database["users"].update_many({"person.name": "x"}, {"$set": {"seen": None}})

    for run in (search, change):
        ((_, found),) = await desk.plans(Operation("", run))
        assert "COLLSCAN" in found
