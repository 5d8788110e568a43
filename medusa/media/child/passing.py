"""PASS: the bytes of one file on a web server, as they are."""

import yt_dlp

from medusa.errors import SourceChanged, SourceIncomplete
from medusa.media.child import recipe
from medusa.media.child.boxes import BoxWalker
from medusa.media.child.delivery import Delivery
from medusa.media.child.meter import Meter
from medusa.media.child.origin import Origin
from medusa.media.child.ytdl import Info
from medusa.media.order import StreamOrder

KEPT = 4 * 1024 * 1024
"""Bytes of the head that are kept."""


class Passing:
    """One file on its way through."""

    def __init__(self, delivery: Delivery, order: StreamOrder) -> None:
        self._delivery = delivery
        self._order = order
        self._walker = BoxWalker()
        self.head = bytearray()
        """The first bytes, to look at when the file is through."""
        self.size = 0
        """Bytes so far."""

    def run(self, ydl: yt_dlp.YoutubeDL, info: Info) -> None:
        """Deliver it all. Raises what Origin raises, and SourceIncomplete when the end is missing even so."""
        origin = Origin(ydl, recipe.place(ydl, info), self._order.patience, piece=recipe.piece(info))
        meter = Meter(self._order.format_ids[0])
        for block in origin.read():
            self._check_promise(origin.size)
            self._delivery.data(self.size, block)
            self._walker.feed(block)
            self.head += block[: KEPT - len(self.head)]
            self.size += len(block)
            meter.report(self.size, origin.size)
        self._check_promise(self.size)
        if self.size == 0 or self._walker.is_cut:
            raise SourceIncomplete(detail=f"an end inside the file, at byte {self.size}")
        meter.report(self.size, self.size, force=True)

    def _check_promise(self, size: int | None) -> None:
        if size is not None and self._order.size is not None and size != self._order.size:
            raise SourceChanged(detail=f"{size} bytes where there were {self._order.size}")
