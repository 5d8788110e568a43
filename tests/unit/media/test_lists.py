"""How much of a list is taken."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from medusa.media.child.lists import LONGEST_TIME, collected


@given(size=st.integers(0, 30), most=st.integers(1, 30))
def test_a_list_is_taken_whole_or_said_to_be_cut(size: int, most: int) -> None:
    found, is_cut = collected(range(size), most, clock=lambda: 0.0)
    assert found == list(range(min(size, most)))
    assert is_cut == (size > most)


def test_what_takes_too_long_is_cut_but_never_empty() -> None:
    clock = count(0.0, LONGEST_TIME / 3)
    found, is_cut = collected(count(), 10_000, clock=lambda: next(clock))
    assert (found, is_cut) == ([0, 1, 2, 3], True)
    assert collected(iter([1]), 9, clock=lambda: next(clock) * 1000) == ([1], False)


def test_a_list_without_an_end_ends() -> None:
    assert collected(count(), 5) == ([0, 1, 2, 3, 4], True)
