"""From frames to parts: pure arithmetic, no I/O.

Telegram's rules for a streamed upload (https://core.telegram.org/api/files#streamed-uploads): parts of
512 KiB, the last one may be shorter but not empty, and only the last one names the true number of parts. So
the part at the end of what has arrived is always held back: it may be the last. The parts of the head window
are held back too, because a muxer comes back to them when it closes the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from medusa.errors import TooLarge
from medusa.model import Frame

PART_SIZE = 512 * 1024
"""Bytes; the largest that Telegram takes, and the one it recommends."""

UNKNOWN_TOTAL = -1
"""`file_total_parts` of every part but the last."""


def part_count(size: int) -> int:
    """Parts of a file of this many bytes."""
    return -(-size // PART_SIZE)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a file, ready to be sent."""

    index: int
    data: bytes
    total: int = UNKNOWN_TOTAL
    small: bool = False
    """Of a file for `saveFilePart`: a thumbnail. Everything that is streamed is big, whatever its size."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What was held back: the head leaves first; when all is acknowledged, the last part."""

    head: tuple[Part, ...]
    last: Part | None
    """None: the stream was empty."""


class PartCutter:
    """Takes frames, gives parts as soon as they can no longer change."""

    def __init__(self, *, head_window: int, max_parts: int) -> None:
        self._held = part_count(head_window)
        self._max_size = max_parts * PART_SIZE
        self._head = bytearray()
        self._chunks: list[bytes] = []
        self._pending = 0
        self._next_index = self._held
        self.size = 0
        """Bytes of the file so far."""

    def feed(self, frame: Frame) -> list[Part]:
        """Take the next frame; the parts that may leave now.

        Raises `TooLarge` before a byte is taken that no part could carry, and ValueError for a frame that is
        neither behind the previous one nor inside the head window.
        """
        end = frame.offset + len(frame.data)
        if frame.offset == self.size:
            if end > self._max_size:
                raise TooLarge
            self.size = end
            return list(self._append(self._extend_head(frame.data)))
        if end <= len(self._head):
            self._head[frame.offset : end] = frame.data
            return []
        raise ValueError(f"a frame at {frame.offset}–{end} after {self.size} bytes, head {len(self._head)}")

    def finish(self) -> Tail:
        """The stream has ended: what was held back."""
        head = [
            Part(index, bytes(self._head[index * PART_SIZE : (index + 1) * PART_SIZE]))
            for index in range(part_count(len(self._head)))
        ]
        if self._pending:
            last = Part(self._next_index, b"".join(self._chunks), self._next_index + 1)
        elif head:
            held = head.pop()
            last = Part(held.index, held.data, held.index + 1)
        else:
            last = None
        return Tail(tuple(head), last)

    def _extend_head(self, data: bytes) -> bytes:
        """Keep what belongs into the held parts; the rest of `data`."""
        room = self._held * PART_SIZE - len(self._head)
        if room <= 0:
            return data
        self._head += data[:room]
        return data[room:]

    def _append(self, data: bytes) -> Iterator[Part]:
        """Add to the part under construction; full parts leave once a byte follows them."""
        view = memoryview(data)
        while view:
            if self._pending == PART_SIZE:
                yield self._complete()
            piece = view[: PART_SIZE - self._pending]
            # A whole frame is kept as it is: joining copies it once, a slice would copy it twice.
            self._chunks.append(data if len(piece) == len(data) else bytes(piece))
            self._pending += len(piece)
            view = view[len(piece) :]

    def _complete(self) -> Part:
        part = Part(self._next_index, b"".join(self._chunks))
        self._chunks, self._pending = [], 0
        self._next_index += 1
        return part
