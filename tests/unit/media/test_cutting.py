"""Where a stream is cut."""

from collections.abc import Sequence
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import IndexTooSmall, Uncuttable
from medusa.media import reservation
from medusa.media.child.cutting import MOST_SPARE, PACKET, Budget, Cutter

LIMIT = 100_000
WINDOW = 5_000
SPARE = LIMIT // 16
ROOM = LIMIT - WINDOW

groups = st.lists(st.integers(1, SPARE - 10 * PACKET), max_size=200)
"""Each fits what is always left, divided into so many packets at the most."""


def cut(cutter: Cutter, sizes: Sequence[int], index: int = 0) -> list[list[int]]:
    """The groups of each file; each group is a packet here."""
    files: list[list[int]] = [[]]
    for size in sizes:
        if cutter.is_due():
            files.append([])
        files[-1].append(size)
        cutter.take(size, index)
    return files


def taken(sizes: Sequence[int]) -> int:
    return sum(sizes) + PACKET * len(sizes)


@given(groups)
def test_every_group_is_in_one_file_and_every_file_fits(sizes: list[int]) -> None:
    files = cut(Cutter(LIMIT, WINDOW), sizes)
    assert [size for file in files for size in file] == sizes
    assert all(WINDOW + taken(file) <= LIMIT for file in files)
    assert all(files) or files == [[]]


@given(groups)
def test_no_file_ends_before_it_must(sizes: list[int]) -> None:
    files = cut(Cutter(LIMIT, WINDOW), sizes)
    for file in files[:-1]:
        left = LIMIT - WINDOW - taken(file)
        assert left < max(SPARE, 2 * (max(sizes) + PACKET))


@given(st.lists(st.floats(0.1, 1.9), max_size=200), st.integers(100, 20_000))
def test_groups_may_double(factors: list[float], first: int) -> None:
    """However large they become, as long as none is more than twice the largest before it, and two fit."""
    sizes = [min(ROOM // 2 - PACKET, size) for size in _growing(factors, first)]
    files = cut(Cutter(LIMIT, WINDOW), sizes)
    assert all(WINDOW + taken(file) <= LIMIT for file in files)


def _growing(factors: Sequence[float], first: int) -> list[int]:
    largest = list(accumulate(factors, lambda top, factor: max(top, top * factor), initial=float(first)))
    return [first] + [int(top * factor) for top, factor in zip(largest, factors, strict=False)]


@given(groups)
def test_a_stream_whose_rest_is_known_to_fit_is_not_cut(sizes: list[int]) -> None:
    limit = WINDOW + taken(sizes)
    assert len(cut(Cutter(limit, WINDOW, source_size=sum(sizes)), sizes)) == 1


@given(groups, st.integers(0, 10**6))
def test_no_limit_no_cut(sizes: list[int], window: int) -> None:
    assert len(cut(Cutter(None, window, is_larger=True), sizes)) == 1


def test_a_group_that_does_not_fit() -> None:
    cutter = Cutter(LIMIT, WINDOW)
    with pytest.raises(Uncuttable):
        cut(cutter, [100, ROOM])


def test_of_a_large_file_only_so_much_stays_unused() -> None:
    limit = 2_000_000_000
    (first, *_, last) = cut(Cutter(limit, 0), [1_000_000] * 3000)
    assert limit - MOST_SPARE - 1_100_000 < taken(first) <= limit
    assert last


@given(st.integers(1, 500), st.booleans())
def test_the_index_is_a_reason_to_cut_only_where_one_cuts_anyway(count: int, is_larger: bool) -> None:
    sizes, index = [1] * count, 100
    cutter = Cutter(LIMIT, WINDOW, is_larger=is_larger)
    if is_larger:
        assert all(len(file) * index <= WINDOW for file in cut(cutter, sizes, index))
    elif count * index <= WINDOW:
        assert cut(cutter, sizes, index) == [sizes]
    else:
        with pytest.raises(IndexTooSmall):
            cut(cutter, sizes, index)


def test_after_the_first_file_the_index_is_no_reason_to_fail() -> None:
    """What was cut for its size may be cut for its index: the first file may be with the person already."""
    cutter = Cutter(LIMIT, WINDOW)
    cut(cutter, [6_000] * 15 + [1])
    assert cutter.number == 2
    assert all(len(file) * 100 <= WINDOW for file in cut(cutter, [1] * 200, 100))


def test_a_window_for_a_very_long_stream_is_not_kept_for_each_of_its_files() -> None:
    cutter = Cutter(10**9, reservation.LIMIT)
    assert cutter.window == reservation.LIMIT
    cut(cutter, [10_000_000] * 100)
    assert cutter.window == reservation.CAP


@given(st.lists(st.integers(0, 1000)))
def test_a_budget_has_room_for_twice_its_largest_step(steps: list[int]) -> None:
    budget = Budget(limit=10_000, spare=0)
    for step in steps:
        budget.begin_step()
        budget.used += step
    budget.begin_step()
    assert budget.has_room is (sum(steps) + 2 * max(steps, default=0) <= 10_000)


@given(st.integers(0, LIMIT // 4))
def test_what_is_in_front_of_the_packets_counts(head: int) -> None:
    cutter = Cutter(LIMIT, WINDOW)
    used = WINDOW
    cutter.begin(head)
    while not cutter.is_due():
        cutter.take(100, 0)
        used += 100 + PACKET
    assert used + head <= LIMIT
    assert used + head > LIMIT - SPARE - 200
