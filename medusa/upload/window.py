"""How many parts may be under way at a time: more while they come back fast, fewer when they do not. Pure."""

from medusa.upload.pacing import Clock

START = 2
FAST_SECONDS = 1.0
"""A part that is acknowledged within this leaves room for one more."""
SLOW_SECONDS = 8.0
"""One that takes this long shows that too many share the line."""


class Window:
    """The room of one account; Telegram Desktop's rule, counted in parts.

    Every fast part while there was no room left lets one more go, so that the window doubles in the time that
    a part takes. A slow one halves it, once in SLOW_SECONDS, since the parts behind it are late for the same
    reason.
    """

    def __init__(self, most: int, *, clock: Clock) -> None:
        self.size = min(START, most)
        """Parts."""
        self.under_way = 0
        self._most = most
        self._clock = clock
        self._shrunk_at = -SLOW_SECONDS

    @property
    def is_open(self) -> bool:
        """Whether there is room for one more part."""
        return self.under_way < self.size

    def acknowledged(self, seconds: float) -> None:
        """A part has come back after so long; it is still counted as under way."""
        if seconds <= FAST_SECONDS:
            if not self.is_open and self.size < self._most:
                self.size += 1
        elif seconds >= SLOW_SECONDS and self._clock() - self._shrunk_at >= SLOW_SECONDS:
            self._shrunk_at = self._clock()
            self.size = max(1, self.size // 2)

    def restart(self) -> None:
        """Begin anew: what was learned is old."""
        self.size = min(START, self._most)
