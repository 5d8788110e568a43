"""What is asked for by many and looked up by one."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from medusa.upload.pacing import Clock

T = TypeVar("T")


class Remembered(Generic[T]):
    """An answer that is good for a while: however often it is asked for, it is looked up once in that time,
    and by one at a time."""

    def __init__(
        self, look: Callable[[], Awaitable[T]], *, seconds: float, clock: Clock = time.monotonic
    ) -> None:
        self._look = look
        self._seconds = seconds
        self._clock = clock
        self._looking: asyncio.Future[T] | None = None
        self._until = 0.0

    async def get(self) -> T:
        """The answer, as old as that at the most. Raises what looking raises; that, too, is remembered."""
        if self._looking is None or (self._looking.done() and self._clock() >= self._until):
            self._looking = asyncio.ensure_future(self._look())
            self._looking.add_done_callback(self._note)
        # Whoever loses interest takes the answer from nobody.
        return await asyncio.shield(self._looking)

    def _note(self, looking: asyncio.Future[T]) -> None:
        self._until = self._clock() + self._seconds
        if not looking.cancelled():
            looking.exception()  # whoever still waits gets it

    def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
