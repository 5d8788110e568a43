"""What is not passed on: the tracks of the sources, into new files by the way that the order names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from medusa.media.child import describe, encode, mux, tags, thumbnail
from medusa.media.child.caption_track import Captions
from medusa.media.child.cutting import Cutter
from medusa.media.child.delivery import Delivery
from medusa.media.child.describe import Source
from medusa.media.child.output import Output
from medusa.media.child.picture import SitePicture
from medusa.media.child.section import LEAD
from medusa.media.child.span import Span
from medusa.media.child.summary import Ended
from medusa.media.child.tags import Tags
from medusa.media.child.tracks import Tracks, open_tracks
from medusa.media.containers import Container
from medusa.media.order import StreamOrder

_COVER_SIDE = 640
"""Pixels."""
_COVER_TIME = 2.0
"""Seconds that the first byte of a file waits for its cover."""


def rewritten(
    files: Sequence[Source],
    sizes: Sequence[int | None],
    order: StreamOrder,
    delivery: Delivery,
    *,
    captions: Captions | None,
    picture: SitePicture,
    album: str,
) -> Iterator[Ended]:
    """Yields at the end of each file. Raises errors of medusa.errors, av.FFmpegError, what the files raise.

    `sizes`: bytes of each source, where they are known.
    """
    container = Container(order.container)
    tracks = open_tracks(
        files, sound_only=order.sound_only, lists_all=container.lists_all, span=spans(order, 1)[0]
    )
    cutter = Cutter(
        order.max_size,
        order.head_window,
        source_size=None
        if None in sizes or order.bit_rate
        else sum(size for size in sizes if size is not None),
        is_larger=order.is_larger,
    )

    def open_output(window: int) -> Output:
        return Output(delivery, window)

    if order.bit_rate is None:
        yield from mux.remux(tracks, open_output, container, cutter, captions=captions)
        return
    dress = _tags(tracks, order, picture, album)
    small = thumbnail.first_of([lambda: dress.cover and thumbnail.of_picture(dress.cover)])
    for summary, is_last in encode.encode(
        tracks, open_output, container, cutter, dress, bit_rate=order.bit_rate
    ):
        yield Ended(replace(summary, thumbnail=small), is_last)


def spans(order: StreamOrder, sources: int) -> list[Span | None]:
    """What to fetch of each of the sources; None: the whole."""
    if not order.is_part:
        return [None] * sources
    early = max(0.0, order.start - LEAD)
    return [Span(early if number else order.start, order.end) for number in range(sources)]


def _tags(tracks: Tracks, order: StreamOrder, picture: SitePicture, album: str) -> Tags:
    """What is known of the page and what the source says of itself; its own cover, or else the site's."""
    source = tracks.inputs[0]
    own = {**tracks.lanes[0].source.metadata, **source.metadata}
    cover = thumbnail.first_of(
        [
            lambda: _as_cover(describe.cover(source)),
            lambda: _as_cover(picture.result(_COVER_TIME)),
        ]
    )
    return Tags(tags.merged(own, title=order.title, performer=order.performer, album=album), cover)


def _as_cover(data: bytes | None) -> bytes | None:
    return thumbnail.of_picture(data, _COVER_SIDE) if data else None
