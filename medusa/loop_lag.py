"""How promptly the event loop does what is next, and with how many tasks."""

import asyncio
from collections import deque
from collections.abc import Callable

from medusa.upload.pacing import Sleep
from medusa.vitals import LoopState

BEAT_SECONDS = 0.02
"""Whatever stops the loop for longer is seen, but for this much of it."""
REMEMBERED = 3000
"""Beats: a minute."""


class LoopLag:
    """Measures by how much a timer is late, again and again."""

    def __init__(self, *, sleep: Sleep = asyncio.sleep, clock: Callable[[], float] | None = None) -> None:
        self._sleep = sleep
        self._clock = clock
        self._lags: deque[float] = deque(maxlen=REMEMBERED)

    async def run(self) -> None:
        """Measure until cancelled."""
        clock = self._clock or asyncio.get_running_loop().time
        while True:
            before = clock()
            await self._sleep(BEAT_SECONDS)
            self._lags.append(max(0.0, clock() - before - BEAT_SECONDS))

    async def look(self) -> LoopState:
        """The longest delay of the last minute, and the tasks of this moment."""
        return LoopState(lag_ms=1000 * max(self._lags, default=0.0), tasks=len(asyncio.all_tasks()))
