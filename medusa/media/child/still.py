"""What a still picture says of itself in its first bytes. Pure."""

from typing import NamedTuple


class Still(NamedTuple):
    """A picture."""

    form: str
    """The extension that belongs to it."""
    width: int
    height: int


def look_at(head: bytes | bytearray) -> Still | None:
    """The JPEG, PNG, WebP or GIF that begins like this; None: it is something else, or too little of it."""
    for form, begins, sides in _FORMS:
        if begins(head):
            found = sides(head)
            return Still(form, *found) if found and all(found) else None
    return None


def _jpeg(head: bytes | bytearray) -> tuple[int, int] | None:
    """From the frame header (ISO/IEC 10918-1, B.2.2), behind segments that each say how long they are."""
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return _big(head, at + 7, 2), _big(head, at + 5, 2)
        # A byte that fills in, or a segment.
        at += 1 if marker == 0xFF else 2 + max(2, _big(head, at + 2, 2))
    return None


def _png(head: bytes | bytearray) -> tuple[int, int] | None:
    return (_big(head, 16, 4), _big(head, 20, 4)) if len(head) >= 24 else None


def _gif(head: bytes | bytearray) -> tuple[int, int] | None:
    return (_little(head, 6, 2), _little(head, 8, 2)) if len(head) >= 10 else None


def _webp(head: bytes | bytearray) -> tuple[int, int] | None:
    """https://developers.google.com/speed/webp/docs/riff_container"""
    if len(head) < 30:
        return None
    match bytes(head[12:16]):
        case b"VP8X":
            return _little(head, 24, 3) + 1, _little(head, 27, 3) + 1
        case b"VP8L":
            bits = _little(head, 21, 4)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _little(head, 26, 2) & 0x3FFF, _little(head, 28, 2) & 0x3FFF
    return None


def _big(data: bytes | bytearray, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _little(data: bytes | bytearray, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")


_FORMS = (
    ("jpg", lambda head: head[:3] == b"\xff\xd8\xff", _jpeg),
    ("png", lambda head: head[:8] == b"\x89PNG\r\n\x1a\n", _png),
    ("gif", lambda head: head[:6] in (b"GIF87a", b"GIF89a"), _gif),
    ("webp", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", _webp),
)
