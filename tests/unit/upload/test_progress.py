"""Speeds and remaining time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.model import Progress
from medusa.upload.progress import Meter

MB = 1_000_000


def run(meter: Meter, seconds: range, *, total: int | None = 100 * MB, held: float = 0.0) -> Progress:
    """A transfer that receives 2 MB and delivers 1 MB every second."""
    progress = None
    for now in seconds:
        progress = meter.read(
            now, received=2 * MB * now, acknowledged=MB * now, total=total, exact=True, held=held
        )
    assert progress is not None
    return progress


def test_a_steady_transfer_shows_its_speeds_and_when_it_ends() -> None:
    progress = run(Meter(0), range(1, 11))
    assert progress.down_speed == pytest.approx(2 * MB)
    assert progress.up_speed == pytest.approx(MB)
    assert progress.eta == pytest.approx(90)


def test_a_pause_is_added_to_the_end() -> None:
    assert run(Meter(0), range(1, 11), held=30).eta == pytest.approx(120)


def test_nothing_is_promised_without_a_total_or_a_speed() -> None:
    assert run(Meter(0), range(1, 3), total=None).eta is None
    idle = Meter(0).read(1, received=0, acknowledged=0, total=MB, exact=True, held=0)
    assert (idle.eta, idle.up_speed) == (None, 0)


def test_an_estimate_that_was_passed_is_dropped() -> None:
    progress = run(Meter(0), range(1, 11), total=5 * MB)
    assert (progress.total, progress.eta, progress.total_is_exact) == (None, None, False)


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 10**9)), max_size=20))
def test_no_sequence_breaks_it(steps: list[tuple[float, int]]) -> None:
    meter, now, count = Meter(0), 0.0, 0
    for elapsed, grown in steps:
        now, count = now + elapsed, count + grown
        progress = meter.read(now, received=count, acknowledged=count, total=10**10, exact=False, held=0)
        assert progress.up_speed >= 0
        assert progress.eta is None or progress.eta >= 0
