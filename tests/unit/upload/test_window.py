"""The window opens while parts come back fast, halves when they are slow, and stays within its bounds."""

from hypothesis import given
from hypothesis import strategies as st

from medusa.upload.window import FAST_SECONDS, SLOW_SECONDS, START, Window

seconds = st.floats(0, 60)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def full(most: int = 16, clock: Clock | None = None) -> Window:
    window = Window(most, clock=clock or Clock())
    window.under_way = window.size
    return window


def test_it_doubles_in_the_time_of_a_part() -> None:
    window = Window(16, clock=Clock())
    sizes = []
    for _ in range(4):
        window.under_way = window.size
        for _ in range(window.size):
            window.acknowledged(0.1)
            window.under_way = window.size
        sizes.append(window.size)
    assert sizes == [4, 8, 16, 16]


def test_it_does_not_grow_while_there_is_room_left() -> None:
    window = Window(16, clock=Clock())
    window.under_way = 1
    window.acknowledged(0.1)
    assert window.size == START


def test_a_slow_part_halves_it_and_those_behind_it_do_not() -> None:
    clock = Clock()
    window = full(clock=clock)
    window.size = 12
    for _ in range(5):
        window.acknowledged(SLOW_SECONDS)
    assert window.size == 6
    clock.now += SLOW_SECONDS
    window.acknowledged(SLOW_SECONDS)
    assert window.size == 3


@given(most=st.integers(1, 64), parts=st.lists(st.tuples(seconds, seconds)))
def test_it_stays_within_its_bounds(most: int, parts: list[tuple[float, float]]) -> None:
    clock = Clock()
    window = full(most, clock)
    for elapsed, took in parts:
        clock.now += elapsed
        before = window.size
        window.under_way = window.size
        window.acknowledged(took)
        assert 1 <= window.size <= most
        if FAST_SECONDS < took < SLOW_SECONDS:
            assert window.size == before
    window.restart()
    assert window.size == min(START, most)
