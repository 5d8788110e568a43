"""Documents and photos as they hang on messages."""

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from pyrogram.raw.types import (
    DocumentAttributeAudio,
    DocumentAttributeFilename,
    DocumentAttributeVideo,
)

from tests.dc.files import File

SMALL = 320
"""Pixels of a photo's size "m" (https://core.telegram.org/api/files#image-thumbnail-types)."""


@dataclass(frozen=True, eq=False)
class Media:
    """A file with what is known about it. `attributes` are schema objects, `dimensions` those of a photo."""

    file: File
    mime: str
    attributes: tuple[Any, ...] = ()
    thumb: bytes | None = None
    photo: bool = False
    dimensions: tuple[int, int] = (0, 0)
    spoiler: bool = False

    @property
    def name(self) -> str | None:
        """The file name."""
        return next((one.file_name for one in self._all(DocumentAttributeFilename)), None)

    @property
    def video(self) -> DocumentAttributeVideo | None:
        """Duration, w, h, supports_streaming."""
        return next(iter(self._all(DocumentAttributeVideo)), None)

    @property
    def audio(self) -> DocumentAttributeAudio | None:
        """Duration, title, performer, voice."""
        return next(iter(self._all(DocumentAttributeAudio)), None)

    def _all(self, kind: type[Any]) -> list[Any]:
        return [one for one in self.attributes if isinstance(one, kind)]


def shrunk(picture: bytes) -> bytes:
    """A picture as a JPEG in the size "m"."""
    with av.open(io.BytesIO(picture), "r") as container:
        frame = next(container.decode(video=0))
    scale = SMALL / max(frame.width, frame.height)
    width, height = round(frame.width * scale), round(frame.height * scale)
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1)
    small = frame.reformat(width, height, "yuvj420p")
    return b"".join(bytes(packet) for packet in [*encoder.encode(small), *encoder.encode(None)])


def image_size(data: bytes) -> tuple[int, int] | None:
    """(width, height) of a JPEG or PNG, None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 < len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(data[position + at : position + at + 2], "big") for at in (5, 7))
            return width, height
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return None
