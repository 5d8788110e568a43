"""A look at the start of a file on a web server: how large it is, what it is, where its index lies."""

import io
from dataclasses import dataclass, replace

import yt_dlp

from medusa.errors import SourceIncomplete
from medusa.media import names
from medusa.media.child import recipe
from medusa.media.child.boxes import Box, BoxWalker, is_fragmented, read_box
from medusa.media.child.describe import Description, describe
from medusa.media.child.origin import Origin
from medusa.media.child.ranged import HEAD, BudgetSpent, RangedFile
from medusa.media.child.still import Still, look_at
from medusa.media.child.ytdl import Info
from medusa.media.order import Patience

BUDGET = 4 * 1024 * 1024
"""Bytes that may be fetched to look at one file. The index of an hour of video has about 2 MB."""
_BOXES = 8
"""So many boxes may lie between the head and the index."""

_EXTENSIONS = {
    "matroska,webm": ("mkv", "webm"),
    "mpegts": ("ts",),
    "mp3": ("mp3",),
    "ogg": ("ogg", "opus", "oga"),
    "flac": ("flac",),
    "wav": ("wav",),
    "flv": ("flv",),
    "avi": ("avi",),
    "aac": ("aac",),
}
_MP4_EXTENSIONS = ("mp4", "m4v", "m4a", "mov", "3gp")


@dataclass(frozen=True)
class Finding:
    """What the look showed."""

    name: str
    """As the server or the URL calls the file."""
    mime: str | None
    size: int | None
    ranges: bool
    extension: str | None = None
    """None: not media."""
    index_is_late: bool = False
    index_size: int | None = None
    is_fragmented: bool = False
    description: Description | None = None
    still: Still | None = None
    """A picture, which is no media to a player."""


def sniff(ydl: yt_dlp.YoutubeDL, info: Info, patience: Patience) -> Finding:
    """Look at a format on a web server. Raises what Origin raises."""
    brief = replace(patience, retries=min(1, patience.retries))
    origin = Origin(ydl, recipe.place(ydl, info), brief, piece=HEAD)
    file = RangedFile(origin, budget=BUDGET)
    try:
        head = _read_head(file)
        walker = BoxWalker()
        walker.feed(head)
        finding = _finding(origin, info)
        if (still := look_at(head)) is not None:
            whole = len(head) if len(head) < HEAD else None
            return replace(finding, still=still, size=finding.size or whole)
        if walker.boxes:
            return _look_at_mp4(file, head, walker, finding)
        description = _describe(file, head)
        if description is None:
            return finding
        extensions = _EXTENSIONS.get(description.format, (None,))
        known = info.get("ext") if info.get("ext") in extensions else extensions[0]
        return replace(finding, description=description, extension=known)
    finally:
        file.close()


def _read_head(file: RangedFile) -> bytes:
    head = b""
    while len(head) < HEAD and (block := file.read(HEAD - len(head))):
        head += block
    return head


def _finding(origin: Origin, info: Info) -> Finding:
    headers = origin.headers
    mime = (headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    return Finding(
        name=names.from_disposition(headers.get("Content-Disposition")) or names.from_url(origin.url),
        mime=mime or None,
        size=origin.size,
        ranges=origin.ranges,
    )


def _look_at_mp4(file: RangedFile, head: bytes, walker: BoxWalker, finding: Finding) -> Finding:
    index, media = walker.index, walker.media
    is_late = media is not None and (index is None or index.offset > media.offset)
    if index is None and media is not None and media.size is not None and file.seekable():
        index = _find_index(file, media.offset + media.size)
    cheap = index is not None and index.size is not None and index.size < BUDGET // 2
    description = _describe(file, head) if cheap else None
    return replace(
        finding,
        extension=_mp4_extension(head, description, finding.name),
        index_is_late=is_late,
        index_size=index.size if index else None,
        is_fragmented=is_fragmented(head),
        description=description,
    )


def _find_index(file: RangedFile, offset: int) -> Box | None:
    """The `moov` at or behind `offset`."""
    for _ in range(_BOXES):
        file.seek(offset)
        try:
            box = read_box(file.read(16), offset)
        except (BudgetSpent, SourceIncomplete):
            return None
        if box is None or box.size is None or box.type == b"moov":
            return box if box is not None and box.type == b"moov" else None
        offset += box.size
    return None


def _describe(file: RangedFile, head: bytes) -> Description | None:
    if not file.seekable():
        whole = file.origin.size == len(head)
        return describe(io.BytesIO(head), whole=whole)
    file.seek(0)
    try:
        return describe(file, whole=True)
    except (BudgetSpent, SourceIncomplete):
        return None


def _mp4_extension(head: bytes, description: Description | None, name: str) -> str:
    """MP4, M4A and MOV share a structure; the brand and the tracks tell them apart."""
    if head[4:12] == b"ftypqt  ":
        return "mov"
    if head[4:12] == b"ftypM4A " or (description and description.audio and not description.video):
        return "m4a"
    extension = names.split(name)[1].lstrip(".").lower()
    return extension if extension in _MP4_EXTENSIONS else "mp4"
