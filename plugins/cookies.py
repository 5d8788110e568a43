"""/cookies: files that links are opened with. In private chats only."""

from datetime import UTC, datetime

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.cookies import LARGEST_FILE
from medusa.dialogs import Dialog, Takes
from medusa.errors import WrongArgument
from medusa.model import Person
from medusa.telegram.attachments import read_document
from medusa.telegram.client import Medusa
from medusa.telegram.filters import WANTS_COOKIES, answer, button, command, private, user, with_document
from medusa.telegram.incoming import chat, person
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.views import cookies


@Medusa.on_message(private & command(commands.COOKIES) & ~with_document)
async def on_look(bot: Medusa, message: Message) -> None:
    """Show what there is, and wait for a file."""
    sender = person(message.from_user)
    overview = await bot.services.cookies.look(sender.id)
    await bot.services.dialogs.ask(
        Dialog(chat_id=chat(message), person_id=sender.id, about=WANTS_COOKIES, takes=Takes.FILE)
    )
    await reply(bot, message, cookies.shown(overview, datetime.now(UTC)))


@Medusa.on_message(private & command(commands.COOKIES) & with_document)
async def on_file(bot: Medusa, message: Message) -> None:
    """Take the file that comes with the command."""
    await _take(bot, message)


@Medusa.on_message(private & answer(WANTS_COOKIES))
async def on_awaited_file(bot: Medusa, message: Message) -> None:
    """Take the file that comes after the command."""
    await _take(bot, message)
    await bot.services.dialogs.forget(chat(message), person(message.from_user).id)


@Medusa.on_message(~private & command(commands.COOKIES))
async def on_group(bot: Medusa, message: Message) -> None:
    """Nobody should give cookies away."""
    raise WrongArgument(cookies.only_in_private())


@Medusa.on_message(private & command(commands.GET_COOKIES))
async def on_shared(bot: Medusa, message: Message) -> None:
    """Show the owner what everybody shares."""
    overview = await bot.services.cookies.look(person(message.from_user).id)
    await reply(bot, message, cookies.shared(overview, datetime.now(UTC)))


@Medusa.on_message(private & command(commands.MFILE))
async def on_gone(bot: Medusa, message: Message) -> None:
    """Say that there is no such thing any more."""
    await reply(bot, message, cookies.gone())


@Medusa.on_callback_query(button("cookies") & user)
async def on_delete(bot: Medusa, query: CallbackQuery) -> None:
    """Forget them."""
    sender = person(query.from_user)
    was_there = await bot.services.cookies.remove(sender.id)
    if was_there:
        await _note(bot, sender, "deleted")
    await query.answer()
    await rewrite_pressed(bot, query, cookies.deleted(was_there))


async def _take(bot: Medusa, message: Message) -> None:
    data = await read_document(bot, message, LARGEST_FILE)
    sender = person(message.from_user)
    overview = await bot.services.cookies.put(sender.id, data)
    await _note(bot, sender, f"of {len(overview.sites)} sites")
    await reply(bot, message, cookies.kept(overview, datetime.now(UTC)))


async def _note(bot: Medusa, by: Person, what: str) -> None:
    """Those of the owner open everybody's links; those of others are their own business."""
    if by.id == bot.services.people.owner:
        await bot.services.audit.note(by, "cookies", "shared by everybody", after=what)
