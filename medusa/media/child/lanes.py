"""The tracks on their way from their sources to the file: which, when, and what they take in the index."""

import heapq
import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from medusa.errors import MediaUnreadable
from medusa.media.child import describe
from medusa.media.child.timeline import Track

_SAME_CLOCK = 10
"""Seconds. Two streams that start so close to each other count from the same moment."""


class Lane:
    """One track."""

    def __init__(self, source: Stream, target: Stream, start: Fraction, *, jumps: bool) -> None:
        """`start`: seconds in the source that are the file's beginning. `jumps`: see Track."""
        assert source.time_base is not None
        self.source, self.target = source, target
        self.index_size = 0
        """Bytes that the packets so far take in an MP4's index, at the least."""
        self._track = Track(source.time_base, jumps, offset=-round(start / source.time_base))
        self._start: int | None = None
        self._end = 0
        self._last = (0, 0, 0)

    @property
    def is_empty(self) -> bool:
        """Whether nothing came."""
        return self._start is None

    @property
    def start(self) -> float:
        """Seconds at which the first picture or sound starts."""
        return float((self._start or 0) * self._track.time_base)

    @property
    def end(self) -> float:
        """Seconds at which the last one ends."""
        return float(self._end * self._track.time_base)

    def place(self, packet: "Packet[Stream]") -> bool:
        """Set the packet's times and track; false when it stays behind: pictures start with a key frame."""
        if not packet.size or (self.is_empty and self.source.type == "video" and not packet.is_keyframe):
            return False
        pts, dts = self._track.place(packet.pts, packet.dts, packet.duration)
        packet.pts, packet.dts, packet.stream = pts, dts, self.target
        self._start = pts if self._start is None else min(self._start, pts)
        self._end = max(self._end, pts + (packet.duration or 0))
        self._count(pts, dts)
        return True

    def _count(self, pts: int, dts: int) -> None:
        """A size for each packet; a run for each change of its duration and of its display delay."""
        last_dts, last_step, last_delay = self._last
        self._last = (dts, dts - last_dts, pts - dts)
        self.index_size += 4 + 8 * (dts - last_dts != last_step) + 8 * (pts - dts != last_delay)


def choose_tracks(inputs: Sequence[InputContainer], *, sound_only: bool) -> list[list[Stream]]:
    """Of each input the streams to carry. Raises MediaUnreadable when what is wanted is not there."""
    picture = describe.picture(inputs[0])
    pictures: list[Stream] = [picture] if picture else []
    sounds: list[Stream] = list(inputs[-1].streams.audio)
    of_one = sounds[:1] if sound_only else pictures + sounds
    chosen = [pictures, sounds[:1]] if len(inputs) == 2 else [of_one]
    if not all(chosen):
        raise MediaUnreadable(detail=f"no such tracks in {[c.format.name for c in inputs]}")
    return chosen


def starts_of(inputs: Sequence[InputContainer]) -> list[Fraction]:
    """Seconds at which each input starts, or all of them where they share a clock."""
    starts = [Fraction(container.start_time or 0, av.time_base) for container in inputs]
    return [min(starts)] * len(starts) if max(starts) - min(starts) < _SAME_CLOCK else starts


def merged(
    inputs: Sequence[InputContainer], chosen: Sequence[Sequence[Stream]]
) -> Iterator[tuple[int, "Packet[Stream]"]]:
    """The packets of all inputs with their input's number, by time, so that no input runs ahead."""
    packets = (container.demux(list(streams)) for container, streams in zip(inputs, chosen, strict=True))
    numbered = [zip(itertools.repeat(number), stream) for number, stream in enumerate(packets)]
    yield from heapq.merge(*numbered, key=lambda item: _seconds(item[1]))


def _seconds(packet: "Packet[Stream]") -> float:
    time = packet.dts if packet.dts is not None else packet.pts
    return -1.0 if time is None else float(time * packet.time_base)
