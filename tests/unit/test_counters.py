"""Counters count, and classes of times hold what is within their bounds."""

from hypothesis import given
from hypothesis import strategies as st

from medusa.counters import PART_SECONDS, Counters, Timings


def test_a_time_at_a_bound_is_within_it() -> None:
    timings = Timings((1.0, 2.0))
    for seconds in (0.5, 1.0, 1.5, 2.0, 9.0):
        timings.add(seconds)
    assert timings.within() == [(1.0, 2), (2.0, 4), (float("inf"), 5)]
    assert timings.total == 14.0


@given(st.lists(st.floats(0, 100)))
def test_each_class_holds_what_took_no_longer(times: list[float]) -> None:
    timings = Timings(PART_SECONDS)
    for seconds in times:
        timings.add(seconds)
    for bound, count in timings.within():
        assert count == sum(seconds <= bound for seconds in times)


def test_what_happens_is_counted() -> None:
    counters = Counters()
    counters.receive(5)
    counters.acknowledge(7, 0.2)
    counters.acknowledge(3, 0.2)
    counters.fail_part()
    counters.slow_down(12.5)
    counters.end("done")
    with counters.upload():
        assert counters.uploads == 1
    assert (counters.received, counters.uploaded, counters.failed_parts) == (5, 10, 1)
    assert (counters.flood_waits, counters.flood_seconds, counters.uploads) == (1, 12.5, 0)
    assert counters.ended == {"done": 1}
    assert counters.parts.within()[-1] == (float("inf"), 2)
