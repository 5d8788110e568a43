"""Where a stream is cut into files: at a packet that needs none before it, while there is room. Pure.

How large the next group of pictures is shows only when it is over. So a file ends once twice the largest
one so far would not fit any more, or a sixteenth of a file (of a large file 64 MiB), from which also comes
whatever the muxer adds. A group that needs more than all that cannot be taken back: then the stream fails.
"""

from dataclasses import dataclass

from medusa.errors import IndexTooSmall, Uncuttable
from medusa.media import reservation

UNLIMITED = 2**62
MOST_SPARE = 64 * 1024 * 1024
"""Bytes that a file leaves unused where all groups are small."""
PACKET = 8
"""Bytes that a container adds to a packet, about."""


@dataclass
class Budget:
    """Bytes that a file may take up, spent step by step; how large a step is shows when it is made."""

    limit: int
    spare: int
    """What must be left for a step that is larger than all before."""
    used: int = 0
    _mark: int = 0
    _largest: int = 0

    def begin_step(self) -> None:
        """The last step is made."""
        self._largest = max(self._largest, self.used - self._mark)
        self._mark = self.used

    @property
    def has_room(self) -> bool:
        """Whether the next step may be taken to fit."""
        return self.used + max(self.spare, 2 * self._largest) <= self.limit

    def renew(self, used: int = 0) -> None:
        """For another file, of which so much is taken already."""
        self.used = self._mark = used


class Cutter:
    """Follows the packets of a stream and says when the next file begins."""

    def __init__(
        self, max_size: int | None, window: int, *, source_size: int | None = None, is_larger: bool = False
    ) -> None:
        """`window`: the head window, which is a part of the file and holds the index.

        `source_size`: bytes of all sources together, which their packets cannot exceed.
        `is_larger`: the stream has to be cut anyway, so one file need not have room for the whole index.
        """
        limit = UNLIMITED if max_size is None else max_size
        self.number = 1
        """Of the file that is being written, counted from 1."""
        self.window = window
        """The head window of that file."""
        self._size = Budget(limit, min(limit // 16, MOST_SPARE), window, window)
        # The packets tell the least that an index may take.
        self._index = Budget(window or UNLIMITED, window // 4)
        self._source_size = source_size
        self._cuts_for_index = is_larger and max_size is not None
        self._payload = 0
        """Bytes of all packets so far."""
        self._is_empty = True

    def is_due(self) -> bool:
        """Whether a new file begins with the next packet. To be asked for each with which one may begin."""
        self._size.begin_step()
        self._index.begin_step()
        has_room = self._size.has_room or self._rest_fits()
        if self._is_empty or (has_room and self._index_has_room()):
            return False
        self.number += 1
        self._is_empty = True
        # What is cut once may as well be cut again, where the index runs out before the file does.
        self._cuts_for_index = True
        self.window = min(self.window, reservation.CAP)
        self._size.renew(self.window)
        self._index.limit, self._index.spare = self.window or UNLIMITED, self.window // 4
        self._index.renew()
        return True

    def begin(self, head: int) -> None:
        """The file that begins has so many bytes before its packets."""
        self._size.renew(self._size.used + head)

    def take(self, size: int, index: int) -> None:
        """A packet goes into the file, with so many bytes in its index. Raises Uncuttable, IndexTooSmall."""
        self._is_empty = False
        self._payload += size
        self._size.used += size + PACKET
        self._index.used += index
        if self._size.used > self._size.limit:
            raise Uncuttable(detail=f"file {self.number}: {self._size}")
        if self._index.used > self._index.limit:
            raise IndexTooSmall(detail=f"{self._index.used} bytes needed so far, {self.window} kept")

    def _rest_fits(self) -> bool:
        return (
            self._source_size is not None
            and self._size.used + self._source_size - self._payload <= self._size.limit
        )

    def _index_has_room(self) -> bool:
        """Always so in a stream that may be one file: a larger window keeps it one."""
        return not self._cuts_for_index or self._index.has_room
