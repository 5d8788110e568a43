"""How the database is, and how much work is in it."""

import time
from typing import Any

from medusa.model import State
from medusa.storage.errors import translated
from medusa.vitals import DatabaseState, DownloadsState

_BY_STATE = "leases"
"""The index of downloads.py that begins with their state."""


class Vitals:
    """What /health and the start-up report ask of the database. Each raises StoreUnavailable."""

    def __init__(self, database: Any) -> None:
        self._database = database

    async def database(self) -> DatabaseState:
        """How fast it answers, which one it is and how large."""
        with translated():
            before = time.perf_counter()
            await self._database.command("ping")
            latency = time.perf_counter() - before
            build = await self._database.command("buildInfo")
            size = await self._database.command("dbStats")
        return DatabaseState(
            latency_ms=1000 * latency,
            version=str(build["version"]),
            size=int(size["dataSize"] + size["indexSize"]),
        )

    async def downloads(self) -> DownloadsState:
        """How many are under way."""
        return DownloadsState(
            running=await self._count(State.RUNNING), queued=await self._count(State.QUEUED)
        )

    async def _count(self, state: State) -> int:
        with translated():
            query = {"state": state.value}
            return int(await self._database["downloads"].count_documents(query, hint=_BY_STATE))
