"""Waiting without sleeping: turns of the event loop, and a clock that only the test moves."""

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count


async def until(condition: Callable[[], object]) -> None:
    """Let everybody else go on until it is so; the time limit of the test ends a wait in vain."""
    while not condition():
        await asyncio.sleep(0)


async def turns(number: int = 50) -> None:
    """Let everybody else go on for a while, to see that something does not happen."""
    for _ in range(number):
        await asyncio.sleep(0)


class Time:
    """Seconds that pass when the test says so; `sleep` waits for them."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._order = count()

    async def sleep(self, seconds: float) -> None:
        """As asyncio.sleep."""
        awake = asyncio.Event()
        heappush(self._sleepers, (self.now + seconds, next(self._order), awake))
        await awake.wait()

    async def go_on(self, seconds: float) -> None:
        """Let time pass; everybody who sleeps wakes at their moment, and does what they do then."""
        end = self.now + seconds
        await turns()
        while self._sleepers and self._sleepers[0][0] <= end:
            self.now, _, awake = heappop(self._sleepers)
            awake.set()
            await turns()
        self.now = end
