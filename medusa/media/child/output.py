"""The file that a muxer writes, cut into frames; its head may be written again, nothing else."""

import os

from medusa.errors import IndexTooSmall
from medusa.media.child.delivery import BLOCK, Delivery


class Output:
    """Writable and, where there is a head window, seekable. What it raises goes through PyAV unchanged."""

    def __init__(self, delivery: Delivery, head_window: int) -> None:
        self.closed = False
        """PyAV leaves the trailer away when this is set."""
        self._delivery = delivery
        self.window = head_window
        self._head = bytearray(head_window)
        self._tail = bytearray()
        """Bytes behind the window that wait for company."""
        self._tail_offset = head_window
        self._position = 0
        self._end = 0
        self._start = 0
        """Where the muxer's part begins."""
        self._head_is_out = False

    def write(self, data: bytes) -> int:
        """At the current position. Raises IndexTooSmall when that is delivered and gone."""
        start, self._position = self._position, self._position + len(data)
        inside = max(0, min(len(data), self.window - start))
        self._head[start : start + inside] = data[:inside]
        if inside < len(data):
            self._append(data[inside:], start + inside)
        self._end = max(self._end, self._position)
        return len(data)

    def preface(self, data: bytes) -> None:
        """Bytes in front of all that the muxer writes, which counts from behind them."""
        self.write(data)
        self._start = self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move."""
        base = {os.SEEK_SET: self._start, os.SEEK_CUR: self._position, os.SEEK_END: self._end}[whence]
        self._position = base + offset
        return self.tell()

    def tell(self) -> int:
        """The current position."""
        return self._position - self._start

    def seekable(self) -> bool:
        """Whether there is a head to come back to."""
        return self.window > 0

    def finish(self) -> int:
        """Deliver what waits, the head last. The size of the file."""
        self._flush()
        self._delivery.data(0, self._head[: self._end])
        self.closed = True
        return self._end

    def _append(self, data: bytes, offset: int) -> None:
        expected = self._tail_offset + len(self._tail)
        if offset != expected:
            raise IndexTooSmall(
                detail=f"a write at {offset}, where {expected} bytes are out; {self.window} kept"
            )
        if not self._head_is_out:
            # As it is now: so the file comes without a gap, and the first bytes leave at once.
            self._delivery.data(0, self._head)
            self._head_is_out = True
        self._tail += data
        if len(self._tail) >= BLOCK:
            self._flush()

    def _flush(self) -> None:
        self._delivery.data(self._tail_offset, self._tail)
        self._tail_offset += len(self._tail)
        self._tail.clear()
