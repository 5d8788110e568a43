"""REMUX and MUX: the tracks of one or two streams into one file or several, as they are, in one pass."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from av.container import InputContainer
from av.stream import Stream

from medusa.media.child import describe
from medusa.media.child.cutting import Cutter
from medusa.media.child.describe import Source
from medusa.media.child.lanes import Lane, Placed, choose_tracks, interleaved, merged, starts_of
from medusa.media.child.muxed import MuxedFile
from medusa.media.child.output import Output
from medusa.media.child.summary import Ended
from medusa.media.containers import Container

Opener = Callable[[int], Output]
"""Makes the output of the next file, with a head window of so many bytes."""


def remux(
    files: Sequence[Source], open_output: Opener, container: Container, cutter: Cutter, *, sound_only: bool
) -> Iterator[Ended]:
    """Write tracks of `files`: of one file all, of two the first's picture and the other's sound.

    Yields at the end of each file that the cutter makes of them. Raises MediaUnreadable, IndexTooSmall,
    Uncuttable, av.FFmpegError, and what the files raise.
    """
    inputs = [describe.open_media(file) for file in files]
    chosen = choose_tracks(inputs, sound_only=sound_only)
    lanes = _lanes(inputs, chosen, lists_all=container is not Container.MKV)
    seen = describe.describe_container(inputs[0], whole=False)
    target = MuxedFile(open_output(cutter.window), container, lanes)
    for placed in interleaved(_placed(inputs, chosen, lanes), len(lanes)):
        if _may_begin(placed) and cutter.is_due():
            yield Ended(target.close(seen), is_last=False)
            target = MuxedFile(open_output(cutter.window), container, lanes, _shown_at(placed))
        cutter.take(placed.packet.size, placed.index_size)
        target.write(placed)
    for file in files:
        file.finish()
    yield Ended(target.close(seen), is_last=True)


def _lanes(
    inputs: Sequence[InputContainer], chosen: Sequence[Sequence[Stream]], *, lists_all: bool
) -> list[Lane]:
    """In the order of `chosen`."""
    of_input = [
        (start, c, streams) for start, c, streams in zip(starts_of(inputs), inputs, chosen, strict=True)
    ]
    streams = [(stream, start, c) for start, c, streams in of_input for stream in streams]
    return [
        Lane(number, stream, start, jumps=c.format.name == "mpegts", lists_all=lists_all)
        for number, (stream, start, c) in enumerate(streams)
    ]


def _placed(
    inputs: Sequence[InputContainer], chosen: Sequence[Sequence[Stream]], lanes: Sequence[Lane]
) -> Iterator[Placed]:
    """What goes into the files, in the order of the sources."""
    keys = [(number, stream.index) for number, streams in enumerate(chosen) for stream in streams]
    lane_of = dict(zip(keys, lanes, strict=True))
    for number, packet in merged(inputs, chosen):
        placed = lane_of[number, packet.stream.index].place(packet)
        if placed is not None:
            yield placed


def _may_begin(placed: Placed) -> bool:
    """Whether a file may begin with this packet: a key frame, which of sound alone every packet is."""
    return placed.lane.number == 0 and placed.packet.is_keyframe


def _shown_at(placed: Placed) -> Fraction:
    time_base = placed.lane.source.time_base
    assert placed.packet.pts is not None
    assert time_base is not None
    return placed.packet.pts * time_base
