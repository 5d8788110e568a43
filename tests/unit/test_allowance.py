"""What somebody may have: who decides, how much is left, when there is more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.allowance import DAY, HOUR, Allowance, Use, Window, free_at, merged, used
from medusa.errors import OverLimit
from medusa.model import Person
from medusa.policy import Policy
from medusa.quota import (
    allowed,
    check_duration,
    check_entries,
    check_size,
    too_many_bytes,
    too_many_links,
)
from medusa.user import Role, User

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
POLICY = Policy(
    admins=Allowance(links_per_hour=100),
    users=Allowance(links_per_hour=20, size=2),
    strangers=Allowance(links_per_hour=3),
)


def ago(minutes: int, amount: int = 1) -> Use:
    return Use(NOW - timedelta(minutes=minutes), amount)


def user(role: Role, *, stranger: bool = False, **own: int | None) -> User:
    person = Person(id=5, name="Ann")
    return User(person=person, role=role, is_stranger=stranger, allowance=Allowance(**own))


@pytest.mark.parametrize(
    ("who", "links", "size"),
    [
        (user(Role.OWNER, links_per_hour=1), None, None),
        (user(Role.ADMIN), 100, None),
        (user(Role.USER), 20, 2),
        (user(Role.USER, links_per_hour=0), 0, 2),
        (user(Role.USER, links_per_hour=7, size=9), 7, 9),
        (user(Role.USER, stranger=True), 3, 2),
        (user(Role.GUEST), 3, 2),
        (None, 3, 2),
    ],
)
def test_who_decides_how_much(who: User | None, links: int | None, size: int | None) -> None:
    found = allowed(who, POLICY)
    assert (found.links_per_hour, found.size) == (links, size)


def test_no_limit_opens_no_window() -> None:
    assert Allowance(links_per_hour=0).of_links == ()
    assert merged(Allowance(), Allowance(jobs=0), Allowance(jobs=5)).jobs == 0
    assert Allowance(links_per_hour=2, links_per_day=5).of_links == (Window(HOUR, 2), Window(DAY, 5))
    assert Allowance(bytes_per_day=9).of_bytes == (Window(DAY, 9),)


@pytest.mark.parametrize(
    ("uses", "amount", "minutes"),
    [
        ([], 1, 0),
        ([ago(10)], 1, 0),
        ([ago(10), ago(5)], 1, 50),
        ([ago(10), ago(5)], 2, 55),
        ([ago(61), ago(5)], 1, 0),
        ([ago(10, 2)], 1, 50),
    ],
)
def test_when_the_next_is_possible(uses: list[Use], amount: int, minutes: int) -> None:
    assert free_at(uses, [Window(HOUR, 2)], amount, NOW) == NOW + timedelta(minutes=minutes)


def test_more_than_there_may_ever_be_is_never_possible() -> None:
    assert free_at([], [Window(HOUR, 2)], 3, NOW) is None


@given(
    st.lists(st.builds(ago, st.integers(0, 1500), st.integers(1, 4)), max_size=30),
    st.integers(1, 20),
    st.integers(1, 60),
)
def test_then_there_is_room_and_not_before(uses: list[Use], hourly: int, daily: int) -> None:
    windows = [Window(HOUR, hourly), Window(DAY, daily)]
    when = free_at(uses, windows, 1, NOW)
    assert when is not None

    def fits(moment: datetime) -> bool:
        return all(used(uses, window, moment) + 1 <= window.most for window in windows)

    assert fits(when)
    assert when == NOW or not fits(when - timedelta(seconds=1))


def test_the_sentences_say_what_is_left_and_when_it_goes_on() -> None:
    hour, day = Window(HOUR, 3), Window(DAY, 5)
    assert too_many_links([hour], [ago(50), ago(2), ago(1)], 1, NOW) == (
        "You may send 3 links an hour. The next is possible in 10m, at 12:10 UTC."
    )
    assert too_many_links([hour, day], [ago(50)], 4, NOW) == (
        "You may send 3 links an hour, and have 2 left. That is more than you may have at all."
    )
    assert too_many_links([hour, day], [ago(600, 4), ago(50)], 2, NOW).startswith(
        "You may send 5 links a day"
    )
    assert too_many_bytes(Window(DAY, 10**9), [ago(60, 9 * 10**8)], 2 * 10**8, NOW) == (
        "You may have 1 GB a day, and have 100 MB left. The next is possible in 23h, at 11:00 UTC."
    )


def test_one_more_than_allowed_is_too_much() -> None:
    for check, allowance in (
        (check_entries, Allowance(entries=5)),
        (check_duration, Allowance(duration=5)),
        (check_size, Allowance(size=5)),
    ):
        check(allowance, 5)
        check(Allowance(), 6)
        with pytest.raises(OverLimit):
            check(allowance, 6)
    check_duration(Allowance(duration=5), None)
