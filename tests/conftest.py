"""What all tests share."""

import asyncio
import inspect
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
import uvloop
from blockbuster import BlockBuster
from hypothesis import settings

from medusa.storage.embedded import embedded_mongod
from tests.redis_server import RedisServer, redis_server

# How long an example takes says how busy the machine is.
settings.register_profile("patient", settings(), deadline=None)
settings.load_profile("patient")


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
    # The driver looks for ~/.pgpass; ./scripts/migrate has nothing else on its loop.
    for call in guard.functions.values():
        call.can_block_in("medusa/migration/postgres.py", "reading")
    guard.activate()
    try:
        yield
    finally:
        guard.deactivate()


@pytest.fixture(scope="session")
def mongo_uri() -> Iterator[str]:
    """URI of a mongod that all tests of the run share.

    It belongs to no test's loop: an async fixture was made anew for each module, with 300 MB of journal each.
    """
    with tempfile.TemporaryDirectory(prefix="mongo-") as home, asyncio.Runner() as runner:
        server = embedded_mongod(Path(home))
        yield runner.run(server.__aenter__())
        runner.run(server.__aexit__(None, None, None))


@pytest.fixture
def mongo_database() -> str:
    """Name of a database that nobody has used before."""
    return f"test_{uuid4().hex}"


@pytest_asyncio.fixture
async def redis() -> AsyncIterator[RedisServer]:
    """A Redis of this test alone: it may be stopped."""
    async with redis_server() as server:
        yield server
