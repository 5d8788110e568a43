"""Where media children come from: a mother, who has loaded yt-dlp, forks one in milliseconds.

One that started by itself would load Python and yt-dlp first: a second of a processor, and 70 MB of its own.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from loguru import logger

from medusa.errors import MediaChildDied
from medusa.media.engine import Engine
from medusa.media.mother import Mother
from medusa.media.records import Exit
from medusa.media.wires import Child

T = TypeVar("T")

_ATTEMPTS = 2
"""A mother may be killed at any moment, by a system that is short of memory."""


class Nursery:
    """Has a mother of the yt-dlp in use, from the first need on. Call `aclose` in the end."""

    def __init__(self, engine: Engine | None = None) -> None:
        """`engine`: the yt-dlp to use, by default the shipped one."""
        self.engine = engine or Engine()
        self._mother: Mother | None = None
        self._retired: list[Mother] = []
        # A mother ends with the thread that has started her: this one lasts, and one at a time is started.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="nursery")

    async def bear(self, home: Path) -> Child:
        """A child that lives in that directory. Raises MediaChildDied when there is none, and OSError."""
        for _ in range(_ATTEMPTS):
            mother = await self._in_thread(self._current)
            try:
                return await mother.bear(home)
            except EOFError:
                await self._lament(mother)
        raise MediaChildDied(detail="the mothers of media children end again and again")

    def prepare(self) -> None:
        """Have a mother before a child is needed. This returns at once."""
        self._thread.submit(self._current)

    async def aclose(self) -> None:
        """End all mothers, and their children with them."""
        await self._in_thread(self._end)
        self._thread.shutdown(wait=False)

    def _in_thread(self, call: Callable[[], T]) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _current(self) -> Mother:
        """The one of the yt-dlp in use."""
        self._retired = [one for one in self._retired if not one.has_ended]
        if self._mother is not None and not self._mother.serves(self.engine.directory):
            self._mother.retire()
            self._retired.append(self._mother)
            self._mother = None
        if self._mother is None:
            self._mother = Mother(self.engine.directory)
        return self._mother

    def _end(self) -> None:
        for mother in [*self._retired, *([self._mother] if self._mother else [])]:
            mother.end()
        self._mother = None
        self._retired.clear()

    async def _lament(self, mother: Mother) -> None:
        """Take note of her end. Raises MediaChildDied where her yt-dlp is to blame: she never had a child."""
        words = await mother.last_words()
        logger.warning("the mother of media children has ended: {}", words)
        if not mother.is_proven:
            last = words.rpartition("\n")[2]
            self.engine.ended(mother.ytdlp, Exit.UNUSABLE, last)
            raise MediaChildDied(detail=f"yt-dlp cannot be loaded: {last}")
