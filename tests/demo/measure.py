"""What the bot costs while a case runs: memory of its processes, bytes on disk."""

import asyncio
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.stage import Stage

DISK_SECONDS = 0.01
MEMORY_SECONDS = 0.1


class Meter:
    """Looks again and again while its context is open."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.disk_peak = 0
        """Bytes that jobs had on disk."""
        self.memory_peak = 0
        """Bytes resident, of the bot and its media children together, without the database."""

    async def __aenter__(self) -> Self:
        self._tasks = [
            asyncio.create_task(self._watch(self._disk, DISK_SECONDS)),
            asyncio.create_task(self._watch(self._memory, MEMORY_SECONDS)),
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _watch(self, look: object, seconds: float) -> None:
        assert callable(look)
        while True:
            look()
            await asyncio.sleep(seconds)

    def _disk(self) -> None:
        self.disk_peak = max(self.disk_peak, sum(_size(path) for path in self._stage.job_files()))

    def _memory(self) -> None:
        resident = 0
        for process in self._stage.processes():
            with suppress(psutil.NoSuchProcess):
                resident += process.memory_info().rss
        self.memory_peak = max(self.memory_peak, resident)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
