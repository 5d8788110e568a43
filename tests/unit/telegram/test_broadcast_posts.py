"""What stands behind a command, with its marks."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrogram.enums import ChatType, MessageMediaType
from pyrogram.enums import MessageEntityType as Type
from pyrogram.types import Chat, Message, MessageEntity
from pyrogram.types.messages_and_media.message import Str

from medusa.errors import WrongArgument
from medusa.telegram.broadcast_posts import behind_command, preview_rest
from medusa.text import utf16_length

commands = st.sampled_from(["/broadcast ", "/broadcast@medusa_bot\n", "/broadcast \n  "])
words = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from("🎬é"), min_size=1, max_size=9)


def marked(text: str, offset: int, length: int) -> str:
    units = text.encode("utf-16-le")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@given(commands, st.lists(words, min_size=1, max_size=5), st.data(), st.booleans())
def test_the_marks_stay_on_their_words(
    command: str, parts: list[str], data: st.DataObject, in_caption: bool
) -> None:
    text = command + " ".join(parts)
    number = data.draw(st.integers(0, len(parts) - 1))
    before = command + " ".join(parts[:number]) + " " * bool(number)
    bold = MessageEntity(type=Type.BOLD, offset=utf16_length(before), length=utf16_length(parts[number]))
    called = MessageEntity(type=Type.BOT_COMMAND, offset=0, length=len("/broadcast"))
    fields: dict[str, Any] = (
        {"caption": text, "caption_entities": [called, bold]}
        if in_caption
        else {"text": text, "entities": [called, bold]}
    )
    rest, entities = behind_command(Message(id=1, **fields))
    assert rest == " ".join(parts)
    (only,) = entities
    assert only.type is Type.BOLD
    assert marked(rest, only.offset, only.length) == parts[number]


def test_a_mark_that_begins_in_the_command_goes_on_behind_it() -> None:
    whole = MessageEntity(type=Type.BOLD, offset=0, length=16)
    rest, (mark,) = behind_command(Message(id=1, text="/broadcast 🎬 abc", entities=[whole]))  # type: ignore[arg-type]
    assert (rest, mark.offset, mark.length) == ("🎬 abc", 0, 5)
    assert (whole.offset, whole.length) == (0, 16), "the message itself stays as it is"


async def test_what_cannot_be_copied_is_refused() -> None:
    async def nothing(_: int) -> None:
        """There is no pace."""

    client: Any = SimpleNamespace(pace=SimpleNamespace(turn=nothing), send_cached_media=nothing)
    photo: Any = Message(
        id=1, chat=Chat(id=5, type=ChatType.PRIVATE), caption=Str("/broadcast"), media=MessageMediaType.PHOTO
    )
    photo._client = client
    with pytest.raises(WrongArgument):
        await preview_rest(client, photo)


def test_a_mention_of_nobody_is_left_out() -> None:
    mark = MessageEntity(type=Type.TEXT_MENTION, offset=11, length=3)
    assert behind_command(Message(id=1, text="/broadcast abc", entities=[mark])) == ("abc", [])  # type: ignore[arg-type]


def test_a_mark_ends_with_the_text() -> None:
    mark = MessageEntity(type=Type.URL, offset=11, length=5000)
    _, (kept,) = behind_command(Message(id=1, text="/broadcast abc\u2028 ", entities=[mark]))  # type: ignore[arg-type]
    assert (kept.offset, kept.length) == (0, 3)


@pytest.mark.parametrize("text", ["/broadcast", "/broadcast@medusa_bot", "/broadcast  "])
def test_nothing_may_stand_there(text: Any) -> None:
    assert behind_command(Message(id=1, text=text)) == ("", [])
