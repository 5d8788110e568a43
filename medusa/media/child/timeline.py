"""Timestamps as a muxer takes them: strictly rising in each track, whatever the source did. Pure."""

from dataclasses import dataclass
from fractions import Fraction

BACKWARD = Fraction(1, 2)
FORWARD = Fraction(10)
"""Seconds of a jump that is a new timeline (an advertisement, a wrapped counter) and no jitter."""


@dataclass
class Track:
    """The timeline of one track, in its time base."""

    time_base: Fraction
    jumps: bool
    """Whether its format may start a new timeline within a stream, as MPEG-TS does."""
    offset: int = 0
    _last: int | None = None
    _expected: int | None = None

    def place(self, pts: int | None, dts: int | None, duration: int | None) -> tuple[int, int]:
        """pts and dts for a packet with these; dts larger than the one before, pts not smaller than dts."""
        if dts is None:
            dts = pts if pts is not None else (self._expected or 0) - self.offset
        if pts is None:
            pts = dts
        if self.jumps and self._expected is not None:
            gap = (dts + self.offset - self._expected) * self.time_base
            if gap < -BACKWARD or gap > FORWARD:
                self.offset = self._expected - dts
        placed = dts + self.offset
        if self._last is not None:
            placed = max(placed, self._last + 1)
        self._last, self._expected = placed, placed + (duration or 0)
        return max(pts + self.offset, placed), placed
