"""Who may call what. Access is decided by filters: a decorator in the wrong place is silently not called.

The filters are disjoint, so that the order in which plugins are loaded decides nothing.
"""

import re
from typing import Any

from loguru import logger
from pyrogram import filters
from pyrogram.enums import ChatType
from pyrogram.filters import Filter
from pyrogram.types import CallbackQuery, ChatMemberUpdated, Message

from medusa.commands import CANCEL, COMMANDS, HELP, ID, INFO, PING, START, Command, at_least
from medusa.dialogs import Dialog, Takes
from medusa.errors import Maintenance, MedusaError, NotAllowed, StoreUnavailable
from medusa.telegram.attachments import document
from medusa.telegram.batch_lists import is_list
from medusa.telegram.client import Medusa
from medusa.telegram.incoming import chat, links, person
from medusa.user import Role

ALL_NAMES = [name for command in COMMANDS for name in command.names]


ALWAYS = (START, HELP, ID, INFO, PING, CANCEL)
"""Commands that are answered during maintenance."""
_GOES_ON = re.compile("tasks:.*|batch:[^:]*:(?:cancel|pause|resume)(?::.*)?")
"""Buttons of what was accepted, which work during maintenance; those that need no role do, too."""


def role(least: Role) -> Filter:
    """Messages and presses of people who may do at least this, and are served now."""

    async def check(_: Filter, client: Any, update: Message | CallbackQuery) -> bool:
        return await _is_at_least(client, update, least)

    return filters.create(check, f"role {least}")


async def _is_at_least(client: Any, update: Message | CallbackQuery, least: Role) -> bool:
    sender = await role_of(client, update)
    return sender is not None and at_least(sender, least) and not await is_closed(client, update, least)


async def is_closed(client: Any, update: Message | CallbackQuery, least: Role = Role.USER) -> bool:
    """Whether only maintenance keeps somebody from what needs this role."""
    if not isinstance(client, Medusa) or not (await client.services.policies.current()).maintenance:
        return False
    sender = await role_of(client, update)
    if sender is None or not at_least(sender, least) or at_least(sender, Role.ADMIN):
        return False
    return not (_goes_on(update) if isinstance(update, CallbackQuery) else _is_always_answered(update))


async def refusal(client: Any, message: Message) -> MedusaError:
    """Why somebody may not do what a message asks for."""
    wanted = called(message)
    is_for_now = await is_closed(client, message, wanted.role if wanted else Role.USER)
    return Maintenance() if is_for_now else NotAllowed()


def _goes_on(query: CallbackQuery) -> bool:
    return isinstance(query.data, str) and _GOES_ON.fullmatch(query.data) is not None


def _is_always_answered(message: Message) -> bool:
    return called(message) in ALWAYS


async def role_of(client: Any, update: Message | CallbackQuery) -> Role | None:
    """What the sender of an update may do where they have sent it; None: nobody has sent it."""
    if not isinstance(client, Medusa) or update.from_user is None or update.from_user.is_bot:
        return (
            None  # a bot is nobody to be remembered, least of all this one, which hears of its own messages
        )
    place = update.message if isinstance(update, CallbackQuery) else update
    chat_id = place.chat.id if place is not None and place.chat is not None else None
    return await client.services.people.role_of_sender(
        (chat_id, update.id), person(update.from_user), chat_id
    )


def called(message: Message) -> Command | None:
    """The command that a message looks like."""
    words = (message.text or message.caption or "").split()
    if not words or not words[0].startswith("/"):
        return None
    name = words[0].removeprefix("/").split("@")[0].lower()
    return next((command for command in COMMANDS if name in command.names), None)


async def _is_closed_command(_: Filter, client: Any, message: Message) -> bool:
    wanted = called(message)
    return wanted is not None and await is_closed(client, message, wanted.role)


async def _is_closed_to(_: Filter, client: Any, message: Message) -> bool:
    return await is_closed(client, message)


closed = filters.create(_is_closed_to, "closed")
"""Messages of people whom only maintenance keeps from sending links."""

closed_command = filters.incoming & filters.create(_is_closed_command, "closed command")
"""Commands that only maintenance keeps from their people."""


async def _may_call(_: Filter, client: Any, message: Message) -> bool:
    wanted = called(message)
    return wanted is not None and await _is_at_least(client, message, wanted.role)


def calls(wanted: Command) -> Filter:
    """Messages that call this command, whoever sends them."""
    named: Filter = filters.command(list(wanted.names))
    return named


def command(wanted: Command) -> Filter:
    """The same, from people who may use it."""
    allowed: Filter = calls(wanted) & role(wanted.role)
    return allowed


async def _with_link(_: Filter, client: Any, message: Message) -> bool:
    return bool(links(message)) and not is_list(message)


async def _is_banned(_: Filter, client: Any, update: Message | CallbackQuery) -> bool:
    return await role_of(client, update) is Role.BANNED


banned = filters.create(_is_banned, "banned")
"""Messages and presses of people who are not to be answered."""

user, admin, owner = role(Role.USER), role(Role.ADMIN), role(Role.OWNER)
any_command = filters.command(ALL_NAMES)
"""A command that exists."""

permitted = filters.create(_may_call, "permitted")
"""Whoever calls a command may use it."""


async def _is_own(_: Filter, client: Any, change: ChatMemberUpdated) -> bool:
    member = change.new_chat_member or change.old_chat_member
    return bool(member and member.user and member.user.is_self)


own_place = filters.create(_is_own, "own place")
"""Changes of what the bot itself is in a chat."""

private = filters.private & filters.incoming


async def _is_open_group(_: Filter, client: Any, message: Message) -> bool:
    if not isinstance(client, Medusa) or message.chat is None or message.chat.id is None:
        return False
    try:
        return await client.services.people.is_open(message.chat.id)
    except StoreUnavailable as error:
        logger.info("whether this group is open cannot be told: {}", error.detail)
        return False


open_group = filters.group & filters.incoming & filters.create(_is_open_group, "open group")
"""Messages in groups in which everybody may send links."""
looks_like_command = filters.regex(r"^/\w")
has_link = filters.create(_with_link, "has link") & ~looks_like_command
"""With a link to be fetched; the caption of a list may hold one, but the list is meant."""


async def _with_document(_: Filter, client: Any, message: Message) -> bool:
    return document(message) is not None


with_document = filters.create(_with_document, "with document")
"""Messages with a file, or that answer one."""

WANTS_COOKIES = "cookies"
"""What the dialog of /cookies is about."""


async def owner_of_channel(client: Any, message: Message) -> int | None:
    """Who has added the channel of this post; None where it is none, or nobody has."""
    if not isinstance(client, Medusa) or message.chat is None or message.chat.type is not ChatType.CHANNEL:
        return None
    try:
        return await client.services.destinations.owner_of(chat(message))
    except StoreUnavailable as error:
        logger.info("whose channel this is cannot be told: {}", error.detail)
        return None


async def _is_own_post(_: Filter, client: Any, message: Message) -> bool:
    return await owner_of_channel(client, message) is not None


own_post = filters.incoming & filters.create(_is_own_post, "own post")
"""Posts in channels that somebody has added: whoever may post there speaks for them."""


async def dialog_of(client: Any, message: Message) -> Dialog | None:
    """The question that this message answers."""
    if not isinstance(client, Medusa):
        return None
    sender = message.from_user
    person_id = sender.id if sender else await owner_of_channel(client, message)
    if person_id is None:
        return None
    return await client.services.dialogs.answered_by(chat(message), message.id, person_id)


async def _is_in_dialog(_: Filter, client: Any, message: Message) -> bool:
    dialog = await dialog_of(client, message)
    match dialog.takes if dialog else None:
        case None:
            return False
        case Takes.FILE:
            return message.document is not None
        case Takes.WORDS:
            return message.document is None and not links(message)
        case _:
            return True


taken_as_default = filters.regex(r"^/d$")
"""What the original bot took for "the default"; an answer, where something is asked."""

in_dialog = filters.create(_is_in_dialog, "in dialog") & (~looks_like_command | taken_as_default)
"""Messages of somebody who was asked something."""


async def _is_list(_: Filter, client: Any, message: Message) -> bool:
    return is_list(message)


list_file = filters.create(_is_list, "list") & ~looks_like_command & ~in_dialog
"""A text file that was dropped into the chat."""


def answer(about: str) -> Filter:
    """Messages of somebody who was asked this, from people who may use the bot."""

    async def check(_: Filter, client: Any, message: Message) -> bool:
        dialog = await dialog_of(client, message)
        return dialog is not None and dialog.about == about

    asked: Filter = filters.create(check, f"answer {about}") & in_dialog & (user | own_post)
    return asked


def button(name: str) -> Filter:
    """Presses on buttons whose data begins with this name."""

    async def check(_: Filter, client: Any, query: CallbackQuery) -> bool:
        # Forged data may be anything, even bytes that are no text.
        return isinstance(query.data, str) and query.data.startswith(f"{name}:")

    pressed: Filter = filters.create(check, f"button {name}")
    return pressed


known_button = (
    button("cancel")
    | button("pick")
    | button("subs")
    | button("sub")
    | button("finish")
    | ((button("batch") | button("cookies") | button("set")) & user)
    | ((button("who") | button("users") | button("admin") | button("broadcast")) & admin)
    | button("ask")
    | (button("health") & admin)
    | ((button("errors") | button("restart") | button("ytdlp")) & owner)
    | ((button("tasks") | button("history") | button("again") | button("mine")) & user)
    | ((button("stats") | button("days")) & admin)
)
