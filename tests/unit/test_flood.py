"""How much somebody may send at once."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from medusa.flood import BURST, REMEMBERED, Flood

GAPS = st.lists(st.integers(0, 80), max_size=200)
"""Sixteenths of seconds between two messages, which floats hold exactly."""
START = 1000.0


def times(gaps: Sequence[int]) -> list[float]:
    """When the messages come."""
    found, now = [], Fraction(START)
    for gap in gaps:
        now += Fraction(gap, 16)
        found.append(float(now))
    return found


@given(GAPS)
def test_whoever_sends_one_a_second_is_never_held(gaps: Sequence[int]) -> None:
    flood = Flood(burst=1)
    assert all(flood.count("ann", at) is None for at in times([16 + gap for gap in gaps]))


@given(GAPS, st.integers(1, 40))
def test_no_more_get_through_than_the_burst_and_one_for_each_second(gaps: Sequence[int], burst: int) -> None:
    flood = Flood(burst=burst)
    passed = [at for at in times(gaps) if flood.count("ann", at) is None]
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + passed[last] - passed[first]


@given(GAPS, st.integers(1, 40))
def test_what_fits_is_let_through(gaps: Sequence[int], burst: int) -> None:
    """Against the bucket as a book describes it."""
    flood, tokens, then = Flood(burst=burst), Fraction(burst), START
    for at in times(gaps):
        tokens, then = min(Fraction(burst), tokens + Fraction(at) - Fraction(then)), at
        fits = tokens >= 1
        assert (flood.count("ann", at) is None) == fits
        tokens -= fits


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abcdef")), max_size=200))
def test_people_do_not_count_for_each_other(events: Sequence[tuple[int, str]]) -> None:
    together, alone = Flood(burst=3), {name: Flood(burst=3) for name in "abcdef"}
    for at, (_, name) in zip(times([gap for gap, _ in events]), events, strict=True):
        assert (together.count(name, at) is None) == (alone[name].count(name, at) is None)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 400)), max_size=400))
def test_few_are_remembered(events: Sequence[tuple[int, int]]) -> None:
    flood = Flood(remembered=50)
    for at, (_, sender) in zip(times([gap for gap, _ in events]), events, strict=True):
        flood.count(sender, at)
        assert len(flood) <= 50


def test_who_was_quiet_is_forgotten() -> None:
    flood = Flood()
    for sender in range(2 * REMEMBERED):
        flood.count(sender, START)
    assert len(flood) == REMEMBERED
    assert flood.count("ann", START + BURST) is None
    assert len(flood) == 1


def test_a_flood_is_one_until_it_is_over() -> None:
    flood = Flood(burst=2)
    assert [flood.count("ann", START) for _ in range(2)] == [None, None]
    spate = flood.count("ann", START)
    assert spate is not None
    spate.is_told = True
    assert flood.count("ann", START + 1) is None
    assert flood.count("ann", START + 1) is spate  # it went on, and is the same
    assert [flood.count("ann", START + 3) for _ in range(2)] == [None, None]
    another = flood.count("ann", START + 3)
    assert another is not None
    assert not another.is_told
