"""A bounded pipe between a thread that fetches and a demuxer that reads."""

import threading
from collections import deque
from collections.abc import Callable

LIMIT = 4 * 1024 * 1024
"""Bytes that may wait."""


class Pipe:
    """Bytes in order, not copied. A producer that fails is an error to the reader, never an end."""

    size: int | None = None
    """Nobody knows before the end."""

    def __init__(self) -> None:
        self.begins = 0.0
        """Seconds of the recording before its first byte; set before that."""
        self._blocks: deque[memoryview] = deque()
        self._waiting = 0
        self._changed = threading.Condition()
        self._finished = self._is_closed = False
        self._failure: BaseException | None = None

    def fill_from(self, produce: Callable[["Pipe"], None]) -> None:
        """Run `produce(self)` in a thread; its return is the end, its exception the reader's."""
        threading.Thread(target=self._run, args=(produce,), daemon=True).start()

    def _run(self, produce: Callable[["Pipe"], None]) -> None:
        failure = None
        try:
            produce(self)
        except BaseException as error:  # the reader's to handle, whatever it is
            failure = error
        with self._changed:
            self._finished, self._failure = True, failure
            self._changed.notify_all()

    def write(self, data: bytes) -> None:
        """Append, once there is room."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting < LIMIT or self._is_closed)
            if self._is_closed:
                raise BrokenPipeError("nobody reads any more")
            if data:
                self._blocks.append(memoryview(data))
                self._waiting += len(data)
            self._changed.notify_all()

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes as soon as there are any; none at the end. Raises what the producer raised."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._finished)
            if self._failure is not None:
                raise self._failure
            if not self._blocks:
                return b""
            block = self._blocks.popleft()
            if len(block) > size:
                self._blocks.appendleft(block[size:])
            self._waiting -= min(size, len(block))
            self._changed.notify_all()
            return bytes(block[:size])

    def begin_at(self, time: float) -> None:
        """So many seconds of the recording are left out; to be said before its first byte."""
        self.begins = time

    def seekable(self) -> bool:
        """Never."""
        return False

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Raises OSError."""
        raise OSError("a pipe goes on and on")

    def close(self) -> None:
        """Leave what is still to come."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def finish(self) -> None:
        """Read what the demuxer left, so that a failure there counts too. Raises what the producer raised."""
        while self.read(LIMIT):
            pass
