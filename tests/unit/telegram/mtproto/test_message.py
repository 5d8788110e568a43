"""Message ids rise, follow the server's clock, and sequence numbers count what wants an answer."""

from hypothesis import given
from hypothesis import strategies as st

from medusa.telegram.mtproto.message import Numbers


class Clock:
    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(-5, 5)))
def test_ids_rise_and_are_divisible_by_four_whatever_the_clock_does(steps: list[float]) -> None:
    clock = Clock()
    numbers = Numbers(clock)
    last = 0
    for step in steps:
        clock.now += step
        following = numbers.next_id()
        assert following > last
        assert following % 4 == 0
        last = following


def test_an_id_is_the_time() -> None:
    assert Numbers(Clock(1_800_000_000.5)).next_id() == int(1_800_000_000.5 * 2**32)


@given(st.floats(-1e6, 1e6))
def test_the_servers_clock_counts(ahead: float) -> None:
    clock = Clock()
    numbers = Numbers(clock)
    numbers.next_id()
    server = clock.now + ahead
    numbers.synchronize(int(server * 2**32) | 1)
    assert abs(numbers.next_id() / 2**32 - server) < 0.001


@given(st.lists(st.booleans()))
def test_sequence_numbers(contents: list[bool]) -> None:
    numbers = Numbers(Clock())
    for index, content in enumerate(contents):
        before = sum(contents[:index])
        assert numbers.next_seq_no(content=content) == 2 * before + content
