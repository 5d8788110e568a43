"""The top-level boxes of an MP4 (ISO/IEC 14496-12, 4.2). Pure."""

from typing import NamedTuple

_FIRST = frozenset({b"ftyp", b"styp", b"moov", b"moof", b"free", b"skip", b"wide", b"mdat", b"pnot", b"sidx"})
_MEDIA = (b"mdat", b"moof")


class Box(NamedTuple):
    """A box at its place in the file."""

    type: bytes
    offset: int
    size: int | None
    """With its header; None: to the end of the file."""


class BoxWalker:
    """Follows the top-level boxes of a file that passes by; what is not an MP4 has none."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self._position = 0
        self._next = 0
        """Offset of the header that is wanted."""
        self._head = b""
        self._active = True

    def feed(self, data: bytes) -> None:
        """The next bytes of the file."""
        start = self._position
        self._position += len(data)
        while self._active and self._next + len(self._head) < self._position:
            at = self._next + len(self._head) - start
            self._head += data[at : at + 16 - len(self._head)]
            if (box := read_box(self._head, self._next)) is not None:
                self._take(box)
            elif len(self._head) >= 16:
                self._active = False

    def _take(self, box: Box) -> None:
        if not self.boxes and box.type not in _FIRST:
            self._active = False
            return
        self.boxes.append(box)
        self._head = b""
        if box.size is None:
            self._active = False
        else:
            self._next = box.offset + box.size

    @property
    def is_cut(self) -> bool:
        """Whether the file ended inside a box."""
        return bool(self.boxes) and self._active and self._position != self._next

    @property
    def index(self) -> Box | None:
        """The `moov`, where it was met."""
        return next((box for box in self.boxes if box.type == b"moov"), None)

    @property
    def media(self) -> Box | None:
        """The first `mdat` or `moof`, where it was met."""
        return next((box for box in self.boxes if box.type in _MEDIA), None)


def read_box(head: bytes, offset: int) -> Box | None:
    """The box whose header starts `head`; None when more bytes are wanted, or there is no box."""
    if len(head) < 8:
        return None
    size, kind = int.from_bytes(head[:4], "big"), head[4:8]
    if size == 0:
        return Box(kind, offset, None)
    if size == 1:
        large = int.from_bytes(head[8:16], "big")
        return Box(kind, offset, large) if len(head) >= 16 and large >= 16 else None
    return Box(kind, offset, size) if size >= 8 else None


def is_fragmented(head: bytes) -> bool:
    """Whether an MP4 that starts like this is made of fragments."""
    walker = BoxWalker()
    walker.feed(head)
    return walker.media is not None and walker.media.type == b"moof"
