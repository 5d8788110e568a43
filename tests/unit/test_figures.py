"""What days add up to, and the columns of a picture."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.figures import (
    MOST_COLUMNS,
    OTHERS,
    Counts,
    Day,
    Period,
    Share,
    Slot,
    Step,
    added,
    begin,
    columns,
    first_day,
    hours_of,
    shares,
    slot_of,
)
from medusa.histogram import Histogram

DAY = date(2026, 11, 27)
counts = st.integers(0, 1000)
named = st.builds(Share, name=st.sampled_from(["a", "b", "c", "d", OTHERS]), done=counts, failed=counts)


def day(number: int, **fields: object) -> Day:
    """The day that is so many after that one."""
    when = DAY + timedelta(days=number)
    return Day(day=when, made=begin(when), complete=True).evolve(**fields)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 5000))
def test_the_columns_cover_each_day_once(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    step, spans = columns(first, last)
    within = [one + timedelta(days=n) for one, end in spans for n in range((end - one).days + 1)]
    assert within == [first + timedelta(days=n) for n in range(length + 1)]
    assert step is Step.MONTH or len(spans) <= MOST_COLUMNS
    if step is Step.WEEK:
        assert all(one.weekday() == 0 for one, _ in spans[1:])
    if step is Step.MONTH:
        assert all(one.day == 1 for one, _ in spans[1:])


@pytest.mark.parametrize(
    ("days", "step", "count"),
    [
        (1, Step.DAY, 1),
        (MOST_COLUMNS, Step.DAY, 62),
        (63, Step.WEEK, 10),
        (365, Step.WEEK, 53),
        (800, Step.MONTH, 27),
    ],
)
def test_many_days_become_weeks_and_months(days: int, step: Step, count: int) -> None:
    found, spans = columns(DAY - timedelta(days=days - 1), DAY)
    assert (found, len(spans)) == (step, count)


@pytest.mark.parametrize(
    ("period", "days"), [(Period.DAY, 1), (Period.WEEK, 7), (Period.MONTH, 30), (Period.ALL, 100)]
)
def test_a_period_ends_today(period: Period, days: int) -> None:
    earliest = DAY - timedelta(days=99)
    assert (DAY - first_day(period, DAY, earliest)).days + 1 == days


def test_nothing_is_known_from_before_tomorrow() -> None:
    assert first_day(Period.ALL, DAY, DAY + timedelta(days=1)) == DAY


@given(st.lists(named, max_size=20), st.integers(0, 3))
def test_shares_add_up_however_few_are_kept(found: list[Share], most: int) -> None:
    kept = shares(found, most)
    assert sum(one.total for one in kept) == sum(one.total for one in found)
    names = [one.name for one in kept]
    assert len(set(names)) == len(names)
    assert len([name for name in names if name != OTHERS]) <= most
    assert OTHERS not in names[:-1]
    sizes = [one.total for one in kept if one.name != OTHERS]
    assert sizes == sorted(sizes, reverse=True)


def test_days_add_up() -> None:
    first = day(
        0,
        done=3,
        failed=1,
        bytes=10,
        archived=1,
        sources=(Share(name="a", done=3, failed=1, bytes=10),),
        speeds=Histogram(classes=((4, 2),)),
    )
    second = day(
        1,
        done=1,
        cancelled=2,
        bytes=5,
        sources=(Share(name="b", done=1, cancelled=2, bytes=5), Share(name="a")),
        speeds=Histogram(classes=((4, 1), (9, 1))),
    )
    total = added([first, second], users=2)
    assert (total.done, total.failed, total.cancelled, total.bytes, total.archived) == (4, 1, 2, 15, 1)
    assert (total.users, total.total, total.success) == (2, 7, 0.8)
    assert [(one.name, one.total) for one in total.sources] == [("a", 4), ("b", 3)]
    assert total.speeds.classes == ((4, 3), (9, 1))


def test_what_was_cancelled_is_neither_success_nor_failure() -> None:
    assert Counts(cancelled=5).success is None
    assert Counts(done=1, cancelled=5).success == 1


def test_a_column_has_the_days_within_it_and_nothing_where_none_is_known() -> None:
    days = [day(number, done=10**number) for number in range(4)]
    assert slot_of(DAY + timedelta(days=1), DAY + timedelta(days=2), days, 7) == Slot(
        at=begin(DAY + timedelta(days=1)), done=110, users=7
    )
    empty = slot_of(DAY - timedelta(days=1), DAY - timedelta(days=1), days, 0)
    assert (empty.total, empty.speeds.count) == (0, 0)


def test_a_day_has_all_its_hours() -> None:
    known = Slot(at=datetime(2026, 11, 27, 13, tzinfo=UTC), done=5)
    hours = hours_of(DAY, [known])
    assert [one.done for one in hours] == [0] * 13 + [5] + [0] * 10
    assert [one.at.hour for one in hours] == list(range(24))
