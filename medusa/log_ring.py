"""The last lines of the log, in memory."""

from collections import deque
from threading import Lock

MOST_LINES = 2000
MOST_BYTES = 512 * 1024


class LogRing:
    """Lines, of which the oldest go when there are too many or they are too long. Any thread may add some."""

    def __init__(self, *, most_lines: int = MOST_LINES, most_bytes: int = MOST_BYTES) -> None:
        self._most_lines = most_lines
        self._most_bytes = most_bytes
        self._lines: deque[str] = deque()
        self._bytes = 0
        self._lock = Lock()

    def add(self, line: str) -> None:
        """Keep a line, which may have line breaks inside; of one that is too long, the beginning."""
        kept = line.encode("utf-8", "replace")[: self._most_bytes - 1].decode("utf-8", "ignore")
        with self._lock:
            self._lines.append(kept)
            self._bytes += _size(kept)
            while len(self._lines) > self._most_lines or self._bytes > self._most_bytes:
                self._bytes -= _size(self._lines.popleft())

    def last(self, most: int | None = None) -> list[str]:
        """The last lines, the newest at the end; None: all that there are."""
        with self._lock:
            lines = list(self._lines)
        return lines if most is None else lines[max(0, len(lines) - most) :]


def _size(line: str) -> int:
    """With its line break."""
    return len(line.encode("utf-8", "replace")) + 1
