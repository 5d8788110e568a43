"""The line: who is next, and how many come before; the formula against the claims themselves."""

from datetime import timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from medusa.storage.fairness import NEVER, Standing, ahead, next_in_line


def standing(person: int, *, running: int = 0, turn: int = 0, since: int = 0, waiting: int = 1) -> Standing:
    return Standing(
        person,
        seats=range(running),
        turn=NEVER + timedelta(seconds=turn),
        since=NEVER + timedelta(seconds=since),
        waiting=waiting,
    )


def called(*line: Standing, most: int | None = None) -> int | None:
    found = next_in_line(line, most)
    return found.person if found else None


def test_whoever_has_the_fewest_running_is_next() -> None:
    assert called(standing(1, running=2), standing(2, running=1, turn=9), standing(3, running=3)) == 2


def test_of_several_whoever_had_a_turn_longest_ago() -> None:
    assert called(standing(1, turn=5), standing(2, turn=3), standing(3, turn=4)) == 2


def test_of_those_who_never_had_one_whoever_came_first() -> None:
    assert called(standing(1, since=5), standing(2, since=3), standing(3, turn=1)) == 2


def test_nobody_gets_more_than_the_most() -> None:
    line = (standing(1, running=2), standing(2, running=3))
    assert called(*line, most=3) == 1
    assert called(*line, most=2) is None
    assert called() is None


def test_a_seat_that_has_become_free_is_taken_again() -> None:
    assert standing(1)._replace(seats=[]).free_seat == 0
    assert standing(1)._replace(seats=[1, 0, 3]).free_seat == 2
    assert standing(1)._replace(seats=[None, 1]).free_seat == 0


def test_one_link_does_not_wait_behind_a_batch() -> None:
    batch = standing(1, running=3, turn=9, waiting=200)
    assert ahead(standing(2), 0, [batch]) == 0
    assert ahead(standing(2, waiting=3), 2, [batch]) == 2
    # With three running she is where the batch is.
    assert ahead(standing(2, waiting=4), 3, [batch]) == 4
    assert ahead(standing(2, waiting=5), 4, [batch]) == 6


def played(mine: Standing, own: int, others: list[Standing]) -> int:
    """Claims all, one after the other, until it is mine's turn for the one that follows `own`."""
    line = {one.person: one for one in [mine._replace(waiting=own + 1), *others]}
    for before in count():
        found = next_in_line(line.values())
        assert found is not None
        if found.person == mine.person and found.waiting == 1:
            return before
        if found.waiting == 1:
            del line[found.person]
        else:
            line[found.person] = found._replace(
                seats=range(found.running + 1),
                turn=NEVER + timedelta(days=1, seconds=before),
                waiting=found.waiting - 1,
            )
    raise AssertionError


@st.composite
def lines(draw: st.DrawFn) -> list[Standing]:
    size = draw(st.integers(1, 6))
    turns = draw(st.permutations(range(size)))
    return [
        standing(
            person,
            running=draw(st.integers(0, 4)),
            turn=turns[person],
            waiting=draw(st.integers(1, 8)),
        )
        for person in range(size)
    ]


@given(lines(), st.integers(0, 12))
def test_how_many_come_first_is_what_the_claims_show(line: list[Standing], own: int) -> None:
    mine, *others = line
    assert ahead(mine, own, others) == played(mine, own, others)
