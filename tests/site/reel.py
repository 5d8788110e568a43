"""Films as long and as odd as a test wants, out of the packets of a short clip: nothing is encoded."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream


@dataclass(frozen=True)
class Reel:
    """What to make of a clip."""

    pictures: int
    """Their number."""
    fps: int = 60
    sounds: int = 1
    """Tracks; each as long as the pictures, or as they would be, and with a beginning of its own."""
    default: int | None = None
    """The number of the sound that is marked as the one to play; None: as the container has it."""
    has_pictures: bool = True
    jitter: bool = False
    """Pictures that come when they come: each has a duration and a delay of its own."""
    delay: float = 0.0
    """Seconds by which the sound starts later than the picture; less than 0: earlier."""
    start: float = 0.0
    """Seconds by which everything is late; less than 0: its beginning is cut off by an edit list."""


def wind(clip: Path, target: Path, reel: Reel, *, container: str = "mp4") -> None:
    """Write the film."""
    with av.open(str(clip), "r") as source, av.open(str(target), "w", format=container) as out:
        video, audio = source.streams.video[0], source.streams.audio[0]
        clips = [_packets(source, video), _packets(source, audio)]
        copies: list[Stream] = []
        tracks: list[Iterator[tuple[float, Packet[Stream]]]] = []
        if reel.has_pictures:
            copies.append(out.add_stream_from_template(video, opaque=True))
            tracks.append(_pictures(clips[0], reel))
        for number in range(reel.sounds):
            copy = out.add_stream_from_template(audio, opaque=True)
            if reel.default is not None:
                copy.disposition = Disposition.default if number == reel.default else Disposition(0)
            copies.append(copy)
            tracks.append(_sounds(clips[1][number:], reel))
        for index, packet in _by_time(tracks):
            packet.stream = copies[index]
            out.mux_one(packet)


def _packets(source: InputContainer, stream: Stream) -> list["Packet[Stream]"]:
    source.seek(0)
    return [packet for packet in source.demux(stream) if packet.size]


def _pictures(clip: list["Packet[Stream]"], reel: Reel) -> Iterator[tuple[float, "Packet[Stream]"]]:
    """Picture after picture, each shown as many pictures after its decoding as it is in the clip."""
    tick = clip[0].time_base
    step = round(1 / (reel.fps * tick))
    chance = random.Random(1)
    for number, packet in zip(range(reel.pictures), itertools.cycle(clip), strict=False):
        assert packet.pts is not None
        assert packet.dts is not None
        shown = round((packet.pts - packet.dts) / (packet.duration or 1))
        dts = number * step + (chance.randint(-step // 4, step // 4) if reel.jitter else 0)
        pts = max(dts, (number + shown) * step)
        yield _copy(packet, pts, dts, step, round(reel.start / tick))


def _sounds(clip: list["Packet[Stream]"], reel: Reel) -> Iterator[tuple[float, "Packet[Stream]"]]:
    tick = clip[0].time_base
    step = clip[0].duration or 1024
    for number, packet in enumerate(itertools.cycle(clip)):
        time = number * step
        if time * tick >= Fraction(reel.pictures, reel.fps):
            return
        yield _copy(packet, time, time, step, round((reel.start + reel.delay) / tick))


def _copy(
    packet: "Packet[Stream]", pts: int, dts: int, duration: int, shift: int
) -> tuple[float, "Packet[Stream]"]:
    copy: Packet[Stream] = Packet(bytes(packet))
    copy.time_base, copy.is_keyframe = packet.time_base, packet.is_keyframe
    copy.pts, copy.dts, copy.duration = pts + shift, dts + shift, duration
    return float(copy.dts * copy.time_base), copy


def _by_time(
    tracks: list[Iterator[tuple[float, "Packet[Stream]"]]],
) -> Iterator[tuple[int, "Packet[Stream]"]]:
    """All packets with their track's number."""
    following = [next(track, None) for track in tracks]
    while any(following):
        _, index = min((head[0], index) for index, head in enumerate(following) if head)
        head = following[index]
        assert head is not None
        yield index, head[1]
        following[index] = next(tracks[index], None)
