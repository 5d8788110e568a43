"""Which entries of a list somebody wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import WrongArgument
from medusa.spans import has, numbers, parse, shown, size, toggled, united, whole

spans_of_numbers = st.sets(st.integers(1, 60)).map(lambda chosen: united([(n, n) for n in chosen]))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("5", [5]),
        ("5-8", [5, 6, 7, 8]),
        ("5 - 8", [5, 6, 7, 8]),
        ("5–8", [5, 6, 7, 8]),
        ("1,3", [1, 3]),
        ("1, 3;5", [1, 3, 5]),
        ("1 3 5", [1, 3, 5]),
        ("٣", [3]),
        ("8-", [8, 9, 10]),
        ("-2", [1, 2]),
        ("9-99", [9, 10]),
        ("3,1-3,2", [1, 2, 3]),
    ],
)
def test_what_people_write(text: str, wanted: list[int]) -> None:
    assert list(numbers(parse(text, 10))) == wanted


def test_a_number_alone_may_mean_from_there_on() -> None:
    assert parse("4", 10, from_there=True) == ((4, 10),)
    assert parse("4-6", 10, from_there=True) == ((4, 6),)
    assert parse("4,6", 10, from_there=True) == ((4, 4), (6, 6))


@pytest.mark.parametrize("text", ["", "0", "11", "8-3", "x", "-", "1-2-3", "1.5", "9999999", ",,"])
def test_what_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(WrongArgument):
        parse(text, 10)


@given(st.text(alphabet="0123456789-–, ;x\n", max_size=40), st.integers(1, 50), st.booleans())
def test_whatever_is_written_stays_within_the_list(text: str, count: int, from_there: bool) -> None:
    try:
        spans = parse(text, count, from_there=from_there)
    except WrongArgument:
        return
    chosen = list(numbers(spans))
    assert chosen
    assert chosen == sorted(set(chosen))
    assert 1 <= chosen[0] <= chosen[-1] <= count
    assert size(spans) == len(chosen)


@given(spans_of_numbers, st.integers(1, 60))
def test_a_number_is_put_in_and_taken_out(spans: tuple[tuple[int, int], ...], number: int) -> None:
    once = toggled(spans, number)
    assert has(once, number) is not has(spans, number)
    assert toggled(once, number) == spans
    assert set(numbers(once)) ^ set(numbers(spans)) == {number}


def test_for_people() -> None:
    assert shown(((1, 5), (8, 8))) == "1–5, 8"
    assert shown(united([(n, n) for n in range(1, 100, 2)])).endswith(" …")
    assert list(numbers(whole(3))) == [1, 2, 3]
