"""How a broadcast stands."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from medusa.broadcast import PER_SECOND, RECENT, Broadcast, Outcome, Tally, Way, remaining, tally
from medusa.model import Person

NOW = datetime(2026, 11, 23, tzinfo=UTC)
counts = st.integers(0, 10**6)


def draft(**fields: object) -> Broadcast:
    """A broadcast of Ann."""
    person = Person(id=1, name="Ann")
    made = Broadcast(id="b", by=person, chat_id=1, message_id=7, way=Way.COPY, created=NOW)
    return made.evolve(**fields)


@given(counts, counts, counts, counts)
def test_nobody_is_left_below_zero(total: int, sent: int, blocked: int, failed: int) -> None:
    broadcast = draft(total=total, sent=sent, blocked=blocked, failed=failed)
    assert broadcast.handled == sent + blocked + failed
    assert broadcast.left == max(0, total - broadcast.handled)


@given(st.lists(st.sampled_from(Outcome)))
def test_every_outcome_is_counted_once(outcomes: list[Outcome]) -> None:
    counted = tally(outcomes)
    assert counted.sent + counted.blocked + counted.failed == len(outcomes)
    assert tally([Outcome.BLOCKED, Outcome.SENT, Outcome.BLOCKED]) == Tally(sent=1, blocked=2)


def test_what_is_left_takes_its_time_after_the_pause() -> None:
    assert remaining(3 * PER_SECOND) == 3
    assert remaining(3 * PER_SECOND, held=30) == 33


def test_who_gets_it_stays_the_same_once_it_is_started() -> None:
    later = NOW + timedelta(hours=5)
    assert draft().whom(frozenset({5, 3}), later).at == later
    whom = draft(started=NOW).whom(frozenset({5, 3}), later)
    assert (whom.at, whom.since, whom.named, whom.besides) == (NOW, NOW - RECENT, (3, 5), 1)
