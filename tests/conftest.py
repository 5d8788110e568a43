"""What all tests share."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from uuid import uuid4

import pytest
import pytest_asyncio
import uvloop
from blockbuster import BlockBuster

from medusa.storage.embedded import embedded_mongod
from tests.redis_server import RedisServer, redis_server


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Tests run on the loop that the bot runs on: the two differ where connections end."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(autouse=True)
def loop_never_blocked(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails an async test in which code of ours blocks the event loop."""
    if not inspect.iscoroutinefunction(getattr(request, "function", None)):
        yield
        return
    guard = BlockBuster(["medusa", "plugins"])
    # Pyrogram's own session is a small SQLite database in memory, which it uses on the loop by design.
    guard.functions = {
        name: call for name, call in guard.functions.items() if not name.startswith("sqlite3.")
    }
    # The one file that clients need to be made, before anybody waits for them.
    for name in ("io.BufferedReader.read", "io.TextIOWrapper.read"):
        guard.functions[name].can_block_in("medusa/telegram/server.py", "trust")
        guard.functions[name].can_block_in("medusa/setting_types.py", "_public_key")
    guard.activate()
    try:
        yield
    finally:
        guard.deactivate()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def mongo_uri(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """URI of a mongod that all tests of the run share."""
    async with embedded_mongod(tmp_path_factory.mktemp("mongo")) as uri:
        yield uri


@pytest.fixture
def mongo_database() -> str:
    """Name of a database that nobody has used before."""
    return f"test_{uuid4().hex}"


@pytest_asyncio.fixture
async def redis() -> AsyncIterator[RedisServer]:
    """A Redis of this test alone: it may be stopped."""
    async with redis_server() as server:
        yield server
