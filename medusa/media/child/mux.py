"""REMUX and MUX: the tracks of one or two streams into one file or several, as they are, in one pass."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import chain

from medusa.errors import MediaUnreadable
from medusa.media.child.caption_track import Captions
from medusa.media.child.cutting import Cutter
from medusa.media.child.lanes import Placed
from medusa.media.child.muxed import MuxedFile
from medusa.media.child.output import Output
from medusa.media.child.section import may_begin
from medusa.media.child.summary import Ended
from medusa.media.child.tags import Tags
from medusa.media.child.tracks import Tracks
from medusa.media.containers import Container

Opener = Callable[[int], Output]
"""Makes the output of the next file, with a head window of so many bytes."""


def remux(
    tracks: Tracks,
    open_output: Opener,
    container: Container,
    cutter: Cutter,
    *,
    tags: Tags | None = None,
    captions: Captions | None = None,
) -> Iterator[Ended]:
    """Write the tracks; yields at the end of each file that the cutter makes of them.

    `captions`: subtitles that become a track of their own; their times are the whole recording's.

    Raises MediaUnreadable, IndexTooSmall, Uncuttable, av.FFmpegError, and what the sources raise.
    """

    def begin(origin: Fraction) -> MuxedFile:
        target = MuxedFile(
            open_output(cutter.window), container, tracks.lanes, origin, tags=tags, captions=captions
        )
        cutter.begin(target.head)
        return target

    packets = iter(tracks.packets)
    first = next(packets, None)
    if first is None:
        raise MediaUnreadable(detail="no packets")
    # Of a whole stream, the beginning is where its sources begin, whatever comes first.
    target = begin(Fraction(0) if tracks.span is None else _shown_at(first))
    for placed in chain([first], packets):
        if may_begin(placed) and cutter.is_due():
            yield Ended(target.close(tracks.seen), is_last=False)
            target = begin(_shown_at(placed))
        cutter.take(placed.packet.size, placed.index_size)
        target.write(placed)
    tracks.finish()
    yield Ended(target.close(tracks.seen), is_last=True)


def _shown_at(placed: Placed) -> Fraction:
    time_base = placed.lane.source.time_base
    assert placed.packet.pts is not None
    assert time_base is not None
    return placed.packet.pts * time_base
