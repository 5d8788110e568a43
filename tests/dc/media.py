"""Documents and photos as they hang on messages."""

from dataclasses import dataclass
from typing import Any

from pyrogram.raw.types import (
    DocumentAttributeAudio,
    DocumentAttributeFilename,
    DocumentAttributeVideo,
)

from tests.dc.files import File


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
