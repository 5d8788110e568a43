"""What stands at the axes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.charts.scale import TIMES, ticks, written
from medusa.sheet import Unit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, Unit.COUNT, "0"),
        (1234, Unit.COUNT, "1,234"),
        (0, Unit.BYTES, "0"),
        (500, Unit.BYTES, "500 B"),
        (1_500_000, Unit.BYTES, "1.5 MB"),
        (20e9, Unit.BYTES, "20 GB"),
        (5000e12, Unit.BYTES, "5,000 TB"),
        (2_000_000, Unit.SPEED, "2 MB/s"),
        (0, Unit.SPEED, "0"),
        (100, Unit.TIME, "100 ms"),
        (10_000, Unit.TIME, "10 s"),
        (600_000, Unit.TIME, "10 min"),
        (3_600_000, Unit.TIME, "1 h"),
        (864_000_000, Unit.TIME, "10 d"),
    ],
)
def test_a_value_has_its_unit(value: float, unit: Unit, text: str) -> None:
    assert written(value, unit) == text


def test_the_times_of_an_axis_are_whole() -> None:
    assert [written(one, Unit.TIME) for one in TIMES] == [
        *("1 ms", "10 ms", "100 ms", "1 s", "10 s", "1 min", "10 min", "1 h", "10 h", "1 d", "10 d")
    ]


@given(st.integers(1, 500), st.integers(1, 12))
def test_the_newest_column_has_its_label_and_others_at_even_distances(count: int, most: int) -> None:
    found = ticks(count, most)
    assert found[-1] == count - 1
    assert len(found) <= most
    assert len({after - before for before, after in pairwise(found)}) <= 1
