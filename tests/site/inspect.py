"""What became of a file: its boxes, its tracks, whether it plays. For tests and the demo; knows no Medusa."""

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

_START_CODE = re.compile(rb"\x00\x00\x01")
_NOT_PICTURE = frozenset({7, 8, 9})
"""H.264: parameter sets and delimiters, which each container keeps in its own way."""


@dataclass(frozen=True)
class Track:
    """One track of a file."""

    kind: str
    codec: str
    packets: int
    md5: str
    """Of its coded data, in a form that is the same in MP4 and in MPEG-TS."""
    duration: float
    """Seconds from the first packet's start to the last one's end."""


class Coded(NamedTuple):
    """One packet."""

    md5: str
    """Of its coded data, in a form that is the same in MP4 and in MPEG-TS."""
    start: float
    """Seconds."""
    is_key: bool


@dataclass(frozen=True)
class Report:
    """What a file is."""

    boxes: tuple[str, ...]
    """Top level; empty when it is not an MP4."""
    tracks: tuple[Track, ...]
    duration: float | None
    width: int | None
    height: int | None
    rotation: int
    """Degrees counter-clockwise by which players turn the picture."""
    frames: int
    """Decoded, of all tracks."""
    errors: int
    """Packets that the decoders refused, and times that do not rise."""
    seeks: bool
    """Whether a jump to the middle lands on a key frame there."""

    @property
    def is_faststart(self) -> bool:
        """A plain MP4 with its index before its media: it plays while it arrives, and can be sought in."""
        return (
            "moov" in self.boxes
            and "moof" not in self.boxes
            and self.boxes.index("moov") < self.boxes.index("mdat")
        )

    @property
    def md5s(self) -> dict[str, str]:
        """By kind of track."""
        return {track.kind: track.md5 for track in self.tracks}


def inspect(source: Path | bytes) -> Report:
    """Look at a file. Raises av.FFmpegError when it is no media."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    tracks = tuple(_tracks(data))
    frames, errors = _decode(data)
    with av.open(io.BytesIO(data), "r") as container:
        video = next(iter(container.streams.video), None)
        return Report(
            boxes=tuple(boxes(data)),
            tracks=tracks,
            duration=container.duration / av.time_base if container.duration else None,
            width=video.codec_context.width if video else None,
            height=video.codec_context.height if video else None,
            rotation=_rotation(data),
            frames=frames,
            errors=errors,
            seeks=_seeks(container),
        )


def track_md5s(source: Path | bytes) -> dict[str, str]:
    """The MD5 of each kind of track's coded data."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    return {track.kind: track.md5 for track in _tracks(data)}


def packets(source: Path | bytes) -> dict[str, list[Coded]]:
    """The packets of the first track of each kind, in decoding order."""
    found: dict[str, list[Coded]] = {}
    with av.open(io.BytesIO(source) if isinstance(source, bytes) else str(source), "r") as container:
        firsts = [next(iter(streams), None) for streams in (container.streams.video, container.streams.audio)]
        for packet in container.demux([stream for stream in firsts if stream is not None]):
            if packet.size and packet.pts is not None:
                md5 = hashlib.md5(_coded(packet)).hexdigest()
                start = float(packet.pts * packet.time_base)
                found.setdefault(packet.stream.type, []).append(Coded(md5, start, packet.is_keyframe))
    return found


class Said(NamedTuple):
    """A text of a file's track of subtitles."""

    start: float
    seconds: float
    text: str


def subtitles(data: bytes) -> tuple[str, list[Said]]:
    """The language of an MP4's only track of subtitles, and its texts."""
    said = []
    with av.open(io.BytesIO(data), "r") as container:
        (track,) = container.streams.subtitles
        for packet in container.demux(track):
            # Two bytes say how long the text is; a pause has no other.
            if packet.pts is not None and packet.size > 2:
                start, seconds = (float((n or 0) * packet.time_base) for n in (packet.pts, packet.duration))
                said.append(Said(start, seconds, bytes(packet)[2:].decode()))
        return track.metadata["language"], said


def boxes(data: bytes) -> Iterator[str]:
    """The types of an MP4's top-level boxes."""
    offset = 0
    if data[4:8] not in (b"ftyp", b"moov", b"styp"):
        return
    while offset + 8 <= len(data):
        size = int.from_bytes(data[offset : offset + 4], "big")
        yield data[offset + 4 : offset + 8].decode("latin-1")
        if size == 1:
            size = int.from_bytes(data[offset + 8 : offset + 16], "big")
        offset += size or len(data)


def _tracks(data: bytes) -> Iterator[Track]:
    with av.open(io.BytesIO(data), "r") as container:
        streams = [s for s in container.streams if s.type in ("video", "audio")]
        hashes = {s.index: hashlib.md5() for s in streams}
        counts = dict.fromkeys(hashes, 0)
        spans: dict[int, tuple[float, float]] = {}
        for packet in container.demux(streams):
            if not packet.size or packet.pts is None:
                continue
            index = packet.stream.index
            hashes[index].update(_coded(packet))
            counts[index] += 1
            start = float(packet.pts * packet.time_base)
            end = start + float((packet.duration or 0) * packet.time_base)
            low, high = spans.get(index, (start, end))
            spans[index] = (min(low, start), max(high, end))
        for s in streams:
            low, high = spans.get(s.index, (0.0, 0.0))
            yield Track(
                s.type,
                s.codec_context.codec.canonical_name,
                counts[s.index],
                hashes[s.index].hexdigest(),
                high - low,
            )


def _coded(packet: "Packet[Stream]") -> bytes:
    data = bytes(packet)
    codec = packet.stream.codec_context
    name = codec.codec.canonical_name
    if name == "h264":
        extradata = getattr(codec, "extradata", None) or b""
        units = _length_prefixed(data) if extradata[:1] == b"\x01" else _annex_b(data)
        return b"".join(unit for unit in units if unit and unit[0] & 31 not in _NOT_PICTURE)
    if name == "aac" and data[0] == 0xFF and data[1] & 0xF6 == 0xF0:  # an ADTS header
        return data[7 if data[1] & 1 else 9 :]
    return data


def _annex_b(data: bytes) -> Iterator[bytes]:
    starts = [found.end() for found in _START_CODE.finditer(data)]
    for start, following in zip(starts, [*(s - 3 for s in starts[1:]), len(data)], strict=True):
        yield data[start:following].rstrip(b"\x00")


def _length_prefixed(data: bytes) -> Iterator[bytes]:
    offset = 0
    while offset + 4 <= len(data):
        size = int.from_bytes(data[offset : offset + 4], "big")
        yield data[offset + 4 : offset + 4 + size].rstrip(b"\x00")
        offset += 4 + size


def _decode(data: bytes) -> tuple[int, int]:
    frames = errors = 0
    last: dict[int, int] = {}
    with av.open(io.BytesIO(data), "r") as container:
        for packet in container.demux([s for s in container.streams if s.type in ("video", "audio")]):
            if packet.dts is not None:
                errors += packet.dts <= last.get(packet.stream.index, packet.dts - 1)
                last[packet.stream.index] = packet.dts
            try:
                frames += len(packet.decode())
            except av.FFmpegError:
                errors += 1
    return frames, errors


def _rotation(data: bytes) -> int:
    with av.open(io.BytesIO(data), "r") as container:
        frames = container.decode(video=0) if container.streams.video else iter(())
        return next((frame.rotation for frame in frames), 0)


def _seeks(container: InputContainer) -> bool:
    video = next(iter(container.streams.video), None)
    if not container.duration or video is None:
        return False
    middle = container.duration // 2
    container.seek(middle)
    packet = next(p for p in container.demux(video) if p.pts is not None)
    assert packet.pts is not None
    return packet.is_keyframe and float(packet.pts * packet.time_base) <= middle / av.time_base + 0.1
