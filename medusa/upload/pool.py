"""Saves the parts of all uploads of one account: admits them, sends them, and does not give up on them."""

import asyncio
from itertools import count

from loguru import logger

from medusa.counters import Counters
from medusa.errors import PartRefused, SlowedDown, TelegramUnreachable, UploadError
from medusa.upload.lanes import IDLE_SECONDS, Lanes, OpenLane
from medusa.upload.pacing import MAX_ATTEMPTS, Clock, Gate, Sleep, backoff
from medusa.upload.parts import Part
from medusa.upload.turns import Turns
from medusa.upload.window import Window

BUDGET = 16
"""Parts of one account under way at the most, of all its files together: 8 MiB."""


class Pool:
    """Where parts go. Memory is bounded here: a part is read from its source only when its turn has come."""

    def __init__(
        self,
        open_lane: OpenLane,
        *,
        lanes: int,
        counters: Counters | None = None,
        sleep: Sleep = asyncio.sleep,
        clock: Clock | None = None,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._counters = counters or Counters()
        self._clock = clock or asyncio.get_running_loop().time
        self._sleep = sleep
        self.gate = Gate(clock=self._clock, sleep=sleep)
        self._window = Window(BUDGET, clock=self._clock)
        self._turns = Turns(self._window)
        self._lanes = Lanes(
            open_lane,
            most=lanes,
            window=lambda: self._window.size,
            idle_seconds=idle_seconds,
            on_idle=self._window.restart,
        )

    async def turn(self, file_id: int) -> None:
        """Return when this file may put one more part under way; `end_turn` is due when it is no longer."""
        await self._turns.take(file_id)

    def end_turn(self) -> None:
        """A part for which there was a turn is acknowledged, or given up."""
        self._turns.give_back()

    async def save(self, file_id: int, part: Part) -> None:
        """Return when Telegram has acknowledged the part; raise UploadError when it never will."""
        for attempt in count(1):
            problem = await self._try(file_id, part)
            if problem is None:
                return
            self._counters.fail_part()
            if attempt >= MAX_ATTEMPTS:
                raise problem
            logger.info("part {}: attempt {} failed: {} {}", part.index, attempt, problem, problem.detail)
            await self._sleep(backoff(attempt))

    @property
    def connections(self) -> int:
        """How many are open."""
        return self._lanes.count

    async def close(self) -> None:
        """Close every connection."""
        await self._lanes.close()

    async def _try(self, file_id: int, part: Part) -> UploadError | None:
        """Send a part, after all flood waits; what stood in the way of it. Raises what cannot be mended."""
        while True:
            await self.gate.wait()
            try:
                async with self._lanes.borrow() as lane:
                    started = self._clock()
                    acknowledged = await lane.save(file_id, part)
            except SlowedDown as wait:
                self.gate.hold(wait.seconds)
                self._counters.slow_down(wait.seconds)
                logger.warning("part {}: flood wait of {} s", part.index, wait.seconds)
                continue
            except TelegramUnreachable as error:
                return error
            if not acknowledged:
                return PartRefused(detail=f"part {part.index} was answered with false")
            seconds = self._clock() - started
            self._window.acknowledged(seconds)
            self._counters.acknowledge(len(part.data), seconds)
            return None
