"""PASS: the bytes of one file on a web server, as they are."""

from collections.abc import Iterator

import yt_dlp

from medusa.errors import SourceChanged, SourceIncomplete
from medusa.media.child import recipe, thumbnail
from medusa.media.child.boxes import BoxWalker
from medusa.media.child.delivery import Delivery
from medusa.media.child.meter import Meter
from medusa.media.child.origin import Origin
from medusa.media.child.summary import Ended, Summary
from medusa.media.child.ytdl import Info
from medusa.media.order import StreamOrder

KEPT = 4 * 1024 * 1024
"""Bytes of the head that are kept."""


class Passing:
    """One file on its way through; cut wherever `max_size` bytes are full."""

    def __init__(self, delivery: Delivery, order: StreamOrder) -> None:
        self._delivery = delivery
        self._order = order
        self._walker = BoxWalker()
        self._head = bytearray()
        """The first bytes, to look at when the file is through."""
        self._size = 0
        """Bytes so far, of all pieces."""
        self._written = 0
        """Bytes of the piece that is being delivered."""

    def run(self, ydl: yt_dlp.YoutubeDL, info: Info) -> Iterator[Ended]:
        """Deliver it all. Raises what Origin raises, and SourceIncomplete when the end is missing even so."""
        origin = Origin(ydl, recipe.place(ydl, info), self._order.patience, piece=recipe.piece(info))
        meter = Meter(self._order.format_ids[0])
        for block in origin.read():
            self._check_promise(origin.size)
            self._walker.feed(block)
            self._head += block[: KEPT - len(self._head)]
            self._size += len(block)
            yield from self._deliver(memoryview(block))
            meter.report(self._size, origin.size)
        self._check_promise(self._size)
        if self._size == 0 or self._walker.is_cut:
            raise SourceIncomplete(detail=f"an end inside the file, at byte {self._size}")
        meter.report(self._size, self._size, force=True)
        yield Ended(self._summary(), is_last=True)

    def _deliver(self, rest: memoryview) -> Iterator[Ended]:
        """Deliver a block. A piece ends when there is a byte for the next one, so that none is empty."""
        limit = self._order.max_size
        while rest:
            if limit is not None and self._written == limit:
                yield Ended(Summary(limit), is_last=False)
                self._written = 0
            fitting = rest if limit is None else rest[: limit - self._written]
            self._delivery.data(self._written, fitting)
            self._written += len(fitting)
            rest = rest[len(fitting) :]

    def _summary(self) -> Summary:
        """Of the last piece; a piece of several is no media, nor is a document looked at."""
        if self._order.kind == "document" or self._written < self._size:
            return Summary(self._written)
        return thumbnail.summarize(self._head, self._size)

    def _check_promise(self, size: int | None) -> None:
        if size is not None and self._order.size is not None and size != self._order.size:
            raise SourceChanged(detail=f"{size} bytes where there were {self._order.size}")
