"""What a media file says of itself, read by PyAV from its head or through ranges."""

from dataclasses import dataclass
from typing import Protocol

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mp3,ogg,flac,wav,flv,avi,aac"
"""Demuxers that read what they are given and nothing else; a playlist's would open addresses itself."""
OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
_BUFFER = 64 * 1024
_LONGEST_TAG = 500
"""Characters."""
_INDEXED = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "flac", "flv")
"""Formats that write their duration at the head; the others' is guessed from the size."""


class Readable(Protocol):
    """What PyAV needs of a file."""

    def read(self, size: int, /) -> bytes: ...


class Source(Readable, Protocol):
    """A file that is still arriving."""

    begins: float
    """Seconds of the recording that are left out before its first byte."""

    def seekable(self) -> bool:
        """Whether the demuxer may jump."""

    def seek(self, offset: int, whence: int = ..., /) -> int:
        """Move; only where it is seekable."""

    def close(self) -> None:
        """Nothing more of it is wanted."""

    def finish(self) -> None:
        """The demuxer is through. Raises what fails behind the point where it stopped."""


@dataclass(frozen=True)
class Description:
    """Of a media file. None: not said, or not to be believed."""

    format: str
    """libavformat's name for it."""
    duration: float | None
    video: str | None = None
    audio: str | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    title: str | None = None
    performer: str | None = None


def open_media(file: Readable, format_name: str | None = None) -> InputContainer:
    """A demuxer on a file, a pipe or a RangedFile. Raises av.FFmpegError and what the file raises."""
    return av.open(file, "r", format_name, options=OPTIONS, buffer_size=_BUFFER, metadata_errors="replace")


def describe(file: Readable, *, whole: bool) -> Description | None:
    """None when PyAV cannot read it. `whole`: the file is all there, not only its head."""
    try:
        with open_media(file) as container:
            return describe_container(container, whole=whole)
    except av.FFmpegError:
        return None


def describe_container(container: InputContainer, *, whole: bool) -> Description:
    """The same of an open container."""
    video, audio = picture(container), sound(container)
    tags = {key.lower(): value[:_LONGEST_TAG].strip() for key, value in container.metadata.items()}
    believed = whole or container.format.name in _INDEXED
    duration = container.duration / av.time_base if container.duration and believed else None
    return Description(
        format=container.format.name,
        duration=duration if duration and duration > 0 else None,
        video=video.codec_context.codec.canonical_name if video else None,
        audio=audio.codec_context.codec.canonical_name if audio else None,
        width=_shown_width(video) if video else None,
        height=video.codec_context.height or None if video else None,
        fps=float(video.average_rate) if video and video.average_rate else None,
        title=tags.get("title") or None,
        performer=tags.get("artist") or tags.get("album_artist") or None,
    )


def _shown_width(video: VideoStream) -> int | None:
    """Pixels need not be square."""
    ratio = video.sample_aspect_ratio
    return round(video.codec_context.width * (ratio if ratio and ratio > 0 else 1)) or None


def picture(container: InputContainer) -> VideoStream | None:
    """The first video stream that is not a cover, or None."""
    return next((s for s in container.streams.video if not s.disposition & Disposition.attached_pic), None)


def sound(container: InputContainer) -> AudioStream | None:
    """The first audio stream, or None."""
    return next(iter(container.streams.audio), None)


def cover(container: InputContainer) -> bytes | None:
    """The attached picture of an audio file, as it is in the file."""
    streams = [s for s in container.streams.video if s.disposition & Disposition.attached_pic]
    if not streams:
        return None
    packet = next(iter(container.demux(streams[0])), None)
    return bytes(packet) if packet is not None and packet.size else None
