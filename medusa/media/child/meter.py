"""Progress, told often enough and no more."""

import time

from medusa.media.child import ytdl

_INTERVAL = 0.5
"""Seconds."""


class Meter:
    """Reports what was received of one format."""

    def __init__(self, format_id: str) -> None:
        self._format_id = format_id
        self._next = 0.0

    def report(self, received: int, total: int | None, *, force: bool = False) -> None:
        """Say so, unless it was said a moment ago."""
        now = time.monotonic()
        if force or now >= self._next:
            self._next = now + _INTERVAL
            ytdl.report(self._format_id, received, total)
