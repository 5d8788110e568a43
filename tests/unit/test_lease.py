"""Who may take a session: a table, and what holds for every case in it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.lease import Holder, Lease, may_take

HERE, ELSEWHERE, UNKNOWN = "host boot pid:[1] 0", "other boot pid:[1] 0", ""
PLACES = st.sampled_from([HERE, ELSEWHERE, UNKNOWN])


def lease(place: str, seconds_left: float) -> Lease:
    holder = Holder(id="other", place=place, pid=7, started=1234)
    return Lease(holder=holder, until=datetime.now(UTC), seconds_left=seconds_left)


@pytest.mark.parametrize(
    ("held_at", "seconds_left", "asked_at", "runs", "may"),
    [
        (HERE, 5, HERE, True, False),
        (HERE, 5, HERE, False, True),
        (HERE, 5, ELSEWHERE, False, False),
        (ELSEWHERE, 5, HERE, False, False),
        (UNKNOWN, 5, UNKNOWN, False, False),
        (UNKNOWN, 5, HERE, False, False),
        (HERE, 0.001, ELSEWHERE, True, False),
        (HERE, 0, ELSEWHERE, True, True),
        (HERE, -5, HERE, True, True),
        (UNKNOWN, -5, UNKNOWN, True, True),
    ],
)
def test_the_table(held_at: str, seconds_left: float, asked_at: str, runs: bool, may: bool) -> None:
    assert may_take(lease(held_at, seconds_left), asked_at, lambda pid, started: runs) is may


@given(asked_at=PLACES, runs=st.booleans())
def test_what_nobody_holds_may_be_taken(asked_at: str, runs: bool) -> None:
    assert may_take(None, asked_at, lambda pid, started: runs)


@given(held_at=PLACES, asked_at=PLACES, runs=st.booleans(), left=st.floats(-1e6, 0))
def test_what_is_over_may_be_taken(held_at: str, asked_at: str, runs: bool, left: float) -> None:
    assert may_take(lease(held_at, left), asked_at, lambda pid, started: runs)


@given(held_at=PLACES, asked_at=PLACES, left=st.floats(1e-6, 1e6))
def test_what_lasts_is_never_taken_from_a_process_that_may_run(
    held_at: str, asked_at: str, left: float
) -> None:
    asked: list[tuple[int, int]] = []

    def runs(pid: int, started: int) -> bool:
        asked.append((pid, started))
        return True

    assert not may_take(lease(held_at, left), asked_at, runs)
    assert asked == ([(7, 1234)] if held_at == asked_at != UNKNOWN else [])
