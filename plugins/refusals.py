"""What is not for this person, and what is no command and no link: a clear sentence."""

from pyrogram import filters
from pyrogram.types import CallbackQuery, Message

from medusa.errors import BadLink, Maintenance, UnknownCommand
from medusa.telegram.client import Medusa
from medusa.telegram.filters import (
    any_command,
    closed,
    closed_command,
    has_link,
    in_dialog,
    is_closed,
    known_button,
    list_file,
    looks_like_command,
    open_group,
    permitted,
    private,
    refusal,
    user,
)
from medusa.views import job

_FORBIDDEN = (any_command & ~permitted) | (((has_link & ~in_dialog) | list_file | in_dialog) & ~user)
_CLOSED = (filters.group & ((any_command & closed_command) | (in_dialog & closed))) | (
    open_group & has_link & ~in_dialog & closed
)


@Medusa.on_message((private & _FORBIDDEN) | _CLOSED)
async def on_forbidden(bot: Medusa, message: Message) -> None:
    """Somebody asks for what they may not do, or not now."""
    raise await refusal(bot, message)


@Medusa.on_message(private & looks_like_command & ~any_command & ~in_dialog)
async def on_unknown_command(bot: Medusa, message: Message) -> None:
    """A command that does not exist."""
    raise UnknownCommand


@Medusa.on_message(private & filters.text & ~looks_like_command & ~has_link & ~in_dialog)
async def on_chatter(bot: Medusa, message: Message) -> None:
    """A message without a link."""
    raise BadLink


@Medusa.on_callback_query(~known_button)
async def on_stale_button(bot: Medusa, query: CallbackQuery) -> None:
    """A button that nobody answers any more, or not now."""
    if await is_closed(bot, query):
        raise Maintenance
    await query.answer(job.stale_button())
