"""Who may call what. Access is decided by filters: a decorator in the wrong place is silently not called.

The filters are disjoint, so that the order in which plugins are loaded decides nothing.
"""

from typing import Any

from pyrogram import filters
from pyrogram.filters import Filter
from pyrogram.types import CallbackQuery, ChatMemberUpdated, Message

from medusa.commands import COMMANDS, Command, at_least
from medusa.dialogs import Dialog
from medusa.telegram.client import Medusa
from medusa.telegram.incoming import chat, links, person
from medusa.user import Role

ALL_NAMES = [name for command in COMMANDS for name in command.names]


def role(least: Role) -> Filter:
    """Messages and presses of people who may do at least this."""

    async def check(_: Filter, client: Any, update: Message | CallbackQuery) -> bool:
        return await _is_at_least(client, update, least)

    return filters.create(check, f"role {least}")


async def _is_at_least(client: Any, update: Message | CallbackQuery, least: Role) -> bool:
    if not isinstance(client, Medusa) or update.from_user is None:
        return False
    return at_least(await client.services.people.role(person(update.from_user)), least)


async def _may_call(_: Filter, client: Any, message: Message) -> bool:
    called = (message.text or "/").split()[0].removeprefix("/").split("@")[0].lower()
    wanted = next((command for command in COMMANDS if called in command.names), None)
    return wanted is not None and await _is_at_least(client, message, wanted.role)


def command(wanted: Command) -> Filter:
    """Messages that call this command, from people who may use it."""
    called: Filter = filters.command(list(wanted.names)) & role(wanted.role)
    return called


async def _with_link(_: Filter, client: Any, message: Message) -> bool:
    return bool(links(message))


user = role(Role.USER)
any_command = filters.command(ALL_NAMES)
"""A command that exists."""

permitted = filters.create(_may_call, "permitted")
"""Whoever calls a command may use it."""


async def _is_own(_: Filter, client: Any, change: ChatMemberUpdated) -> bool:
    member = change.new_chat_member or change.old_chat_member
    return bool(member and member.user and member.user.is_self)


own_place = filters.create(_is_own, "own place")
"""Changes of what the bot itself is in a chat."""

looks_like_command = filters.regex(r"^/\w")
has_link = filters.create(_with_link, "has link") & ~looks_like_command


async def _dialog(client: Any, message: Message) -> Dialog | None:
    if not isinstance(client, Medusa) or message.from_user is None:
        return None
    return await client.services.dialogs.answered_by(chat(message), message.id, message.from_user.id)


async def _is_in_dialog(_: Filter, client: Any, message: Message) -> bool:
    return await _dialog(client, message) is not None


taken_as_default = filters.regex(r"^/d$")
"""What the original bot took for "the default"; an answer, where something is asked."""

in_dialog = filters.create(_is_in_dialog, "in dialog") & (~looks_like_command | taken_as_default)
"""Messages of somebody who was asked something."""


def answer(about: str) -> Filter:
    """Messages of somebody who was asked this, from people who may use the bot."""

    async def check(_: Filter, client: Any, message: Message) -> bool:
        dialog = await _dialog(client, message)
        return dialog is not None and dialog.about == about

    asked: Filter = filters.create(check, f"answer {about}") & in_dialog & user
    return asked


private = filters.private & filters.incoming


def button(name: str) -> Filter:
    """Presses on buttons whose data begins with this name."""
    pressed: Filter = filters.regex(f"^{name}:")
    return pressed


known_button = button("cancel") | button("pick") | ((button("default") | button("archive")) & user)
