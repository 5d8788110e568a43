"""Which channel is meant: what people write and forward."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrogram.types import Chat, Message, MessageOriginChannel

from medusa.errors import WrongArgument
from medusa.telegram.references import ChatReference, channel_id, channel_reference, read_reference

ID = -1001234567890


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("-1001234567890", ChatReference(ID)),
        (" \u22121001234567890 ", ChatReference(ID)),
        ("-1001234567890 12", ChatReference(ID, 12)),
        ("@some_name", ChatReference("some_name")),
        ("@some_name 12", ChatReference("some_name", 12)),
        ("https://t.me/c/1234567890/12", ChatReference(ID, 12, is_link=True)),
        ("https://t.me/c/1234567890/12/345?single", ChatReference(ID, 12, is_link=True)),
        ("t.me/c/1234567890", ChatReference(ID, None, is_link=True)),
        ("https://telegram.me/some_name/7", ChatReference("some_name", 7, is_link=True)),
    ],
)
def test_what_people_write(text: str, reference: ChatReference) -> None:
    assert read_reference(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "@x",
        "12",
        "-5",
        "-1000000000000",
        "-1001234567890 x",
        "-1001234567890 0",
        "@name 1 2",
        "https://t.me/+abcdef",
        "https://t.me/c/1/2",
        "https://example.org/c/1234567890/2",
        "-1001234567890 ١",
    ],
)
def test_what_is_no_channel(text: str) -> None:
    with pytest.raises(WrongArgument):
        read_reference(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        reference = read_reference(text)
    except WrongArgument as refusal:
        assert len(refusal.sentence) < 200  # noqa: PT017 - whatever was written
        return
    assert isinstance(reference.chat, str) or str(reference.chat).startswith("-100")


def said(text: str, **fields: Any) -> Message:
    return Message(id=1, text=text, **fields)  # type: ignore[arg-type]


def forwarded() -> Message:
    origin = MessageOriginChannel(chat=Chat(id=ID), message_id=3)
    return said("a post", forward_origin=origin)


def test_a_forwarded_post_and_the_answer_to_one() -> None:
    assert channel_reference(forwarded(), "") == ChatReference(ID)
    answer = said("/add_channel", reply_to_message=forwarded())
    assert channel_reference(answer, "") == ChatReference(ID)
    assert channel_reference(answer, "@some_name") == ChatReference("some_name")
    assert channel_reference(said("/add_channel"), "") is None


def test_a_channel_is_removed_by_its_id() -> None:
    assert channel_id(said("/remove_channel -1001234567890")) == ID
    for text in ("/remove_channel", "/remove_channel @some_name"):
        with pytest.raises(WrongArgument):
            channel_id(said(text))
