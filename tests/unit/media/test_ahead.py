"""Fetching the next few in order, and bounded."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.child.ahead import fetch_ahead


class Shelf:
    """Counts how much was fetched and not yet taken."""

    def __init__(self) -> None:
        self.held = 0
        self.peak = 0
        self._lock = threading.Lock()

    def fetch(self, size: int) -> bytes:
        with self._lock:
            self.held += size
            self.peak = max(self.peak, self.held)
        return bytes(size)


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(1, 4), st.integers(1, 200))
def test_in_order_and_within_the_limit(sizes: list[int], at_once: int, limit: int) -> None:
    shelf = Shelf()
    taken = []
    for size, data in fetch_ahead(sizes, shelf.fetch, size_of=len, at_once=at_once, limit=limit):
        taken.append(size)
        assert len(data) == size
        shelf.held -= size
    assert taken == sizes


def test_large_ones_come_one_by_one() -> None:
    shelf = Shelf()
    for size, _ in fetch_ahead([60] * 20, shelf.fetch, size_of=len, at_once=4, limit=100):
        shelf.held -= size
    assert shelf.peak <= 120  # the one that is being taken, and the next


def test_a_failure_comes_in_its_turn() -> None:
    def fetch(number: int) -> bytes:
        if number == 3:
            raise OSError("gone")
        return b"x"

    taken: list[int] = []
    with pytest.raises(OSError, match="gone"):
        taken.extend(number for number, _ in fetch_ahead(range(9), fetch, size_of=len, at_once=4, limit=100))
    seen = fetch_ahead(range(3), fetch, size_of=len, at_once=4, limit=100)
    assert [number for number, _ in seen] == [0, 1, 2]
