"""A replica set of three mongods on loopback, whose primary may be lost."""

import asyncio
import shutil
import signal
import socket
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from medusa.storage.embedded import find_mongod

NAME = "medusa"
START_SECONDS = 30.0
OUT_OF_DISK_SPACE = 14031
QUICK = {"electionTimeoutMillis": 1000, "heartbeatIntervalMillis": 200, "heartbeatTimeoutSecs": 1}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class ReplicaSet:
    """So many members, while the context of `replica_set` is open."""

    def __init__(self, home: Path, members: int) -> None:
        self._home = home
        self._ports = [free_port() for _ in range(members)]
        self._processes: dict[int, Process] = {}

    @property
    def uri(self) -> str:
        """For whoever follows the primary."""
        return f"mongodb://{','.join(f'127.0.0.1:{port}' for port in self._ports)}/?replicaSet={NAME}"

    async def start(self) -> None:
        """Start all; returns when there is a primary."""
        for port in self._ports:
            await self._launch(port)
        hosts = [{"_id": at, "host": f"127.0.0.1:{port}"} for at, port in enumerate(self._ports)]
        config = {"_id": NAME, "members": hosts, "settings": QUICK}
        async with asyncio.timeout(START_SECONDS):
            for port in self._ports:
                await self._ask(port, {"ping": 1})
            await self._ask(self._ports[0], {"replSetInitiate": config})
            while await self.primary() is None:
                await asyncio.sleep(0.05)

    async def primary(self) -> int | None:
        """The port of the member that takes writes."""
        for port in self._processes:
            try:
                if (await self._ask(port, {"hello": 1}, seconds=1.0))["isWritablePrimary"]:
                    return port
            except PyMongoError:
                continue
        return None

    async def kill_primary(self) -> None:
        """As when its machine is lost."""
        port = await self.primary()
        assert port is not None
        lost = self._processes.pop(port)
        lost.kill()
        await lost.wait()

    async def step_down(self) -> None:
        """As when its machine is looked after: another becomes primary, and connections break."""
        port = await self.primary()
        assert port is not None
        await self._ask(port, {"replSetStepDown": 60, "secondaryCatchUpPeriodSecs": 5})

    async def fill(self) -> None:
        """From now on no write has room, as on a disk that is full or with a quota that is used up."""
        point = {"failCommands": ["insert", "update", "findAndModify"], "errorCode": OUT_OF_DISK_SPACE}
        await self._point({"mode": "alwaysOn", "data": point})

    async def empty(self) -> None:
        """There is room again."""
        await self._point({"mode": "off"})

    async def _point(self, how: Mapping[str, Any]) -> None:
        port = await self.primary()
        assert port is not None
        await self._ask(port, {"configureFailPoint": "failCommand", **how})

    async def stop(self) -> None:
        """Stop all."""
        for process in self._processes.values():
            process.send_signal(signal.SIGKILL)
            await process.wait()

    async def _launch(self, port: int) -> None:
        data = self._home / str(port)
        await asyncio.to_thread(data.mkdir)
        program = await asyncio.to_thread(find_mongod)
        options = {
            "--dbpath": data,
            "--port": port,
            "--bind_ip": "127.0.0.1",
            "--replSet": NAME,
            "--oplogSize": 16,
        }
        words = [str(word) for option in options.items() for word in option]
        self._processes[port] = await asyncio.create_subprocess_exec(
            *(str(program), *words, "--wiredTigerCacheSizeGB", "0.25", "--quiet", "--nounixsocket"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            *("--setParameter", "enableTestCommands=1"),
            stdin=DEVNULL,
            stdout=DEVNULL,
            start_new_session=True,
        )

    async def _ask(
        self, port: int, command: dict[str, Any], seconds: float = START_SECONDS
    ) -> dict[str, Any]:
        limit = round(1000 * seconds)
        async with AsyncMongoClient[dict[str, Any]](
            "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=limit
        ) as client:
            answer: dict[str, Any] = await client.admin.command(command)
            return answer


@asynccontextmanager
async def replica_set(members: int = 3) -> AsyncIterator[ReplicaSet]:
    """A set in a directory of its own, which goes with it."""
    home = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="rs-"))
    made = ReplicaSet(home, members)
    try:
        await made.start()
        yield made
    finally:
        await made.stop()
        await asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)
