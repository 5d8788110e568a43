"""The private mongod: there when it is needed, private, and gone with its bot."""

import asyncio
import os
import select
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pymongo
import pytest
import uvloop
from blockbuster import BlockingError
from pymongo import AsyncMongoClient

from medusa.errors import SettingsError, StoreUnavailable
from medusa.storage import embedded
from medusa.storage.embedded import embedded_mongod, find_mongod

ROOT = Path(__file__).parents[2]
BOT = """
    import asyncio, signal, sys
    from pathlib import Path
    from medusa.storage.embedded import embedded_mongod

    async def bot() -> None:
        async with embedded_mongod(Path(sys.argv[1])) as uri:
            print(uri, flush=True)
            await asyncio.Event().wait()

    # Whoever runs the tests in the background has had it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asyncio.run(bot())
"""


def mongod_in(directory: Path) -> psutil.Process:
    """The mongod that runs on this directory."""
    return psutil.Process(int((directory / "mongod.lock").read_text()))


def wait_until_gone(pid: int, seconds: float = 10) -> None:
    """Block until a process has ended, though it is not a child of ours."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([watched], [], [], seconds)[0], f"process {pid} is still there"
    finally:
        os.close(watched)


@contextmanager
def bot_on(directory: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A bot with an embedded mongod as a process of its own, and the URI that it got."""
    command = [sys.executable, "-c", textwrap.dedent(BOT), str(directory)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as bot:
        assert bot.stdout is not None
        try:
            yield bot, bot.stdout.readline().strip()
        finally:
            bot.kill()


async def test_data_survive_a_restart(tmp_path: Path) -> None:
    took = []
    for run in range(2):
        began = time.monotonic()
        async with embedded_mongod(tmp_path) as uri:
            took.append(time.monotonic() - began)
            async with AsyncMongoClient[dict[str, int]](uri) as client:
                await client.test.runs.insert_one({"run": run})
                assert await client.test.runs.count_documents({}) == run + 1
    # Measured: 0.2 s on an empty directory, 0.4 s on a used one.
    assert max(took) < 20


async def test_it_is_private(tmp_path: Path) -> None:
    directory = tmp_path / "data" / "mongo"
    async with embedded_mongod(directory) as uri:
        mongod = mongod_in(directory)
        assert mongod.net_connections("inet") == []
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert stat.S_IMODE((directory / "mongod.sock").stat().st_mode) == 0o700
        assert os.getsid(mongod.pid) == mongod.pid
        assert set(mongod.environ()) <= {"LD_LIBRARY_PATH", "TMPDIR"}
        assert uri.startswith("mongodb://%2F")
    assert not mongod.is_running()
    assert not (directory / "mongod.sock").exists()


async def test_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    directory = tmp_path / ("deep" * 30) / "a, b"
    async with embedded_mongod(directory) as uri, AsyncMongoClient[dict[str, int]](uri) as client:
        assert (await client.admin.command("ping"))["ok"] == 1
        socket = Path(pymongo.uri_parser.parse_uri(uri)["nodelist"][0][0])
        assert directory not in socket.parents
    assert not socket.parent.exists()


async def test_one_bot_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LOCK_LIMIT", 0.05)
    async with embedded_mongod(tmp_path):
        with pytest.raises(SettingsError, match=r"Another bot is using /.*another DATA_DIR"):
            async with embedded_mongod(tmp_path):
                pass
    async with embedded_mongod(tmp_path):
        pass


def test_a_killed_bot_leaves_no_mongod_and_the_next_one_starts(tmp_path: Path) -> None:
    with bot_on(tmp_path) as (bot, uri):
        with pymongo.MongoClient[dict[str, int]](uri) as client:
            client.test.runs.insert_one({"run": 1})
        mongod = mongod_in(tmp_path).pid
        bot.kill()
        with bot_on(tmp_path) as (_, uri), pymongo.MongoClient[dict[str, int]](uri) as client:
            # Started at once, while the first mongod may still have been going.
            assert bot.wait() == -signal.SIGKILL
            wait_until_gone(mongod)
            assert client.test.runs.count_documents({}) == 1


def test_an_interrupted_bot_stops_its_mongod_in_order(tmp_path: Path) -> None:
    with bot_on(tmp_path) as (bot, _):
        mongod = mongod_in(tmp_path).pid
        bot.send_signal(signal.SIGINT)
        bot.wait()
        wait_until_gone(mongod, seconds=0)
    assert '"Now exiting"' in (tmp_path / "mongod.log").read_text()


def test_a_mongod_that_does_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "STOP_LIMIT", 0.1)

    async def run() -> int:
        async with embedded_mongod(tmp_path):
            mongod = mongod_in(tmp_path)
            mongod.suspend()
            return mongod.pid

    wait_until_gone(asyncio.run(run()))


def test_it_runs_on_uvloop(tmp_path: Path) -> None:
    async def run() -> float:
        async with embedded_mongod(tmp_path) as uri, AsyncMongoClient[dict[str, int]](uri) as client:
            answer: float = (await client.admin.command("ping"))["ok"]
            return answer

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(run()) == 1


async def test_a_start_that_fails_says_why(tmp_path: Path) -> None:
    async with embedded_mongod(tmp_path):
        pass
    (tmp_path / "WiredTiger").write_text("nonsense")
    (tmp_path / "WiredTiger.turtle").write_text("nonsense")
    with pytest.raises(StoreUnavailable, match=r"does not start: .*WiredTiger.* Its log is /.*mongod\.log"):
        async with embedded_mongod(tmp_path):
            pass


@pytest.fixture
def no_mongod(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A PATH without a mongod, and no wheel."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(embedded, "WHEEL", "no-such-wheel")
    return tmp_path


def test_without_a_mongod_the_sentence_says_what_to_do(no_mongod: Path) -> None:
    with pytest.raises(SettingsError, match=r"Set MONGODB_URI .* or install requirements-dev\.txt"):
        find_mongod()


def test_a_mongod_on_path_goes_first(no_mongod: Path) -> None:
    (no_mongod / "mongod").write_text("#!/bin/sh\n")
    (no_mongod / "mongod").chmod(0o755)
    assert find_mongod() == no_mongod / "mongod"


async def test_a_directory_that_cannot_be_made_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"DATA_DIR .* MONGODB_URI"):
        await embedded_mongod(tmp_path / "file" / "mongo").__aenter__()


async def test_what_the_loader_says_is_told(no_mongod: Path) -> None:
    (no_mongod / "mongod").write_text("#!/bin/sh\necho 'mongod: libcurl.so.4: cannot open' >&2; exit 127\n")
    (no_mongod / "mongod").chmod(0o755)
    with pytest.raises(StoreUnavailable, match=r"does not start: mongod: libcurl\.so\.4: cannot open"):
        async with embedded_mongod(no_mongod / "data"):
            pass


async def test_the_shared_mongod_gives_each_test_its_own_database(
    mongo_uri: str, mongo_database: str
) -> None:
    async with AsyncMongoClient[dict[str, int]](mongo_uri) as client:
        assert mongo_database not in await client.list_database_names()
        await client[mongo_database].things.insert_one({"thing": 1})


async def test_code_that_blocks_the_loop_is_caught(tmp_path: Path) -> None:
    with pytest.raises(BlockingError):
        embedded._move_in(tmp_path / "new")
