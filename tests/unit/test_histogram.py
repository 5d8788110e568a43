"""Histograms add up like the values they are made of, and their quantiles are right to within a class."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.histogram import PER_DOUBLING, Histogram, class_of, lower_end, merged

values = st.lists(st.floats(min_value=1, max_value=1e15), max_size=50)
WIDTH = 2 ** (1 / PER_DOUBLING) * (1 + 1e-9)


def of(found: list[float]) -> Histogram:
    return merged(Histogram(classes=((class_of(value), 1),)) for value in found)


@given(st.floats(min_value=1, max_value=1e15))
def test_a_value_lies_in_its_class(value: float) -> None:
    number = class_of(value)
    assert lower_end(number) <= value * (1 + 1e-9)
    assert value <= lower_end(number + 1) * (1 + 1e-9)


@given(values, values)
def test_together_they_are_those_of_all_values(some: list[float], others: list[float]) -> None:
    assert merged([of(some), of(others)]) == of([*others, *some])
    assert of(some).count == len(some)


@given(values.filter(bool), st.floats(min_value=0.01, max_value=1))
def test_a_quantile_is_right_to_within_a_class(found: list[float], share: float) -> None:
    quantile = of(found).quantile(share)
    exact = sorted(found)[math.ceil(share * len(found) - 1e-9) - 1]
    assert quantile is not None
    assert exact / WIDTH <= quantile <= exact * WIDTH


def test_nothing_has_no_quantile() -> None:
    assert Histogram().quantile(0.5) is None
    assert merged([]) == Histogram()


def test_within_a_class_the_values_are_taken_to_be_spread_evenly() -> None:
    histogram = Histogram(classes=((0, 4), (8, 4)))
    assert histogram.quantile(0.25) == pytest.approx(lower_end(0.5))
    assert histogram.quantile(0.5) == pytest.approx(lower_end(1))
    assert histogram.quantile(0.75) == pytest.approx(lower_end(8.5))
    assert histogram.quantile(1) == pytest.approx(lower_end(9))
