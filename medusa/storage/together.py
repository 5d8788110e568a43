"""One read for all who ask for the same at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Whoever asks gets what a read has found that began after they asked. All who come while one is under
    way share the next.

    Else two hundred people who send a link at the same moment have the same line read two hundred times.
    """

    def __init__(self, read: Callable[[], Awaitable[T]]) -> None:
        self._read = read
        self._now: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None

    async def ask(self) -> T:
        """What there is. Raises what the read raises."""
        if self._next is None:
            self._next = asyncio.create_task(self._begin(self._now))
            self._next.add_done_callback(_is_known)
        # One who is cancelled does not end it for the others.
        return await asyncio.shield(self._next)

    async def _begin(self, before: asyncio.Task[T] | None) -> T:
        if before is not None:
            await asyncio.wait([before])
        self._now, self._next = self._next, None
        return await self._read()


def _is_known(read: asyncio.Task[T]) -> None:
    """Where all who asked have given up, nobody else takes note of how it ended."""
    if not read.cancelled():
        read.exception()
