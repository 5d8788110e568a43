"""How far a long work is: a line that changes on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 24
"""Cells of the bar."""
ON_TERMINAL, ELSEWHERE = 0.1, 5.0
"""Seconds between two changes, and between two lines."""


class ProgressLine:
    """Shows how much of something is done."""

    def __init__(
        self,
        what: str,
        stream: TextIO,
        total: int | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`total`: None where it is not known before."""
        self._what, self._stream, self._total, self._clock = what, stream, total, clock
        self._is_terminal = stream.isatty()
        self._shown_at = clock()
        self._shown = ""

    def __call__(self, done: int) -> None:
        """So much is done now."""
        now = self._clock()
        if now - self._shown_at >= (ON_TERMINAL if self._is_terminal else ELSEWHERE):
            self._shown_at = now
            self._show(shown(self._what, done, self._total))

    def end(self) -> None:
        """Make room for what is said next."""
        if self._is_terminal and self._shown:
            self._stream.write("\r\033[K")
            self._stream.flush()

    def _show(self, line: str) -> None:
        self._shown = line
        self._stream.write(f"\r\033[K{line}" if self._is_terminal else f"{line}\n")
        self._stream.flush()


def shown(what: str, done: int, total: int | None) -> str:
    """One line: "downloads ████░░ 40 %  4,000 of 10,000"."""
    if not total:
        return f"{what} {done:,}"
    share = min(1.0, done / total)
    bar = "█" * int(share * WIDTH)
    return f"{what} {bar:░<{WIDTH}} {100 * share:3.0f} %  {done:,} of {total:,}"
