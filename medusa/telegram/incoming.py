"""What Pyrogram hands over becomes domain values, narrowed once."""

import re

from pyrogram import raw, utils
from pyrogram.enums import MessageEntityType
from pyrogram.types import CallbackQuery, ChatMemberUpdated, Message
from pyrogram.types import User as TelegramUser

from medusa.errors import BadLink, WrongArgument
from medusa.model import Person, Request
from medusa.user import User

LINK = re.compile(r"https?://(?:(?![,;]https?://)[^\s<>\"'])+", re.IGNORECASE)
_PUNCTUATION = ".,;:!?…»”’"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def links(message: Message) -> list[str]:
    """The links of a message, in order and without repetition: those in its text and those behind words."""
    text = message.text or message.caption or ""
    found = [_bare(match) for match in LINK.findall(text)]
    entities = message.entities or message.caption_entities or []
    found += [entity.url for entity in entities if entity.type is MessageEntityType.TEXT_LINK and entity.url]
    return [link for link in dict.fromkeys(found) if LINK.match(link)]


def _bare(link: str) -> str:
    """A link without the end of its sentence; a bracket that it has opened itself belongs to it."""
    while link and (
        link[-1] in _PUNCTUATION
        or (link[-1] in _BRACKETS and link.count(link[-1]) > link.count(_BRACKETS[link[-1]]))
    ):
        link = link[:-1]
    return link


def person(user: TelegramUser | None) -> Person:
    """Who is behind an update."""
    if user is None:
        raise BadLink("I only talk with people, not with channels.")
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    return Person(id=user.id, name=name or str(user.id), username=user.username)


def request(message: Message, url: str, user: User, *, fresh: bool = False) -> Request:
    """A message's link as its sender wants it; `fresh`: not from the archive, whatever they set."""
    chosen = user.preferences
    return Request(
        url=url,
        person=person(message.from_user),
        chat_id=chat(message),
        message_id=message.id,
        wish=chosen.wish,
        fresh=fresh or not chosen.archive,
        shape=chosen.shape,
        look=chosen.look,
        target=chosen.target,
    )


def chat(message: Message) -> int:
    """The chat of a message."""
    if message.chat is None or message.chat.id is None:
        raise BadLink("I cannot tell which chat this is.")
    return message.chat.id


def channel_argument(message: Message) -> int:
    """The channel id behind a command. Raises WrongArgument with what is wrong."""
    words = (message.text or "").split()[1:]
    if not words:
        raise WrongArgument("Tell me the id of the channel behind the command: -100…")
    # Ids are copied out of formatted text, where the hyphen may have become a minus sign or a dash.
    written = re.sub("[−–—]", "-", words[0])
    if not re.fullmatch("-?[0-9]+", written):
        raise WrongArgument(f"“{words[0][:40]}” is not the id of a channel. It looks like -1001234567890.")
    if not re.fullmatch("-100(?!0{10})[0-9]{10}", written):
        raise WrongArgument("The id of a channel starts with -100 and has ten more digits.")
    return int(written)


def count_argument(message: Message) -> int | None:
    """The number behind a command and its channel; None where there is none. Raises WrongArgument."""
    words = (message.text or "").split()[2:]
    if not words:
        return None
    if len(words) > 1 or not re.fullmatch("[1-9][0-9]{0,8}", words[0]):
        raise WrongArgument("Behind the channel stands how many of the last downloads you want, like 50.")
    return int(words[0])


def place(change: ChatMemberUpdated) -> int:
    """The chat in which somebody's place has changed."""
    if change.chat.id is None:
        raise BadLink("I cannot tell which chat this is.")
    return change.chat.id


def pressed(query: CallbackQuery) -> str:
    """What stands behind the name of the button that was pressed."""
    data = query.data if isinstance(query.data, str) else (query.data or b"").decode("utf-8", "replace")
    return data.partition(":")[2]


def pressed_choice(query: CallbackQuery) -> tuple[str, int]:
    """The download and the number of the pressed quality. Raises WrongArgument for a forged one."""
    job, _, number = pressed(query).partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        raise WrongArgument("I do not know this button.")
    return job, int(number)


def origin(update: object) -> tuple[int, int | None] | None:
    """The chat of an update and, if it is a message, its id; None when it came from nowhere in particular."""
    match update:
        case raw.types.UpdateNewMessage(message=raw.types.Message() as message):
            return utils.get_peer_id(message.peer_id), message.id
        case raw.types.UpdateNewChannelMessage(message=raw.types.Message() as message):
            return utils.get_peer_id(message.peer_id), message.id
        case raw.types.UpdateBotCallbackQuery():
            return utils.get_peer_id(update.peer), None
        case _:
            return None
