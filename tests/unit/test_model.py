"""The values that everybody speaks of: frozen, strict, and the same after a journey."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from medusa import model
from medusa.model import ACTIVE_STATES, NEXT_STATES, Media, Person, State, Summary
from medusa.value import Value
from medusa.wishes import Wish

VALUES = [
    kind
    for kind in vars(model).values()
    if inspect.isclass(kind) and issubclass(kind, Value) and kind is not Value
]


# --- states ---------------------------------------------------------------------------------------


def test_every_state_is_in_the_table() -> None:
    assert set(NEXT_STATES) == set(State)
    assert frozenset[State]().union(*NEXT_STATES.values()) == set(State), "a state that nothing leads to"


def test_what_is_over_stays_over() -> None:
    assert {state for state in State if not NEXT_STATES[state]} == {
        State.DONE,
        State.UNFOLDED,
        State.FAILED,
        State.CANCELLED,
    }
    assert set(ACTIVE_STATES) == {State.QUEUED, State.RUNNING, State.ASKING}


@pytest.mark.parametrize("state", ACTIVE_STATES)
def test_whatever_is_not_over_can_be_cancelled_and_delivered(state: State) -> None:
    assert State.CANCELLED in NEXT_STATES[state]
    reachable = {state}
    for _ in State:
        reachable.update(*(NEXT_STATES[one] for one in reachable))
    assert reachable == set(State)


def test_only_a_worker_delivers() -> None:
    assert [state for state in State if State.DONE in NEXT_STATES[state]] == [State.RUNNING]


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_cannot_be_changed_nor_extended(kind: type[Value]) -> None:
    assert kind.model_config["frozen"]
    assert kind.model_config["extra"] == "forbid"


def test_a_changed_copy_is_a_new_value() -> None:
    ann = Person(id=1, name="Ann")
    renamed = ann.evolve(name="Anna")
    assert (ann.name, renamed.name, renamed.id) == ("Ann", "Anna", 1)
    assert ann.evolve() == ann


@pytest.mark.parametrize("changes", [{"name": None}, {"nickname": "A"}, {"id": "one"}])
def test_a_changed_copy_is_checked(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Person(id=1, name="Ann").evolve(**changes)


def test_values_are_equal_by_what_they_hold() -> None:
    assert len({Wish(max_height=720), Wish(max_height=720), Wish()}) == 2


@given(st.binary(), st.text())
def test_media_survive_the_way_from_the_child(recipe: bytes, title: str) -> None:
    media = Media(url="u", title=title, source="s", kind=model.Kind.VIDEO, formats=(), recipe=recipe)
    assert Media.model_validate_json(media.model_dump_json()) == media


def test_what_is_secret_or_large_is_not_printed() -> None:
    media = Media(url="u", title="t", source="s", kind=model.Kind.VIDEO, formats=(), recipe=b"signed-url")
    assert "signed-url" not in repr(media)
    assert "jpeg" not in repr(Summary(size=1, thumbnail=b"jpeg"))
