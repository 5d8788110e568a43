"""The connections of one account, shared by every upload.

A lane is one connection. Lanes are opened when all open ones are busy, a part goes to the one that has the
least to do, a lane that was lost is replaced, and all are closed after a while without work.
"""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Protocol

from loguru import logger

from medusa.errors import PartRefused, SlowedDown, TelegramUnreachable, UploadError
from medusa.upload.pacing import MAX_ATTEMPTS, Gate, Sleep, backoff
from medusa.upload.parts import Part

LANE_DEPTH = 2
"""Parts under way on one lane at a time: the next one is on the wire while the last is acknowledged."""

IDLE_SECONDS = 15.0
"""How long lanes stay open without work."""


class Lane(Protocol):
    """One connection that carries parts."""

    @property
    def alive(self) -> bool:
        """False once it is lost for good."""
        ...

    async def save(self, file_id: int, part: Part) -> bool:
        """Send a part. True: acknowledged. False: Telegram asks for it again.

        Raises SlowedDown, TelegramUnreachable (try again, elsewhere if it is no longer alive), or another
        UploadError, which ends the upload.
        """
        ...

    async def close(self) -> None:
        """Hang up. Never raises."""
        ...


class _Seat:
    """A place for a lane: it counts its load while the lane is still being opened."""

    def __init__(self, opening: asyncio.Task[Lane]) -> None:
        self.opening = opening
        self.load = 0

    @property
    def usable(self) -> bool:
        if not self.opening.done():
            return True
        return not self.opening.cancelled() and not self.opening.exception() and self.opening.result().alive


class Pool:
    """Saves parts over several lanes; retries, waits and replaces lanes until each part is acknowledged."""

    def __init__(
        self,
        open_lane: Callable[[], Awaitable[Lane]],
        *,
        lanes: int,
        sleep: Sleep = asyncio.sleep,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.gate = Gate(sleep=sleep)
        self.capacity = lanes * LANE_DEPTH
        """Parts under way at the most."""
        self._open_lane = open_lane
        self._max_lanes = lanes
        self._sleep = sleep
        self._idle_seconds = idle_seconds
        self._slots = asyncio.Semaphore(self.capacity)
        self._seats: list[_Seat] = []
        self._closing: set[asyncio.Task[None]] = set()
        self._idle_timer: asyncio.TimerHandle | None = None

    async def save(self, file_id: int, part: Part) -> None:
        """Return when Telegram has acknowledged the part; raise UploadError when it never will."""
        for attempt in count(1):
            try:
                async with self._slots:
                    await self.gate.wait()
                    acknowledged = await self._save_once(file_id, part)
                if acknowledged:
                    return
                problem: UploadError = PartRefused(detail=f"part {part.index} was answered with false")
            except SlowedDown as wait:
                self.gate.hold(wait.seconds)
                logger.warning("part {}: flood wait of {} s", part.index, wait.seconds)
                continue
            except TelegramUnreachable as error:
                problem = error
            if attempt >= MAX_ATTEMPTS:
                raise problem
            logger.info("part {}: attempt {} failed: {} {}", part.index, attempt, problem, problem.detail)
            await self._sleep(backoff(attempt))

    async def close(self) -> None:
        """Close every lane."""
        if self._idle_timer:
            self._idle_timer.cancel()
        for seat in self._seats:
            self._retire(seat)
        self._seats.clear()
        await asyncio.gather(*self._closing)

    async def _save_once(self, file_id: int, part: Part) -> bool:
        seat = self._least_loaded()
        seat.load += 1
        try:
            lane = await asyncio.shield(seat.opening)
            return await lane.save(file_id, part)
        finally:
            seat.load -= 1
            self._tidy()

    def _least_loaded(self) -> _Seat:
        """The seat with the least to do; a new one when all are busy and there may be more."""
        if self._idle_timer:
            self._idle_timer.cancel()
            self._idle_timer = None
        self._tidy()
        seat = min(self._seats, key=lambda seat: seat.load, default=None)
        if seat is None or (seat.load > 0 and len(self._seats) < self._max_lanes):
            seat = _Seat(asyncio.ensure_future(self._open_lane()))
            self._seats.append(seat)
        return seat

    def _tidy(self) -> None:
        """Retire lanes that were lost; when nothing is under way, set the timer that closes the rest."""
        for seat in [seat for seat in self._seats if not seat.usable]:
            self._seats.remove(seat)
            self._retire(seat)
        if self._seats and not any(seat.load for seat in self._seats) and not self._idle_timer:
            self._idle_timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._close_idle)

    def _close_idle(self) -> None:
        self._idle_timer = None
        for seat in self._seats:
            self._retire(seat)
        self._seats.clear()

    def _retire(self, seat: _Seat) -> None:
        task = asyncio.ensure_future(_hang_up(seat.opening))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _hang_up(opening: asyncio.Task[Lane]) -> None:
    """Close a lane, also one that is still being opened."""
    opening.cancel()
    (outcome,) = await asyncio.gather(opening, return_exceptions=True)
    if not isinstance(outcome, BaseException):
        await outcome.close()
