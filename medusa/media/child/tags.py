"""Title, artist, album and cover of a file of sound, as each of its containers holds them.

An MP3's are written here, as ID3v2.3, because libavformat goes back to the tag's head for its size when
there is a picture, and a stream cannot go back. An Ogg's picture is a comment, which libavformat knows
nothing of; in an M4A it is a track with one packet, which ends up in the index.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

_FRAMES = {
    "title": b"TIT2",
    "artist": b"TPE1",
    "album": b"TALB",
    "album_artist": b"TPE2",
    "track": b"TRCK",
    "genre": b"TCON",
    "date": b"TYER",
    "composer": b"TCOM",
    "copyright": b"TCOP",
}
"""Of ID3v2.3 (id3.org), by libavformat's names."""
KNOWN = frozenset(_FRAMES)
_LONGEST = 500
"""Characters of a value."""
_FRONT_COVER = 3


@dataclass(frozen=True)
class Tags:
    """What a file says of itself."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """By libavformat's names; see KNOWN."""
    cover: bytes | None = None
    """JPEG."""

    def id3(self) -> bytes:
        """As the head of an MP3."""
        frames = b"".join(_text(_FRAMES[name], _value(name, text)) for name, text in self.texts.items())
        if self.cover:
            frames += _frame(b"APIC", b"\0image/jpeg\0" + bytes([_FRONT_COVER]) + b"\0" + self.cover)
        return b"ID3\x03\x00\x00" + _sync_safe(len(frames)) + frames if frames else b""

    def comments(self) -> dict[str, str]:
        """As the comments of an Ogg file."""
        found = dict(self.texts)
        if self.cover:
            found["METADATA_BLOCK_PICTURE"] = base64.b64encode(_picture_block(self.cover)).decode()
        return found


def merged(own: Mapping[str, str], *, title: str, performer: str, album: str = "") -> dict[str, str]:
    """What is known of the page, completed with the tags that the source has itself."""
    lowered = {name.lower(): " ".join(text.split())[:_LONGEST] for name, text in own.items()}
    known = {name: text for name, text in lowered.items() if name in KNOWN and text}
    given = {"title": title, "artist": performer, "album": album}
    return {**known, **{name: text[:_LONGEST] for name, text in given.items() if text}}


def _value(name: str, text: str) -> str:
    return text[:4] if name == "date" else text


def _text(kind: bytes, text: str) -> bytes:
    return _frame(kind, b"\x01" + text.encode("utf-16", "replace"))


def _frame(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "big") + b"\0\0" + body


def _sync_safe(size: int) -> bytes:
    """Four bytes of seven bits each."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def _picture_block(cover: bytes) -> bytes:
    """FLAC's METADATA_BLOCK_PICTURE (RFC 9639, 8.8); sides and depth may be left unsaid."""
    mime = b"image/jpeg"
    head = _FRONT_COVER.to_bytes(4, "big") + len(mime).to_bytes(4, "big") + mime
    return head + bytes(20) + len(cover).to_bytes(4, "big") + cover
