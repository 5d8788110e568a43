"""A media child that is started before it is needed: Python and yt-dlp take half a second to get ready."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from loguru import logger

from medusa.media.group import Group


class Spare:
    """Keeps one group waiting from `open` to `close`; at other times there is none."""

    def __init__(
        self, make: Callable[[], Group], *, is_current: Callable[[Group], bool] = lambda group: True
    ) -> None:
        """`is_current`: whether one that waits is still what would be made now."""
        self._make = make
        self._is_current = is_current
        self._waiting: Group | None = None
        self._starting: asyncio.Task[None] | None = None
        self._is_open = False

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[Group]:
        """The one that waits, or else a new one that is not started yet; it is stopped in the end.

        The next one is started only then: not while this one has work for the processor.
        """
        group = await self._take()
        try:
            yield group
        finally:
            await group.stop()
            self._refill()

    def open(self) -> None:
        """Begin to keep one."""
        self._is_open = True
        self._refill()

    async def close(self) -> None:
        """Stop the one that waits."""
        self._is_open = False
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        if self._waiting is not None:
            await self._waiting.stop()
            self._waiting = None

    def renew(self) -> None:
        """Replace the one that waits, if it is not current any more; it returns at once."""
        if self._waiting is not None and not self._is_current(self._waiting) and not self._is_starting:
            stale, self._waiting = self._waiting, None
            self._starting = asyncio.create_task(self._replace(stale))

    async def _replace(self, stale: Group) -> None:
        await stale.stop()
        await self._start()

    async def _take(self) -> Group:
        if self._starting is not None:
            # It is ready sooner than another.
            await asyncio.wait([self._starting])
        group, self._waiting = self._waiting, None
        if group is None:
            return self._make()
        if group.has_died:
            logger.warning("a spare media child has died")
        elif self._is_current(group):
            return group
        await group.stop()
        return self._make()

    def _refill(self) -> None:
        if self._is_open and self._waiting is None and not self._is_starting:
            self._starting = asyncio.create_task(self._start())

    @property
    def _is_starting(self) -> bool:
        return self._starting is not None and not self._starting.done()

    async def _start(self) -> None:
        while True:
            group = self._make()
            try:
                await group.start()
            except OSError as error:
                # Whoever needs a child then starts one, and tells what is wrong.
                logger.warning("no spare media child: {}", error)
                return
            if self._is_current(group):
                self._waiting = group
                return
            await group.stop()
