"""The real database, and for the jobs one contract for it and the one in memory."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from medusa.jobs.store import CopyStore, DownloadStore
from medusa.storage.copies import Copies
from medusa.storage.downloads import Downloads
from medusa.storage.mongo import Store, open_store
from tests.unit.jobs.memory import MemoryStore

Document = dict[str, Any]
NOW = datetime.now(UTC).replace(microsecond=0)
SOON, LATER = NOW + timedelta(seconds=60), NOW + timedelta(seconds=120)


class JobStore(DownloadStore, CopyStore, Protocol):
    """What the jobs need, all of it."""


class Records(Downloads, Copies):
    """The same of the real database."""


class Server(NamedTuple):
    """A store, and the database behind it."""

    store: Store
    database: AsyncDatabase[Document]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(mongo_uri: str) -> AsyncIterator[Server]:
    name = f"test_{uuid4().hex}"
    async with open_store(mongo_uri, name) as store, AsyncMongoClient[Document](mongo_uri) as client:
        yield Server(store, client[name])


@pytest_asyncio.fixture(loop_scope="module")
async def mongo(server: Server) -> Store:
    """The real store, empty."""
    for collection in await server.database.list_collection_names(
        filter={"name": {"$not": {"$regex": "^system"}}}
    ):
        await server.database[collection].delete_many({})
    return server.store


@pytest.fixture
def records(mongo: Store) -> Records:
    """The downloads of the real store."""
    return Records(mongo.database)


@pytest.fixture(params=["memory", "mongo"])
def store(request: pytest.FixtureRequest, records: Records) -> JobStore:
    return records if request.param == "mongo" else MemoryStore()
