"""A file on a web server that is read like one on a disk, for a demuxer that jumps."""

import os
from collections import deque
from collections.abc import Generator, Iterator

from medusa.errors import SourceIncomplete
from medusa.media.child.meter import Meter
from medusa.media.child.origin import Origin

HEAD = 256 * 1024
"""Bytes at the start that are kept: demuxers read them again."""
_STEP = 256 * 1024
"""Skipping so many bytes is cheaper than a new request."""
_CURSORS = 3
"""Places that are read in turn: a badly interleaved MP4 has its picture and its sound far apart."""


class BudgetSpent(Exception):
    """More would have been read than was allowed."""


class Cursor:
    """One response, read on from its place."""

    def __init__(self, blocks: Iterator[bytes], position: int) -> None:
        self.position = position
        self._blocks = blocks
        self._rest = b""

    def take(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._blocks, b"")
        taken, self._rest = self._rest[:size], self._rest[size:]
        self.position += len(taken)
        return taken

    def close(self) -> None:
        """End the response."""
        if isinstance(self._blocks, Generator):
            self._blocks.close()


class RangedFile:
    """Seekable and read-only. What it raises goes through PyAV unchanged."""

    def __init__(self, origin: Origin, *, budget: int | None = None, meter: Meter | None = None) -> None:
        """`budget`: bytes after which reading raises BudgetSpent. Raises what Origin raises."""
        self.origin = origin
        self.received = 0
        self._budget = budget
        self._meter = meter
        self._position = 0
        self._head = b""
        self._cursors: deque[Cursor] = deque()
        self._fetch(0, HEAD)  # only now is known whether it can be sought in
        self.begins = 0.0
        self.jumps = True
        """False: do not let the demuxer jump, though it could."""

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes from the current position; none at the end."""
        if size > 0 and self._position < len(self._head):
            data = self._head[self._position : self._position + size]
        else:
            data = self._fetch(self._position, size if size > 0 else _STEP)
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move; nothing is fetched. Raises OSError when the end is not known."""
        if whence == os.SEEK_CUR:
            offset += self._position
        elif whence == os.SEEK_END:
            if self.origin.size is None:
                raise OSError("the size is not known")
            offset += self.origin.size
        self._position = offset
        return offset

    def tell(self) -> int:
        """The current position."""
        return self._position

    def seekable(self) -> bool:
        """Whether the server has honoured a range."""
        return self.jumps and self.origin.ranges and self.origin.size is not None

    @property
    def size(self) -> int | None:
        """Bytes of the whole file, where the server says so."""
        return self.origin.size

    @property
    def head(self) -> bytes:
        """What is known of the start."""
        return self._head

    def finish(self) -> None:
        """What the demuxer left alone is not fetched."""
        if self._meter is not None:
            self._meter.report(self.received, self.received, force=True)
        self.close()

    def close(self) -> None:
        """End all responses."""
        while self._cursors:
            self._cursors.pop().close()

    def _fetch(self, position: int, size: int) -> bytes:
        if self.origin.size is not None and position >= self.origin.size:
            return b""
        data = self._take(self._cursor_at(position), size)
        if position == len(self._head) < HEAD:
            self._head += data
        return data

    def _cursor_at(self, position: int) -> Cursor:
        for cursor in self._cursors:
            if 0 <= position - cursor.position <= _STEP:
                while cursor.position < position:
                    if not self._take(cursor, position - cursor.position):
                        raise SourceIncomplete(
                            detail=f"the end at byte {cursor.position} of {self.origin.size}"
                        )
                self._cursors.remove(cursor)
                break
        else:
            cursor = Cursor(self.origin.read(position), position)
        self._cursors.append(cursor)
        if len(self._cursors) > _CURSORS:
            self._cursors.popleft().close()
        return cursor

    def _take(self, cursor: Cursor, size: int) -> bytes:
        data = cursor.take(size)
        self.received += len(data)
        if self._budget is not None and self.received > self._budget:
            raise BudgetSpent(f"more than {self._budget} bytes")
        if self._meter is not None:
            self._meter.report(self.received, self.origin.size)
        return data
