"""A section of a recording, found in the packets of the whole. Nothing is encoded, so it begins at the key
frame at or before its start: in most videos up to 2 to 5 seconds early, in some 10. Sound alone is exact to
a packet, which is 20 to 30 ms.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from medusa.media.child.lanes import WAITING, Placed
from medusa.media.child.span import Span

HELD = 32 * 1024 * 1024
"""Bytes from a key frame to the section's start that are kept; with more of them it begins late instead."""
LEAD = 15.0
"""Seconds before the start at which sound is fetched that comes apart from its picture: since the last key
frame, whose place only the picture tells."""
_BEHIND = 10.0
"""Seconds behind the end after which nothing of the section is still to come, however it is interleaved."""


@dataclass
class _Run:
    """Packets since the last key frame before the start."""

    packets: list[Placed] = field(default_factory=list)
    size: int = 0

    def begin(self) -> None:
        """Forget what is before this key frame."""
        self.packets.clear()
        self.size = 0

    def add(self, placed: Placed) -> None:
        """Keep it, where there is something that it follows and room."""
        self.packets.append(placed)
        self.size += placed.packet.size + WAITING
        if self.size > HELD:
            self.begin()


def within(packets: Iterable[Placed], span: Span) -> Iterator[Placed]:
    """What belongs to the section, of packets by the time at which they are shown (`lanes.interleaved`).

    Lane 0 decides where it begins. Reads no further than a little behind the end.
    """
    yield from _until(_since(packets, span.start), span.end)


def may_begin(placed: Placed) -> bool:
    """Whether a file may begin with this packet: a key frame, which of sound alone every packet is."""
    return placed.lane.number == 0 and placed.packet.is_keyframe


def _since(packets: Iterable[Placed], start: float) -> Iterator[Placed]:
    source = iter(packets)
    run = _Run()
    for placed in source:
        is_begin = may_begin(placed)
        if placed.time > start and (run.packets or is_begin):
            # No key frame at or before the start can follow, nor, without a run, one that is nearer.
            yield from run.packets
            yield placed
            break
        if is_begin:
            run.begin()
        if is_begin or run.packets:
            run.add(placed)
    else:
        return
    yield from source


def _until(packets: Iterable[Placed], end: float | None) -> Iterator[Placed]:
    for placed in packets:
        if end is None or placed.time < end or placed.decoded < end:
            yield placed
        elif placed.lane.number == 0 or placed.time > end + _BEHIND:
            return
