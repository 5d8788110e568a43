"""The tracks on their way from their sources to the files: which, when, and what they take in the index."""

import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from medusa.errors import MediaUnreadable
from medusa.media.child import describe
from medusa.media.child.timeline import Track

HELD = 8 * 1024 * 1024
"""Bytes that wait for the tracks that are behind."""
WAITING = 1024
"""Bytes of memory that a packet takes besides its data, roughly: thousands of tiny ones count, too."""
CUE = 40
"""Bytes of a key frame in Matroska's index, at the most."""
_SAME_CLOCK = 10
"""Seconds. Two streams that start so close to each other count from the same moment."""


class Lane:
    """One track."""

    def __init__(
        self, number: int, source: Stream, start: Fraction, *, jumps: bool, lists_all: bool = True
    ) -> None:
        """`start`: seconds in the source that are the file's beginning. `jumps`: see Track.

        `lists_all`: the index lists every packet, as an MP4's does, and not key frames only.
        """
        assert source.time_base is not None
        self.number, self.source = number, source
        self.is_picture = source.type == "video"
        self._track = Track(source.time_base, jumps, offset=-round(start / source.time_base))
        self._tick = float(source.time_base)
        self._lists_all = lists_all
        self._time: float | None = None
        self._last = (0, 0, 0)

    def place(self, packet: "Packet[Stream]") -> "Placed | None":
        """The packet on the stream's timeline; None when it stays behind: pictures start with a key frame."""
        if not packet.size or (self._time is None and self.is_picture and not packet.is_keyframe):
            return None
        pts, dts = self._track.place(packet.pts, packet.dts, packet.duration)
        packet.pts, packet.dts = pts, dts
        time = pts * self._tick
        self._time = time if self._time is None else max(self._time, time)
        return Placed(self._time, self, packet, self._index_size(packet.is_keyframe, pts, dts))

    def _index_size(self, is_key: bool, pts: int, dts: int) -> int:
        """An MP4's: a size for each packet; a run for each change of its duration and display delay."""
        if not self._lists_all:
            return CUE * (is_key and self.is_picture)
        last_dts, last_step, last_delay = self._last
        self._last = (dts, dts - last_dts, pts - dts)
        return 4 + 8 * (dts - last_dts != last_step) + 8 * (pts - dts != last_delay)


class Placed(NamedTuple):
    """A packet with its place on the timeline of the whole stream."""

    time: float
    """Seconds at which the latest of its lane's packets so far is shown; of a key frame, its own."""
    lane: Lane
    packet: "Packet[Stream]"
    index_size: int
    """Bytes that it takes in the file's index: of an MP4 at the least, of Matroska at the most."""

    @property
    def decoded(self) -> float:
        """Seconds at which it is needed: of a picture, those that are shown before it may follow it."""
        assert self.packet.dts is not None
        return float(self.packet.dts * self.packet.time_base)


def choose_tracks(inputs: Sequence[InputContainer], *, sound_only: bool) -> list[list[Stream]]:
    """Of each input the streams to carry. Raises MediaUnreadable when what is wanted is not there.

    Of one input, its picture and every track of its sound, in the source's order, as they would be in a file
    that is passed on; for sound only, and of two inputs, the sound that is marked as default, else the first.
    Subtitles, data and covers stay behind.
    """
    picture = describe.picture(inputs[0])
    pictures: list[Stream] = [picture] if picture else []
    sounds: list[Stream] = list(inputs[-1].streams.audio)
    main = [s for s in sounds if s.disposition & Disposition.default][:1] or sounds[:1]
    of_one = main if sound_only else pictures + sounds
    chosen = [pictures, main] if len(inputs) == 2 else [of_one]
    if not all(chosen):
        raise MediaUnreadable(detail=f"no such tracks in {[c.format.name for c in inputs]}")
    return chosen


def starts_of(inputs: Sequence[InputContainer], begins: Sequence[float]) -> list[Fraction]:
    """Seconds on each input's clock at which its recording starts, or all of them where they share a clock.

    `begins`: seconds of the recording that each input leaves out.
    """
    starts = [
        Fraction(container.start_time or 0, av.time_base) - Fraction(left_out)
        for container, left_out in zip(inputs, begins, strict=True)
    ]
    return [min(starts)] * len(starts) if max(starts) - min(starts) < _SAME_CLOCK else starts


def merged(
    inputs: Sequence[InputContainer], chosen: Sequence[Sequence[Stream]]
) -> Iterator[tuple[int, "Packet[Stream]"]]:
    """The packets of all inputs with their input's number, by time, so that no input runs ahead."""
    packets = (container.demux(list(streams)) for container, streams in zip(inputs, chosen, strict=True))
    numbered = [zip(itertools.repeat(number), stream) for number, stream in enumerate(packets)]
    yield from heapq.merge(*numbered, key=lambda item: _seconds(item[1]))


def interleaved(packets: Iterable[Placed], tracks: int, held: int = HELD) -> Iterator[Placed]:
    """The packets by the time at which they are shown, each lane's in their order.

    A key frame so comes behind all sound that is heard before it, and before all that is heard with it or
    later: the place for a cut. At most `held` bytes wait; where one lane is further behind, so be it.
    """
    waiting: list[tuple[float, int, int, Placed]] = []
    ahead = [0] * tracks
    size = 0
    for serial, placed in enumerate(packets):
        heapq.heappush(waiting, (placed.time, placed.lane.number, serial, placed))
        ahead[placed.lane.number] += 1
        size += placed.packet.size + WAITING
        while all(ahead) or size > held:
            *_, first = heapq.heappop(waiting)
            ahead[first.lane.number] -= 1
            size -= first.packet.size + WAITING
            yield first
    while waiting:
        yield heapq.heappop(waiting)[-1]


def _seconds(packet: "Packet[Stream]") -> float:
    time = packet.dts if packet.dts is not None else packet.pts
    return -1.0 if time is None else float(time * packet.time_base)
