"""The small JPEG that stands for a file: from the site, from the file's cover or from its key frames."""

import io
import itertools
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import av
from av.codec.context import CodecContext
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from medusa.media.child import describe, ytdl
from medusa.media.child.summary import Summary

SIDE = 320
LARGEST = 200_000
"""Telegram's limits, in pixels and bytes."""
_MOST_PIXELS = "40000000"
"""A small PNG may unpack to gigabytes."""
_PACKETS = 500
"""Packets of a file's head that are looked through."""
_LOOKS = 4
_TELLING = 4000
"""Bytes of a JPEG that shows something."""
_QUALITIES = (4, 8, 16, 31)
"""mjpeg's scale, best first."""
_MAGIC = ((b"\xff\xd8", "mjpeg"), (b"\x89PNG", "png"), (b"RIFF", "webp"))


def first_of(ways: Iterable[Callable[[], bytes | None]]) -> bytes | None:
    """The first picture that one of these finds. No trouble with it is a reason to lose a finished file."""
    for way in ways:
        try:
            if picture := way():
                return picture
        except Exception as error:
            ytdl.say(f"thumbnail: {type(error).__name__}: {error}")
    return None


def of_picture(data: bytes, side: int = SIDE) -> bytes | None:
    """From a JPEG, PNG or WebP, with at most so many pixels a side. Raises av.FFmpegError."""
    codec = next((codec for magic, codec in _MAGIC if data.startswith(magic)), None)
    if codec is None:
        return None
    decoder = CodecContext.create(codec, "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.options = {"max_pixels": _MOST_PIXELS}
    frames = decoder.decode(Packet(data)) or decoder.decode(None)
    return shrink(frames[0], side) if frames else None


def summarize(head: bytes | bytearray, size: int) -> Summary:
    """What can be told of a file of `size` bytes from its head."""
    try:
        with describe.open_media(io.BytesIO(head)) as container:
            seen = describe.describe_container(container, whole=len(head) == size)
            watcher = Watcher()
            picture = first_of([lambda: _cover(container), lambda: watcher.look_through(container)])
    except av.FFmpegError:  # no media, or too little of it
        return Summary(size)
    width, height = watcher.upright(seen.width, seen.height)
    return Summary(size, seen.duration, width, height, seen.title, seen.performer, picture)


def _cover(container: InputContainer) -> bytes | None:
    cover = describe.cover(container)
    return of_picture(cover) if cover is not None else None


class Watcher:
    """Finds a telling picture among the first key frames that pass: many videos fade in from black."""

    def __init__(self) -> None:
        self.best: bytes | None = None
        self._looks = 0
        self._is_turned = False

    def upright(self, width: int | None, height: int | None) -> tuple[int | None, int | None]:
        """Width and height as they are shown: a telephone films lying down and notes how it was held."""
        return (height, width) if self._is_turned else (width, height)

    def look_through(self, container: InputContainer) -> bytes | None:
        """The best picture near the head of a file. Raises av.FFmpegError and what the file raises."""
        stream = describe.picture(container)
        if stream is not None:
            for packet in itertools.islice(container.demux(stream), _PACKETS):
                self.look_at(stream, packet)
        return self.best

    def look_at(self, stream: VideoStream, packet: "Packet[Any]") -> None:
        """Decode the packet if it is a key frame and nothing good was found. Bad media is no error."""
        if not packet.is_keyframe or not packet.size or self._looks >= _LOOKS:
            return
        self._looks += 1
        picture = first_of([lambda: self._decode(stream, packet)])
        # What shows nothing takes few bytes.
        self.best = max(self.best, picture, key=lambda p: len(p or b""))
        if len(self.best or b"") >= _TELLING:
            self._looks = _LOOKS

    def _decode(self, stream: VideoStream, packet: "Packet[Any]") -> bytes | None:
        decoder = stream.codec_context
        if not decoder.is_open:
            decoder.thread_count = 1
            decoder.options = {"max_pixels": _MOST_PIXELS}
        frames = decoder.decode(packet) or decoder.decode(None)
        decoder.flush_buffers()
        if not frames:
            return None
        self._is_turned = round(frames[0].rotation / 90) % 2 == 1
        return shrink(frames[0])


def shrink(frame: VideoFrame, longest: int = SIDE) -> bytes | None:
    """An upright JPEG of at most so many pixels a side and LARGEST bytes."""
    scale = min(1.0, longest / max(frame.width, frame.height))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
    small = _turned(frame.reformat(width, height, "rgb24"), round(frame.rotation / 90) % 4)
    small = small.reformat(format="yuvj420p")
    small.pts = 0
    pictures = (_jpeg(small, quality) for quality in _QUALITIES)
    return next((picture for picture in pictures if len(picture) <= LARGEST), None)


def _turned(frame: VideoFrame, quarters: int) -> VideoFrame:
    """The picture, turned counter-clockwise."""
    if not quarters:
        return frame
    import numpy as np  # 20 MB, for the few that need it

    pixels = np.rot90(frame.to_ndarray().astype(np.uint8), quarters)
    return VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")


def _jpeg(frame: VideoFrame, quality: int) -> bytes:
    encoder = CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"qmin": str(quality), "qmax": str(quality)}
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))
