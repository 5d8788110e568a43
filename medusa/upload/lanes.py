"""The connections of one account: opened when they are needed, replaced when lost, closed when idle."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from loguru import logger

from medusa.errors import UploadError
from medusa.upload.parts import Part

LANE_DEPTH = 2
"""Parts on one lane before another is opened: the next one is on the wire while the last is acknowledged."""

IDLE_SECONDS = 15.0
"""How long lanes stay open without work."""

REFUSED_SECONDS = 5.0
"""How long to do with the lanes that there are, when another one did not open."""


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


OpenLane = Callable[[], Awaitable[Lane]]


class _Seat:
    """A lane and its load."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.load = 0


class Lanes:
    """Up to `most` lanes. A part goes to the one that has the least to do."""

    def __init__(
        self,
        open_lane: OpenLane,
        *,
        most: int,
        window: Callable[[], int],
        idle_seconds: float,
        on_idle: Callable[[], None],
    ) -> None:
        """`window`: how many parts may be under way at the moment."""
        self._open_lane = open_lane
        self._most = most
        self._window = window
        self._idle_seconds = idle_seconds
        self._on_idle = on_idle
        self._seats: list[_Seat] = []
        self._opening: asyncio.Task[None] | None = None
        self._refused_until = 0.0
        self._closing: set[asyncio.Task[None]] = set()
        self._idle_timer: asyncio.TimerHandle | None = None

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._seats)

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[Lane]:
        """The best lane for one part, while the context is open.

        Raises what opening a lane raises, when there is none.
        """
        seat = await self._seat()
        seat.load += 1
        try:
            yield seat.lane
        finally:
            seat.load -= 1
            self._tidy()

    async def close(self) -> None:
        """Close every lane."""
        if self._idle_timer:
            self._idle_timer.cancel()
        if self._opening:
            self._opening.cancel()
            await asyncio.wait([self._opening])
        self._retire(self._seats)
        await asyncio.gather(*self._closing)

    async def _seat(self) -> _Seat:
        if self._idle_timer:
            self._idle_timer.cancel()
            self._idle_timer = None
        self._retire([seat for seat in self._seats if not seat.lane.alive])
        while not self._seats:
            # Shielded: whoever is cancelled does not take the others' lane away.
            await asyncio.shield(self._open_another())
        best = min(self._seats, key=lambda seat: seat.load)
        may_open = asyncio.get_running_loop().time() >= self._refused_until
        if best.load and may_open and len(self._seats) < self._wanted():
            self._open_another()
        return best

    def _wanted(self) -> int:
        return min(self._most, -(-self._window() // LANE_DEPTH))

    def _open_another(self) -> asyncio.Task[None]:
        """Open lanes one at a time; the parts meanwhile use those that are open."""
        if self._opening is None or self._opening.done():
            self._opening = asyncio.create_task(self._open())
            self._opening.add_done_callback(self._note_failure)
        return self._opening

    async def _open(self) -> None:
        lane = await self._open_lane()
        self._seats.append(_Seat(lane))

    def _tidy(self) -> None:
        """Retire lanes that were lost, or are no longer needed; close the rest after a while without work."""
        idle = [seat for seat in self._seats if not seat.load]
        surplus = max(0, len(self._seats) - self._wanted())
        lost = [seat for seat in self._seats if not seat.lane.alive]
        self._retire([*lost, *[seat for seat in idle if seat.lane.alive][:surplus]])
        if self._seats and len(idle) == len(self._seats) and not self._idle_timer:
            self._idle_timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._close_idle)

    def _close_idle(self) -> None:
        self._idle_timer = None
        self._retire(self._seats)
        self._on_idle()

    def _retire(self, seats: list[_Seat]) -> None:
        self._seats = [seat for seat in self._seats if seat not in seats]
        for seat in seats:
            task = asyncio.ensure_future(seat.lane.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _note_failure(self, opening: asyncio.Task[None]) -> None:
        """When another lane was to help, nobody waits for it; the parts go on without it."""
        if opening.cancelled() or (error := opening.exception()) is None:
            return
        self._refused_until = asyncio.get_running_loop().time() + REFUSED_SECONDS
        if isinstance(error, UploadError):
            logger.info("a media connection did not open: {} {}", error, error.detail)
        else:
            logger.opt(exception=error).error("a fault in the program kept a media connection from opening")
