"""Floods of commands, chatter and presses: what is too much is left out, and its person is told once.

A link or a list that becomes a job is no flood: how many of those somebody may send is decided elsewhere
(medusa/quota.py). From a person who may not send any, they are chatter like everything else.
"""

from loguru import logger
from pyrogram.enums import ChatType
from pyrogram.types import CallbackQuery, Message

from medusa.commands import at_least
from medusa.errors import MedusaError
from medusa.flood import Spate
from medusa.telegram.batch_lists import is_list
from medusa.telegram.client import Medusa
from medusa.telegram.errors import translated
from medusa.telegram.filters import any_command, has_link, looks_like_command, role_of
from medusa.telegram.outgoing import reply
from medusa.user import Role
from medusa.views import people


async def is_left_out(bot: Medusa, update: Message | CallbackQuery, now: float) -> bool:
    """Whether this is one too many, for now; `now`: monotonic seconds. Nobody is looked up before that."""
    sender = update.from_user
    if sender is None or sender.is_bot:
        return False
    is_job = isinstance(update, Message) and await _looks_like_job(bot, update)
    spate = bot.services.flood.count((sender.id, is_job, _is_in_group(update)), now)
    if spate is None:
        return False
    if not spate.is_held:
        spate.is_held = _is_held(await role_of(bot, update), is_job=is_job)
    if spate.is_held:
        await _tell(bot, update, spate)
    return spate.is_held


def _is_held(role: Role | None, *, is_job: bool) -> bool:
    """Not those who run the bot, nor who is banned and hears nothing anyway."""
    if role is None or role is Role.BANNED or at_least(role, Role.ADMIN):
        return False
    return not (is_job and at_least(role, Role.USER))


async def _looks_like_job(bot: Medusa, message: Message) -> bool:
    if await looks_like_command(bot, message):
        return False
    return is_list(message) or bool(await has_link(bot, message))


def _is_in_group(update: Message | CallbackQuery) -> bool:
    """What people say to each other in groups does not count for what they say to the bot. Nor is anybody
    told of it."""
    if isinstance(update, CallbackQuery):
        return False
    return update.chat is not None and update.chat.type is not ChatType.PRIVATE


async def _tell(bot: Medusa, update: Message | CallbackQuery, spate: Spate) -> None:
    """Nothing depends on whether that works."""
    try:
        if isinstance(update, CallbackQuery):
            await _answer(update, spate)
        elif not spate.is_told and (not _is_in_group(update) or await any_command(bot, update)):
            spate.is_told = True
            await reply(bot, update, people.too_much())
    except MedusaError as error:
        logger.info("nobody is told of a flood: {} {}", error, error.detail)


async def _answer(query: CallbackQuery, spate: Spate) -> None:
    """The first press that is left out, so that its button comes to rest. For the others Telegram's apps give
    up by themselves after a while: an answer to each would be a call for each, which is what they ask for."""
    if spate.is_answered:
        return
    text = "" if spate.is_told else people.too_much().text
    spate.is_answered = spate.is_told = True
    with translated():
        await query.answer(text, show_alert=bool(text))
