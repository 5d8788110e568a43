"""Timestamps that a muxer takes."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from medusa.media.child.timeline import Track

TICKS = Fraction(1, 90_000)
times = st.none() | st.integers(-(2**33), 2**33)


@given(st.lists(st.tuples(times, times, st.none() | st.integers(0, 9000))), st.booleans())
def test_whatever_comes_goes_out_rising(packets: list[tuple[int | None, ...]], jumps: bool) -> None:
    track = Track(TICKS, jumps)
    placed = [track.place(*packet) for packet in packets]
    decode_times = [dts for _, dts in placed]
    assert all(a < b for a, b in pairwise(decode_times))
    assert all(pts >= dts for pts, dts in placed)


@given(st.integers(-1000, 1000), st.lists(st.tuples(st.integers(1, 9000), st.integers(0, 9000)), min_size=1))
def test_good_times_are_only_shifted(offset: int, steps: list[tuple[int, int]]) -> None:
    track = Track(TICKS, jumps=False, offset=offset)
    dts = 0
    for step, delay in steps:
        assert track.place(dts + delay, dts, step) == (dts + delay + offset, dts + offset)
        dts += step


def test_a_new_timeline_goes_on_where_the_old_one_ended() -> None:
    track = Track(TICKS, jumps=True)
    assert track.place(900_000, 900_000, 3600) == (900_000, 900_000)
    assert track.place(5000, 1400, 3600) == (907_200, 903_600)
    assert track.place(8600, 5000, 3600) == (910_800, 907_200)


def test_a_gap_of_seconds_stays_a_gap() -> None:
    track = Track(TICKS, jumps=True)
    track.place(0, 0, 3600)
    assert track.place(450_000, 450_000, 3600) == (450_000, 450_000)
