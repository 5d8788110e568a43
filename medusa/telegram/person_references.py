"""Whom people mean: an id, a name, a link, or who wrote a message that they answer or have forwarded."""

import re
from typing import NamedTuple

from pyrogram.enums import MessageEntityType
from pyrogram.errors import RPCError
from pyrogram.types import Message, MessageOriginHiddenUser, MessageOriginUser
from pyrogram.types import User as TelegramUser

from medusa.errors import WrongArgument
from medusa.model import Person
from medusa.telegram.client import Medusa
from medusa.telegram.errors import translated
from medusa.telegram.incoming import person

HIDDEN = "Telegram does not tell me who wrote that: they hide it. Send me their id; /id shows it to them."
_ID = re.compile("[1-9][0-9]{0,15}", re.ASCII)
_NAME = re.compile(r"(?:@|(?:https?://)?(?:t|telegram)\.me/)([A-Za-z]\w{3,31})/?", re.ASCII | re.IGNORECASE)


class Meant(NamedTuple):
    """Somebody who was named, and the words behind."""

    person: Person
    words: tuple[str, ...]


async def meant_person(bot: Medusa, message: Message, *, of_answer: bool = False) -> Meant | None:
    """Whom a command means, or (`of_answer`) a message that answers "whom?"; None: nobody.

    Raises WrongArgument with what is wrong, StoreUnavailable, TelegramUnreachable.
    """
    words = tuple(str(message.text or message.caption or "").split()[0 if of_answer else 1 :])
    for mentioned in _mentioned(message):
        name = mentioned.first_name or ""
        known = len(name.split())
        return Meant(person(mentioned), words[known:])
    if words and (_ID.fullmatch(words[0]) or _NAME.fullmatch(words[0])):
        return Meant(await _named(bot, words[0]), words[1:])
    shown = message if of_answer else message.reply_to_message
    found = _shown_by(shown) if shown is not None else None
    if found is None or found.is_self or (of_answer and message.forward_origin is None):
        return None
    return Meant(person(found), words if not of_answer else ())


def _mentioned(message: Message) -> list[TelegramUser]:
    entities = message.entities or message.caption_entities or []
    return [one.user for one in entities if one.type is MessageEntityType.TEXT_MENTION and one.user]


async def _named(bot: Medusa, word: str) -> Person:
    if _ID.fullmatch(word):
        known = await bot.services.people_desk.find(int(word))
        return known.person if known else Person(id=int(word), name=word)
    found = _NAME.fullmatch(word)
    assert found is not None
    name = found[1]
    known = await bot.services.people_desk.find(name)
    return known.person if known else await _asked(bot, name)


async def _asked(bot: Medusa, name: str) -> Person:
    """Somebody who has never written to the bot, as Telegram knows them."""
    unknown = WrongArgument(f"I do not know @{name}. Send me their id; /id shows it to them.")
    with translated():
        try:
            user = await bot.get_users(name)
        except (RPCError, IndexError, KeyError) as error:
            raise unknown from error
    if not isinstance(user, TelegramUser) or user.is_bot:
        raise unknown
    return person(user)


def _shown_by(message: Message) -> TelegramUser | None:
    """Who wrote a message first."""
    match message.forward_origin:
        case MessageOriginUser() as origin:
            return origin.sender_user
        case MessageOriginHiddenUser():
            raise WrongArgument(HIDDEN)
        case None:
            return message.from_user
        case _:
            return None
