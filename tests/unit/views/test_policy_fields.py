"""What is typed for a setting, what it means, and how it is shown again."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.allowance import Allowance
from medusa.audit import Deed
from medusa.errors import WrongArgument
from medusa.policy import Policy
from medusa.text import utf16_length
from medusa.views import policy as views
from medusa.views.policy_fields import FIELDS, LONGEST_WELCOME, Field, Kind, field
from medusa.views.view import View
from medusa.wishes import Wish
from tests.unit.test_views import persons, shown, texts
from tests.unit.views.test_batch import assert_fits

NOW = datetime(2026, 11, 27, tzinfo=UTC)
DEFAULT = Policy()
wishes = st.none() | st.builds(
    Wish, max_height=st.none() | st.sampled_from([720, 144]), audio_only=st.booleans()
)
policies = st.builds(
    Policy,
    public=st.booleans(),
    maintenance=st.booleans(),
    welcome=texts,
    caption=st.none() | texts,
    wish=wishes,
)
deeds = st.dictionaries(
    st.sampled_from([one.name for one in FIELDS]),
    st.builds(Deed, at=st.just(NOW), by=persons, what=st.just("setting"), subject=st.just("x")),
)
VIEWS: st.SearchStrategy[View] = st.one_of(
    st.builds(views.config, policies, policies, deeds),
    st.builds(views.one, st.sampled_from(FIELDS), policies, policies, deeds),
    st.builds(views.changed, st.sampled_from(FIELDS), policies, is_default=st.booleans()),
)


def test_every_field_of_the_policy_is_there_but_for_what_people_may_have() -> None:
    others = {name for name, one in Policy.model_fields.items() if one.annotation is Allowance}
    assert {one.name for one in FIELDS} == set(Policy.model_fields) - others
    assert len(others) == 3


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        *(("public", text, True) for text in ("on", "ON", " yes ", "true", "1")),
        *(("public", text, False) for text in ("off", "No", "false", "0")),
        ("welcome", " Hello {name}!\nIt is <me>. ", "Hello {name}!\nIt is <me>."),
        ("caption", "<b>{title}</b>", "<b>{title}</b>"),
        ("wish", "ask each time", None),
        ("wish", "Ask", None),
        ("wish", "best", Wish()),
        ("wish", "audio only", Wish(audio_only=True)),
        ("wish", "audio", Wish(audio_only=True)),
        *(("wish", text, Wish(max_height=720)) for text in ("720", "720p", "up to 720p", "Up  to 720P")),
    ],
)
def test_what_is_typed_means_something(name: str, text: str, value: object) -> None:
    assert field(name).read(text) == value
    assert getattr(DEFAULT.evolve(**{name: value}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("public", "perhaps", "either on or off"),
        ("welcome", "  ", "Write the words"),
        ("welcome", "😀" * (LONGEST_WELCOME // 2 + 1), "too long"),
        ("caption", "{nonsense}", "do not know the field"),
        ("caption", " ", "needs some text"),
        *(("wish", text, "It is best") for text in ("", "high", "721p", "720x", "²", "99999999999")),
    ],
)
def test_what_means_nothing_is_told(name: str, text: str, sentence: str) -> None:
    with pytest.raises(WrongArgument, match=sentence):
        field(name).read(text)


@pytest.mark.parametrize("one", [one for one in FIELDS if one.kind in (Kind.SWITCH, Kind.WISH)])
@given(data=st.data())
def test_what_is_shown_may_be_typed(one: Field, data: Any) -> None:
    values = (
        st.booleans() if one.kind is Kind.SWITCH else st.sampled_from([None, Wish(), Wish(max_height=480)])
    )
    value = data.draw(values)
    assert one.read(one.show(value)) == value


def test_fields_are_named_as_people_write() -> None:
    assert field(" Error-Reports ").name == "error_reports"
    with pytest.raises(WrongArgument, match="There are: public, requests"):
        field("nonsense" * 50)


@given(text=st.text(max_size=1500))
def test_any_welcome_that_is_taken_has_its_length(text: str) -> None:
    try:
        value = field("welcome").read(text)
    except WrongArgument:
        return
    assert isinstance(value, str)
    assert 0 < utf16_length(value) <= LONGEST_WELCOME


@given(view=VIEWS)
async def test_every_view_fits(view: View) -> None:
    await assert_fits(view)


async def test_it_says_who_has_changed_what() -> None:
    deed = Deed(at=NOW, by={"id": 7, "name": "Ann <a>"}, what="setting", subject="public")
    policy = DEFAULT.evolve(public=True, maintenance=True)
    text = await shown(views.config(policy, DEFAULT, {"public": deed, "archive": deed}).text)
    assert "Public public: on · by Ann <a>, 2026-11-27 00:00 UTC" in text
    assert "Maintenance maintenance: on · changed" in text
    # It was changed, and changed back: it follows the settings again.
    assert "Archive archive: on · default" in text
