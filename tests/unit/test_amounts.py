"""Amounts as people write them: what is read is what is shown, and nothing else is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.amounts import read_count, read_size, read_span, show_count, show_size, show_span
from medusa.errors import WrongArgument

DAY = 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30d", 30 * DAY),
        ("12h", 12 * 3600),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("2 weeks", 14 * DAY),
        ("45 min", 2700),
        ("1 day 2 hours", DAY + 7200),
        ("1Y", 365 * DAY),
        ("off", 0),
        ("0", 0),
    ],
)
def test_a_length_of_time(text: str, seconds: int) -> None:
    assert read_span(text) == seconds


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2 GB", 2 * 10**9),
        ("2gb", 2 * 10**9),
        ("1.5 GiB", 1_500_000_000),
        ("500 MB", 500_000_000),
        ("10k", 10_000),
        ("1,5 tb", 1_500_000_000_000),
        ("123 bytes", 123),
        ("none", 0),
    ],
)
def test_a_size(text: str, size: int) -> None:
    assert read_size(text) == size


@pytest.mark.parametrize("text", ["", "-1", "1e3", "99999999", "ten", "1.5", "٣"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(WrongArgument, match="is no number"):
        read_count(text)


@pytest.mark.parametrize("text", ["", "GB", "-2 GB", "2 XB", "2 GB GB", "9999999 TB", "0.0001k", "٣ GB"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(WrongArgument, match="is no size"):
        read_size(text)


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "1d x", "1x", "soon", "99y", "٣d"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(WrongArgument, match="is no length of time"):
        read_span(text)


@given(st.text(max_size=30))
def test_whatever_somebody_writes_is_an_amount_or_refused(text: str) -> None:
    for read in (read_count, read_size, read_span):
        try:
            assert read(text) >= 0
        except WrongArgument:
            continue


@given(st.integers(1, 9_999_999))
def test_a_number_that_is_shown_can_be_read(number: int) -> None:
    assert read_count(show_count(number).replace(",", "")) == number


@given(st.integers(1, 999).flatmap(lambda n: st.sampled_from([n * 10**6, n * 10**9, n * 10**3])))
def test_a_size_that_is_shown_can_be_typed(size: int) -> None:
    assert read_size(show_size(size)) == size


@given(st.integers(0, 99), st.integers(0, 23))
def test_a_time_that_is_shown_can_be_typed(days: int, hours: int) -> None:
    seconds = days * DAY + hours * 3600
    assert read_span(show_span(seconds)) == seconds if seconds else show_span(0) == "0s"
