"""Packets of several tracks, put in the order in which they are shown."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import cast

from av.packet import Packet
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.child.lanes import WAITING, Lane, Placed, interleaved


class Track:
    """Stands for a lane: interleaving asks for its number only."""

    def __init__(self, number: int) -> None:
        self.number = number


TRACKS = [cast(Lane, Track(number)) for number in range(3)]


def placed(track: int, time: float, size: int = 10) -> Placed:
    return Placed(time, TRACKS[track], Packet(size), 4)


def arrived(steps: list[tuple[int, int]]) -> list[Placed]:
    """Each track's packets rise; how the tracks follow each other is anybody's guess."""
    clocks = Counter[int]()
    packets = []
    for track, step in steps:
        clocks[track] += step
        packets.append(placed(track, float(clocks[track])))
    return packets


arrivals = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20))).map(arrived)


@given(arrivals)
def test_they_come_by_time_the_picture_first(packets: list[Placed]) -> None:
    ordered = list(interleaved(packets, 3))
    assert len(ordered) == len(packets)
    assert {id(p) for p in ordered} == {id(p) for p in packets}
    assert all((a.time, a.lane.number) <= (b.time, b.lane.number) for a, b in pairwise(ordered))


@given(arrivals, st.integers(0, 20 * WAITING))
def test_only_so_many_bytes_wait_and_each_track_stays_in_order(packets: list[Placed], held: int) -> None:
    taken: list[Placed] = []
    ordered: list[Placed] = []
    for packet in interleaved(noting(packets, taken), 3, held):
        ordered.append(packet)
        assert sum(map(cost, taken)) - sum(map(cost, ordered)) <= held
    for lane in TRACKS:
        assert [p for p in ordered if p.lane is lane] == [p for p in packets if p.lane is lane]


def test_one_track_waits_for_nobody() -> None:
    taken: list[Placed] = []
    packets = [placed(0, float(number)) for number in range(10)]
    for packet in interleaved(noting(packets, taken), 1):
        assert packet is taken[-1]


def cost(placed: Placed) -> int:
    """What it takes while it waits."""
    return placed.packet.size + WAITING


def noting(packets: Iterable[Placed], taken: list[Placed]) -> Iterator[Placed]:
    """The packets, and which of them were asked for."""
    for packet in packets:
        taken.append(packet)
        yield packet
