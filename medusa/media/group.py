"""The process group of a media child: its birth, and that nothing of it stays behind."""

import asyncio
import os
import signal
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

from loguru import logger

from medusa.media.home import Home
from medusa.media.wires import Child

T = TypeVar("T")

_GRACE = 5.0
"""Seconds for a killed group to disappear."""


class Birthplace(Protocol):
    """Where children come from; see medusa.media.nursery."""

    async def bear(self, home: Path) -> Child:
        """A child that lives in that directory. Raises MediaChildDied and OSError."""


class Group:
    """A media child in a session and a directory of its own; both are gone when the context is left."""

    def __init__(self, base: Path, birthplace: Birthplace) -> None:
        """`base`: where the directory is made."""
        self._home = Home(base)
        self._birthplace = birthplace
        self._child: Child | None = None

    async def __aenter__(self) -> Child:
        try:
            return await completed(self._start())
        except BaseException:
            await completed(self._stop())
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await completed(self._stop())

    async def _start(self) -> Child:
        home = await asyncio.to_thread(self._home.make)
        self._child = await self._birthplace.bear(home)
        return self._child

    async def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            _signal(child.pid, signal.SIGKILL)
            await child.close()
            await _gone(child.pid)
        await asyncio.to_thread(self._home.remove)


async def completed(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which comes to its end even when this is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        raise


async def _gone(group: int) -> None:
    """Wait until the last of them is buried."""
    try:
        async with asyncio.timeout(_GRACE):
            while _signal(group, 0):  # noqa: ASYNC110  # nobody tells of the end of a group
                await asyncio.sleep(0.005)
    except TimeoutError:
        logger.warning("process group {} outlives its kill", group)


def _signal(group: int, number: int) -> bool:
    """Whether there was a group to send the signal to."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True
