"""A request made into another one."""

import pytest

from medusa.batch import Question, playlist_draft
from medusa.batch_text import Entry
from medusa.model import Item, Person, Request, State
from medusa.request import again, as_music
from medusa.wishes import AudioFormat, Section, Shape, Target, Wish
from tests.unit.jobs.memory import queued

ASKED = Request(
    url="https://example.org/1",
    hint="secret",
    person=Person(id=1, name="Ann"),
    chat_id=1,
    message_id=7,
    wish=Wish(max_height=720),
    fresh=True,
    shape=Shape(name="own.mp4", section=Section(start=10)),
    target=Target(chat_id=-1001234567890),
    item=Item(batch="course", number=3, batch_name="Course"),
    credit="Bob",
)


@pytest.mark.parametrize(
    ("chosen", "becomes"), [(None, AudioFormat.MP3), (AudioFormat.OPUS, AudioFormat.OPUS)]
)
def test_the_sound_is_mp3_unless_its_person_has_chosen(
    chosen: AudioFormat | None, becomes: AudioFormat
) -> None:
    music = as_music(ASKED.evolve(shape=ASKED.shape.evolve(audio_format=chosen)))
    assert music == ASKED.evolve(wish=Wish(audio_only=True), shape=ASKED.shape.evolve(audio_format=becomes))


def test_a_playlist_of_music_is_a_batch_of_music() -> None:
    unfolded = queued().evolve(request=as_music(ASKED), state=State.UNFOLDED, entries=3)
    batch = playlist_draft(unfolded)
    assert Question.QUALITY not in batch.questions
    item = batch.request(2, Entry(url="https://example.org/2", name="Song"))
    assert item.wish == Wish(audio_only=True)
    assert item.shape.audio_format is AudioFormat.MP3


def test_the_same_again_is_by_itself_and_comes_where_it_is_asked_for() -> None:
    assert again(ASKED, 5, 99) == ASKED.evolve(chat_id=5, message_id=99, item=None, target=None)
