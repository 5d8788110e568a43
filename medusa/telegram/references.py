"""Which channel people mean: an id, a name, a link, or a post that they have forwarded."""

import re
from typing import NamedTuple

from pyrogram.types import Message, MessageOriginChannel, MessageOriginChat

from medusa.errors import WrongArgument


class ChatReference(NamedTuple):
    """A channel, a group or a topic of one."""

    chat: int | str
    """Its id, or its public name."""
    topic: int | None = None
    is_link: bool = False
    """Links to topics and to messages look alike."""


_ID = re.compile("-100(?!0{10})[0-9]{10}")
_TOPIC = "(?:[1-9][0-9]{0,8})"
_WRITTEN = re.compile(r"(?P<id>-?[0-9]+)|@(?P<name>[A-Za-z]\w{3,31})")
_LINK = re.compile(
    rf"(?:https?://)?(?:t|telegram)\.me/(?:c/(?P<id>[0-9]+)|(?P<name>[A-Za-z]\w{{3,31}}))"
    rf"(?:/(?P<topic>{_TOPIC}))?(?:/{_TOPIC})?/?(?:\?\S*)?",
    re.ASCII | re.IGNORECASE,
)


def channel_reference(message: Message, text: str) -> ChatReference | None:
    """What a message means by `text`, or by being a forwarded post, or the answer to one; None: nothing.

    Raises WrongArgument with what is wrong.
    """
    if text.strip():
        return read_reference(text)
    for one in (message, message.reply_to_message):
        origin = one.forward_origin if one is not None else None
        chat = (
            origin.chat
            if isinstance(origin, MessageOriginChannel)
            else origin.sender_chat
            if isinstance(origin, MessageOriginChat)
            else None
        )
        if chat is not None and chat.id is not None:
            return ChatReference(chat.id)
    return None


def channel_id(message: Message) -> int:
    """The id of the channel behind a command. Raises WrongArgument with what is wrong."""
    reference = channel_reference(message, str(message.text or "").partition(" ")[2])
    if reference is None or isinstance(reference.chat, str):
        raise WrongArgument("Tell me the id of the channel behind the command; /channels shows it.")
    return reference.chat


def read_reference(text: str) -> ChatReference:
    """The channel that is written here. Raises WrongArgument with what is wrong."""
    # Ids are copied out of formatted text, where the hyphen may have become a minus sign or a dash.
    first, *others = re.sub("[−–—]", "-", text).split()[:3] or [""]
    link, written = _LINK.fullmatch(first), _WRITTEN.fullmatch(first)
    if link is not None:
        chat = _channel_id(f"-100{link['id']}") if link["id"] else link["name"]
        topic = int(link["topic"]) if link["topic"] else None
        return ChatReference(chat, topic, is_link=True) if not others else _no_reference(text)
    if written is None:
        return _no_reference(text)
    chat = _channel_id(written["id"]) if written["id"] else written["name"]
    if not others:
        return ChatReference(chat)
    if len(others) > 1 or not re.fullmatch(_TOPIC, others[0], re.ASCII):
        raise WrongArgument("Behind the channel may stand the number of a topic, like 12.")
    return ChatReference(chat, int(others[0]))


def _channel_id(written: str) -> int:
    if not _ID.fullmatch(written):
        raise WrongArgument("The id of a channel starts with -100 and has ten more digits.")
    return int(written)


def _no_reference(text: str) -> ChatReference:
    raise WrongArgument(f"“{text.strip()[:40]}” is no channel. It looks like -1001234567890 or @name.")
