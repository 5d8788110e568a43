"""Notices that the clock of the machine was set back: what was "later" by it would wait for as long.

Setting it forward does no harm that lasts: what waits is tried early, and a lease that seems to be over is
renewed with the next heartbeat.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from loguru import logger

from medusa.errors import StoreUnavailable
from medusa.upload.pacing import Clock, Sleep

LOOK_SECONDS = 5.0
LEAST_SECONDS = 10.0
"""What clocks that are kept right are corrected by is less."""


class Waiting(Protocol):
    """All that waits for a time."""

    async def bring_forward(self, now: datetime, back: timedelta) -> int:
        """Let what is due until `now + back` be due now, and every lease be over in a few minutes; how
        many. Raises StoreUnavailable."""
        ...


class ClockWatch:
    """Compares the clock with one that nobody sets."""

    def __init__(
        self,
        waiting: Waiting,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._waiting = waiting
        self._clock = clock
        self._steady = steady
        self._sleep = sleep

    async def run(self) -> None:
        """Work until cancelled."""
        zero = self._zero()
        while True:
            await self._sleep(LOOK_SECONDS)
            back = zero - self._zero()
            if abs(back.total_seconds()) < LEAST_SECONDS or await self._was_set(back):
                zero = self._zero()

    def _zero(self) -> datetime:
        """What the clock would have shown when the steady one was at zero."""
        return self._clock() - timedelta(seconds=self._steady())

    async def _was_set(self, back: timedelta) -> bool:
        """False when that could not be put right yet."""
        if back < timedelta():
            logger.warning("the clock of this machine was set forward by {}", -back)
            return True
        try:
            count = await self._waiting.bring_forward(self._clock(), back)
        except StoreUnavailable as error:
            logger.info("the clock was set back; what waits by it is put right later: {}", error.detail)
            return False
        logger.warning("the clock of this machine was set back by {}; {} need not wait for it", back, count)
        return True
