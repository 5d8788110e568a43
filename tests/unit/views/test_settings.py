"""The pages of /settings: a press sets what its button shows, its own field and no other."""

from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.channel import OwnChannel
from medusa.errors import WrongArgument
from medusa.model import Person
from medusa.user import User
from medusa.views import choices, settings
from medusa.views.choices import PAGES, Press, chosen_change, read_press, subject
from medusa.views.typed import ASKED, question, typed_change
from medusa.wishes import ASK, Look, Preferences, Subtitles, Target, Thumbnail, Wish

USUAL = Preferences()
ANN = User(person=Person(id=7, name="Ann"))
CHANNELS = [
    OwnChannel(target=Target(chat_id=-1001234567890, title="Films"), owner=7),
    OwnChannel(target=Target(chat_id=-1001234567891, topic=12, title="Forum › Films"), owner=7),
]
SET = ANN.evolve(
    preferences=Preferences(look=Look(picture="7-00"), target=CHANNELS[1].target, credit="The Anns")
)


def changed(user: User, change: dict[str, object]) -> User:
    """A user as the database has them after a change."""
    document = user.preferences.model_dump()
    for field, value in change.items():
        *path, last = field.split(".")
        place = document
        for name in path:
            place = place[name]
        place[last] = value
    return user.evolve(preferences=Preferences.model_validate(document))


def presses(user: User) -> Iterator[tuple[str, Press]]:
    """The label and the meaning of each button of each page, but for the way back."""
    for name in PAGES:
        for button in (
            button for row in settings.page(user, name, USUAL, CHANNELS).buttons for button in row
        ):
            press = read_press(button.data.removeprefix("set:"))
            assert press.person_id == user.person.id
            if press.page != choices.MAIN:
                yield button.label, press


@pytest.mark.parametrize("user", [ANN, SET])
def test_each_press_sets_what_its_page_then_shows_and_nothing_else(user: User) -> None:
    for label, press in presses(user):
        change = chosen_change(user, press, CHANNELS)
        if not change:
            assert subject(press.page, press.code) in ASKED
            continue
        (field,) = change
        after = changed(user, change)
        marked = {
            one.removeprefix("✓ ") for one, other in presses(after) if other.page == press.page and "✓" in one
        }
        assert label.removeprefix("✓ ") in marked
        mine, theirs = after.preferences.model_dump(), user.preferences.model_dump()
        top = field.split(".")[0]
        assert {**mine, top: None} == {**theirs, top: None}


def test_every_quality_comes_back_as_the_same_wish() -> None:
    wishes = {
        label.removeprefix("✓ "): chosen_change(ANN, press)["wish"]
        for label, press in presses(ANN)
        if press.page == "quality"
    }
    assert wishes.pop("Ask me") == ASK
    assert wishes.pop("As usual") is None
    assert wishes.pop("Best") == Wish()
    assert wishes.pop("Audio") == Wish(audio_only=True)
    assert wishes == {f"{height}p": Wish(max_height=height) for height in choices.QUALITIES}


def test_the_archive_is_switched_from_the_first_page() -> None:
    for user, wanted in ((ANN, False), (changed(ANN, {"archive": False}), True)):
        data = settings.settings(user, USUAL).buttons[-1][0].data
        assert chosen_change(user, read_press(data.removeprefix("set:"))) == {"archive": wanted}


def test_how_subtitles_come_keeps_their_language() -> None:
    user = changed(ANN, {"shape.subtitles": Subtitles(language="pt-BR")})
    change = chosen_change(user, Press(7, "subs", "as-file"))
    assert change == {"shape.subtitles": Subtitles(language="pt-BR", as_file=True)}
    after = changed(user, change)
    assert chosen_change(after, Press(7, "subs", "de")) == {
        "shape.subtitles": Subtitles(language="de", as_file=True)
    }


@given(st.text() | st.builds("7:{}:{}".format, st.sampled_from([*PAGES]), st.text(max_size=20)))
def test_a_forged_press_is_refused(data: str) -> None:
    real = {(press.page, press.code) for _, press in presses(SET)}
    try:
        press = read_press(data)
    except WrongArgument:
        return
    if (press.page, press.code) not in real:
        with pytest.raises(WrongArgument):
            chosen_change(SET, press, CHANNELS)


@pytest.mark.parametrize(
    ("name", "code"), [("quality", "ask"), ("name", "ask"), ("name", "ask-quality"), ("", "")]
)
def test_what_nobody_asks_is_refused(name: str, code: str) -> None:
    with pytest.raises(WrongArgument):
        subject(name, code)
    with pytest.raises(WrongArgument):
        settings.page(ANN, "nonsense", USUAL)


def test_the_settings_say_what_is_set() -> None:
    text = settings.settings(SET, USUAL).text
    for line in (
        "Credit: The Anns",
        "Deliver to: <b>Forum › Films</b>",
        "Archive: on",
        "Quality: ask each time, as usual here",
    ):
        assert line in text
    assert "audio only" in settings.settings(changed(ANN, {"wish": Wish(audio_only=True)}), USUAL).text
    assert "your photo" in settings.settings(changed(SET, {"look.thumbnail": Thumbnail.OWN}), USUAL).text


@pytest.mark.parametrize(
    ("own", "usual", "shown"),
    [
        (None, None, "ask each time, as usual here"),
        (None, Wish(max_height=240), "up to 240p, as usual here"),
        (ASK, Wish(max_height=240), "ask each time"),
        (Wish(), Wish(max_height=240), "best"),
    ],
)
def test_what_is_usual_here_is_not_taken_for_what_was_chosen(
    own: Wish | Literal["ask"] | None, usual: Wish | None, shown: str
) -> None:
    user, here = changed(ANN, {"wish": own}), Preferences(wish=usual)
    assert f"Quality: {shown}\n" in settings.settings(user, here).text
    assert f"Quality:</b> {shown}\n" in settings.page(user, "quality", here).text


# --- what is typed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "words", "change"),
    [
        ("caption", "{title}", {"look.caption": "{title}"}),
        ("caption", "/d", {"look.caption": None}),
        ("prefix", "[Team]", {"shape.prefix": "[Team] "}),
        ("prefix", "team_", {"shape.prefix": "team_"}),
        ("suffix", "(c)", {"shape.suffix": " (c)"}),
        ("suffix", "-x", {"shape.suffix": "-x"}),
        ("suffix", "/d", {"shape.suffix": ""}),
        ("credit", "Me \n and you", {"credit": "Me and you"}),
        ("credit", "/d", {"credit": ""}),
        ("subs", " pt_BR ", {"shape.subtitles": Subtitles(language="pt-BR")}),
        ("subs", "/d", {"shape.subtitles": None}),
    ],
)
def test_an_answer_sets_its_field(asked: str, words: str, change: dict[str, object]) -> None:
    assert typed_change(asked, ANN.preferences, words, words) == change


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("caption", "{no}"),
        ("prefix", "a/b"),
        ("suffix", "a\\b"),
        ("prefix", "x" * 61),
        ("credit", " \n"),
        ("credit", "x" * 65),
        ("subs", "english please"),
        ("subs", ""),
        ("thumb", "a picture"),
    ],
)
def test_a_wrong_answer_is_refused(asked: str, words: str) -> None:
    with pytest.raises(WrongArgument):
        typed_change(asked, ANN.preferences, words, words)


@given(st.sampled_from(ASKED), st.text())
def test_any_answer_sets_one_field_or_is_refused(asked: str, words: str) -> None:
    try:
        change = typed_change(asked, ANN.preferences, words, words)
    except WrongArgument:
        return
    assert changed(ANN, change).person == ANN.person


def test_every_question_tells_of_the_way_out() -> None:
    assert all("/cancel" in question(asked) for asked in ASKED)
