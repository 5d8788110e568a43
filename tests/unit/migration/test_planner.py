"""What becomes of a record beside what is there."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.legacy import LogPlace, OpenGroup, Somebody
from medusa.migration.planner import Difference, Outcome, plan
from medusa.user import Role

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WANTED = Somebody(id=7, role=Role.USER, name="Ann", seen=NOW)

SOMEBODY = st.builds(
    Somebody,
    id=st.just(7),
    role=st.sampled_from([None, Role.USER, Role.BANNED]),
    name=st.sampled_from(["", "Ann", "Bob"]),
    username=st.sampled_from([None, "ann", "bob"]),
    seen=st.sampled_from([None, NOW]),
)


@pytest.mark.parametrize(
    ("there", "overwrite", "outcome", "fields"),
    [
        (None, False, Outcome.NEW, set()),
        (WANTED, False, Outcome.SAME, set()),
        (WANTED.evolve(by=5, since=NOW), True, Outcome.SAME, set()),
        (WANTED.evolve(name="Anna"), True, Outcome.SAME, set()),
        (WANTED.evolve(role=None), False, Outcome.FILLED, {"role"}),
        (WANTED.evolve(role=None, name="", seen=None), False, Outcome.FILLED, {"role", "name", "seen"}),
        (WANTED.evolve(role=Role.BANNED), False, Outcome.KEPT, set()),
        (WANTED.evolve(role=Role.BANNED, name=""), False, Outcome.KEPT, {"name"}),
        (WANTED.evolve(role=Role.BANNED), True, Outcome.REPLACED, {"role"}),
    ],
)
def test_somebody(there: Somebody | None, overwrite: bool, outcome: Outcome, fields: set[str]) -> None:
    change = plan(WANTED, there, overwrite=overwrite)
    assert (change.outcome, {*change.fields}, change.record) == (outcome, fields, WANTED)


def test_a_removed_log_channel_stays_removed() -> None:
    removed = LogPlace(id=-1, title="Main", active=False)
    change = plan(LogPlace(id=-1), removed, overwrite=False)
    assert change.outcome is Outcome.KEPT
    assert change.differences == (Difference("active", False, True),)
    assert plan(LogPlace(id=-1), removed, overwrite=True).fields == {"active"}


def test_a_group_has_nothing_to_decide() -> None:
    assert (
        plan(OpenGroup(id=-1, title="A"), OpenGroup(id=-1, title="B"), overwrite=True).outcome is Outcome.SAME
    )
    assert plan(OpenGroup(id=-1, title="A"), OpenGroup(id=-1), overwrite=False).fields == {"title"}


@given(SOMEBODY, st.one_of(st.none(), SOMEBODY), st.booleans())
def test_what_was_carried_out_is_not_carried_out_again(
    record: Somebody, there: Somebody | None, overwrite: bool
) -> None:
    change = plan(record, there, overwrite=overwrite)
    after = (
        record if there is None else there.evolve(**{name: getattr(record, name) for name in change.fields})
    )
    again = plan(record, after, overwrite=overwrite)
    assert again.outcome is (Outcome.KEPT if change.outcome is Outcome.KEPT else Outcome.SAME)
    assert not again.fields


@given(SOMEBODY, SOMEBODY)
def test_without_overwrite_nothing_that_is_known_changes(record: Somebody, there: Somebody) -> None:
    change = plan(record, there, overwrite=False)
    assert all(getattr(there, name) in (None, "") for name in change.fields)
