"""What people answer when they are asked about a batch."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa import batch_answers
from medusa.batch import OF_PLAYLIST, Batch, Question
from medusa.errors import WrongArgument
from medusa.spans import numbers, whole
from medusa.wishes import Thumbnail, Wish
from tests.unit.jobs.memory import ANN

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def draft(*questions: Question, count: int = 10, is_playlist: bool = False) -> Batch:
    return Batch(
        id="b",
        person=ANN,
        chat_id=5,
        message_id=7,
        name="Course",
        count=count,
        chosen=whole(count),
        questions=questions or tuple(Question),
        is_playlist=is_playlist,
        created=NOW,
    )


@pytest.mark.parametrize("question", list(Question))
def test_the_default_is_an_answer_to_everything(question: Question) -> None:
    assert batch_answers.read(draft(question), "/d") == {}
    assert batch_answers.pressed(draft(question), "skip", "") == {}


@pytest.mark.parametrize(
    ("question", "answer", "changes"),
    [
        (Question.ITEMS, "4", {"chosen": ((4, 10),)}),
        (Question.ITEMS, "2-3", {"chosen": ((2, 3),)}),
        (Question.ITEMS, "all", {"chosen": ((1, 10),)}),
        (Question.NAME, "1", {}),
        (Question.NAME, " My\ncourse ", {"name": "My course"}),
        (Question.QUALITY, "480", {"wish": Wish(max_height=480)}),
        (Question.QUALITY, "1080p", {"wish": Wish(max_height=1080)}),
        (Question.QUALITY, "Best", {"wish": Wish()}),
        (Question.QUALITY, "mp3", {"wish": Wish(audio_only=True)}),
        (Question.CREDIT, "1", {}),
        (Question.CREDIT, "Team", {"credit": "Team"}),
    ],
)
def test_an_answer(question: Question, answer: str, changes: dict[str, object]) -> None:
    assert batch_answers.read(draft(question), answer) == changes


def test_of_a_playlist_a_number_is_that_entry() -> None:
    asked = draft(*OF_PLAYLIST, is_playlist=True)
    assert batch_answers.read(asked, "4") == {"chosen": ((4, 4),)}


def test_no_thumbnail_is_wanted() -> None:
    (look,) = batch_answers.read(draft(Question.THUMBNAIL), "No").values()
    assert look == draft().look.evolve(thumbnail=Thumbnail.NONE)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (Question.ITEMS, "eleven"),
        (Question.ITEMS, "11"),
        (Question.NAME, "  ...  "),
        (Question.QUALITY, "9000"),
        (Question.CREDIT, "\u202e"),
        (Question.THUMBNAIL, "a cat"),
    ],
)
def test_what_is_no_answer_says_why(question: Question, answer: str) -> None:
    with pytest.raises(WrongArgument):
        batch_answers.read(draft(question), answer)


@given(st.sampled_from(list(Question)), st.text(max_size=300))
def test_no_answer_is_too_strange(question: Question, answer: str) -> None:
    try:
        changes = batch_answers.read(draft(question), answer)
    except WrongArgument:
        return
    changed = draft(question).evolve(**changes)
    assert 0 < len(changed.name) <= 100
    assert len(changed.credit) <= batch_answers.CREDIT_LIMIT
    assert changed.size >= 1


@given(st.sampled_from([*Question, None]), st.text(max_size=10), st.text(max_size=10))
def test_no_button_is_too_strange(question: Question | None, action: str, value: str) -> None:
    asked = draft(question) if question else draft().evolve(questions=())
    try:
        changes = batch_answers.pressed(asked, action, value)
    except WrongArgument:
        return
    asked.evolve(**changes)


def test_picking() -> None:
    asked = draft(*OF_PLAYLIST, count=20, is_playlist=True)
    page, chosen = batch_answers.picked(asked, "clear", 0)
    assert (page, chosen) == (0, ())
    page, chosen = batch_answers.picked(asked.evolve(chosen=chosen), "pick", 12)
    assert (page, list(numbers(chosen))) == (1, [12])
    assert batch_answers.picked(asked.evolve(chosen=chosen), "page", 2) == (2, chosen)
    assert batch_answers.picked(asked.evolve(chosen=chosen), "every", 1) == (1, whole(20))
    with pytest.raises(WrongArgument):
        batch_answers.picked(asked, "pick", 21)
    with pytest.raises(WrongArgument, match="at least one"):
        batch_answers.pressed(asked.evolve(chosen=()), "picked", "")


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "9" * 9, "٣"])
def test_a_forged_number_is_refused(text: str) -> None:
    with pytest.raises(WrongArgument):
        batch_answers.number(text)
