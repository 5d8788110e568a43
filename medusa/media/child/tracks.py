"""The tracks of one or two sources that go into the files, opened and on their way."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import av
from av.container import InputContainer
from av.stream import Stream

from medusa.errors import WrongArgument
from medusa.media.child import describe, section, ytdl
from medusa.media.child.describe import Description, Source
from medusa.media.child.lanes import Lane, Placed, choose_tracks, interleaved, merged, starts_of
from medusa.media.child.span import Span

_EARLY = 0.5
"""Seconds: demuxers jump by the times of decoding, which are a little before those at which is shown."""


class Tracks(NamedTuple):
    """What there is to write."""

    files: Sequence[Source]
    inputs: Sequence[InputContainer]
    lanes: Sequence[Lane]
    seen: Description
    """What the first source says of itself."""
    packets: Iterable[Placed]
    """By the time at which they are shown; of a section, its packets alone."""
    span: Span | None

    def finish(self) -> None:
        """All packets are written. Raises what fails behind the point where the demuxers stopped."""
        for file in self.files:
            if self.span is None:
                file.finish()
            else:
                file.close()


def open_tracks(
    files: Sequence[Source], *, sound_only: bool, lists_all: bool, span: Span | None = None
) -> Tracks:
    """Of one file all its tracks, of two the first's picture and the other's sound.

    Raises MediaUnreadable, av.FFmpegError, and what the files raise.
    """
    inputs = [describe.open_media(file) for file in files]
    starts = starts_of(inputs, [file.begins for file in files])
    if span is not None:
        inputs = [
            _jumped(*one, span, number) for number, one in enumerate(zip(files, inputs, starts, strict=True))
        ]
    chosen = choose_tracks(inputs, sound_only=sound_only)
    lanes = _lanes(inputs, chosen, starts, lists_all=lists_all)
    seen = describe.describe_container(inputs[0], whole=False)
    packets: Iterable[Placed] = interleaved(_placed(inputs, chosen, lanes), len(lanes))
    if span is not None:
        packets = _not_empty(section.within(packets, span))
    return Tracks(files, inputs, lanes, seen, packets, span)


def _jumped(
    file: Source, container: InputContainer, start: Fraction, span: Span, number: int
) -> InputContainer:
    """The container at the last key frame before the section, or before, as far as it takes jumps."""
    # MPEG-TS knows times and no key frames; what has no picture of its own has to wait for the other's.
    is_blind = number > 0 or container.format.name == "mpegts"
    time = span.start - (section.LEAD if is_blind else _EARLY)
    if time <= 0 or not file.seekable():
        return container
    try:
        container.seek(round((Fraction(time) + start) * av.time_base))
    except av.FFmpegError as error:
        ytdl.say(f"no jump to {time} s: {error}")
        file.seek(0)
        return describe.open_media(file)
    return container


def _lanes(
    inputs: Sequence[InputContainer],
    chosen: Sequence[Sequence[Stream]],
    starts: Sequence[Fraction],
    *,
    lists_all: bool,
) -> list[Lane]:
    """In the order of `chosen`."""
    of_input = zip(starts, inputs, chosen, strict=True)
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


def _not_empty(packets: Iterator[Placed]) -> Iterator[Placed]:
    """The same packets. Raises WrongArgument when there are none."""
    first = next(packets, None)
    if first is None:
        raise WrongArgument("It ends before the part that you asked for begins.")
    yield first
    yield from packets
