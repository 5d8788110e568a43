"""What Pyrogram hands over becomes domain values, narrowed once."""

import re

from pyrogram import raw, utils
from pyrogram.enums import MessageEntityType
from pyrogram.types import CallbackQuery, ChatMemberUpdated, Message
from pyrogram.types import User as TelegramUser

from medusa.errors import BadLink, NotYours, WrongArgument
from medusa.figures import Aspect, Period, Theme, Wanted
from medusa.links import LINK, Link, read, urls
from medusa.model import Person, Request
from medusa.user import User


def links(message: Message) -> list[str]:
    """The addresses in a message, in order and without repetition: in its text, and behind words."""
    return list(dict.fromkeys([*urls(_text(message)), *_behind_words(message)]))


def wanted(message: Message) -> list[Link]:
    """The same, with what is wanted of each. Raises WrongArgument for a bad section."""
    written = read(_text(message))
    known = {link.url for link in written}
    return [*written, *(Link(url=url) for url in links(message) if url not in known)]


def asked_about(message: Message) -> list[Link]:
    """The links of a message, or of the one that it answers. Raises WrongArgument for a bad section."""
    answered = message.reply_to_message
    return wanted(message) or (wanted(answered) if answered is not None else [])


def words_behind(message: Message) -> str:
    """What stands behind a command, in its line and below, else the text of the message that it answers."""
    written = _text(message).split(maxsplit=1)
    answered = message.reply_to_message
    return written[1] if len(written) > 1 else str(_text(answered)) if answered is not None else ""


def _text(message: Message) -> str:
    return message.text or message.caption or ""


def _behind_words(message: Message) -> list[str]:
    entities = message.entities or message.caption_entities or []
    found = [entity.url for entity in entities if entity.type is MessageEntityType.TEXT_LINK and entity.url]
    return [link for link in found if LINK.match(link)]


def person(user: TelegramUser | None) -> Person:
    """Who is behind an update."""
    if user is None:
        raise BadLink("I only talk with people, not with channels.")
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    return Person(id=user.id, name=name or str(user.id), username=user.username)


def request(message: Message, link: Link, user: User, *, fresh: bool = False) -> Request:
    """A message's link as its sender wants it; `fresh`: not from the archive, whatever they set."""
    chosen = user.preferences
    return Request(
        url=link.url,
        person=person(message.from_user),
        chat_id=chat(message),
        message_id=message.id,
        wish=chosen.quality,
        fresh=fresh or not chosen.archive,
        shape=chosen.shape.evolve(name=link.name, section=link.section),
        look=chosen.look,
        target=chosen.target,
        credit=chosen.credit,
    )


def chat(message: Message) -> int:
    """The chat of a message."""
    if message.chat is None or message.chat.id is None:
        raise BadLink("I cannot tell which chat this is.")
    return message.chat.id


def arguments(message: Message) -> list[str]:
    """The words behind a command."""
    return str(_text(message)).split()[1:]


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


def press_place(query: CallbackQuery) -> tuple[int, int]:
    """The chat and the message whose button was pressed. Raises WrongArgument when that is gone."""
    if query.message is None or query.message.chat is None:
        raise WrongArgument("The message of this button is gone.")
    return chat(query.message), query.message.id


def pressed(query: CallbackQuery) -> str:
    """What stands behind the name of the button that was pressed."""
    data = query.data if isinstance(query.data, str) else (query.data or b"").decode("utf-8", "replace")
    return data.partition(":")[2]


def pressed_action(query: CallbackQuery) -> tuple[str, str, str]:
    """What a button is for, what it does, and with what: from "name:subject:action:value"."""
    subject, _, rest = pressed(query).partition(":")
    action, _, value = rest.partition(":")
    return subject, action, value


def pressed_page(query: CallbackQuery) -> tuple[str, int]:
    """What a button of a person's own list does, and on which page: from "name:person:action:page". Raises
    NotYours, and WrongArgument for a forged one."""
    owner, action, page = pressed_action(query)
    if owner != str(query.from_user.id):
        raise NotYours
    if not re.fullmatch("[0-9]{1,6}", page, re.ASCII):
        raise WrongArgument("I do not know this button.")
    return action, int(page)


def pressed_picture(query: CallbackQuery) -> Wanted:
    """The picture of numbers that a button shows, from "name:period:aspect:theme". Raises WrongArgument for a
    forged one."""
    period, aspect, theme = pressed_action(query)
    try:
        return Wanted(Period(period), Aspect(aspect), Theme(theme))
    except ValueError:
        raise WrongArgument("I do not know this button.") from None


def pressed_period(query: CallbackQuery) -> Period:
    """The period of a button "name:period". Raises WrongArgument for a forged one."""
    try:
        return Period(pressed(query))
    except ValueError:
        raise WrongArgument("I do not know this button.") from None


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
