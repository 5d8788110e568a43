"""Batches: a .txt full of links, what is asked about it, and the buttons of what is under way."""

from datetime import UTC, datetime

from pyrogram.types import CallbackQuery, Message

from medusa import batch_answers, commands
from medusa.batch import Batch, Question, new_batch
from medusa.dialogs import Dialog, Takes
from medusa.errors import NotAllowed, WrongArgument
from medusa.jobs.batches import batch_id
from medusa.jobs.unfolding import ABOUT
from medusa.telegram.batch_lists import brings_list, is_list, read_list
from medusa.telegram.client import Medusa
from medusa.telegram.filters import (
    answer,
    button,
    calls,
    command,
    dialog_of,
    list_file,
    own_post,
    owner_of_channel,
    private,
    user,
)
from medusa.telegram.incoming import chat, links, person, pressed_action
from medusa.telegram.outgoing import remove, reply, rewrite, rewrite_pressed, write
from medusa.telegram.pictures import small_picture
from medusa.telegram.posting import find_reply
from medusa.user import User
from medusa.views import batch as views
from medusa.views.view import View

FILE = "batch file"


@Medusa.on_message(command(commands.BATCH) | (calls(commands.BATCH) & own_post))
async def on_batch(bot: Medusa, message: Message) -> None:
    """Take the list that comes with the command, or ask for it."""
    if brings_list(message):
        await _draft(bot, message)
        return
    sender = (await _sender(bot, message)).person
    await bot.services.dialogs.ask(
        Dialog(chat_id=chat(message), person_id=sender.id, about=FILE, takes=Takes.FILE)
    )
    await reply(bot, message, views.which_file())


@Medusa.on_message(list_file & ((private & user) | own_post))
async def on_list(bot: Medusa, message: Message) -> None:
    """A .txt that was dropped."""
    await _draft(bot, message)


@Medusa.on_message(answer(FILE))
async def on_file(bot: Medusa, message: Message) -> None:
    """The file that was asked for."""
    if not is_list(message):
        raise WrongArgument("That is no .txt file. Send one, or /cancel.")
    await _sender(bot, message)  # before: whoever may not for now may later
    dialog = await dialog_of(bot, message)
    if dialog is not None and await bot.services.dialogs.close(dialog):
        await _draft(bot, message)


@Medusa.on_message(answer(ABOUT))
async def on_answer(bot: Medusa, message: Message) -> None:
    """The answer to a question about a batch."""
    await _sender(bot, message)
    dialog = await dialog_of(bot, message)
    assert dialog is not None
    try:
        batch = await bot.services.batches.get(dialog.subject, dialog.person_id)
        if batch.question is None:
            raise WrongArgument(views.answered())
    except WrongArgument:
        # Left open by a process that was killed; it would take one message after the other.
        await bot.services.dialogs.close(dialog)
        raise
    changes = await _read(bot, batch, message)
    answered = await bot.services.batches.answer(batch, batch.question, **changes)
    # Now, for what goes wrong before is told as the answer to this message.
    await remove(bot, message)
    await _go_on(bot, answered)


@Medusa.on_callback_query(button("batch") & user)
async def on_button(bot: Medusa, query: CallbackQuery) -> None:
    """A button under a question or a summary."""
    subject, action, value = pressed_action(query)
    batch = await bot.services.batches.get(subject, person(query.from_user).id)
    match action:
        case "go" | "cancel" | "pause" | "resume" | "again":
            await _steer(bot, query, batch, action)
        case "page" | "pick" | "every" | "clear":
            await _pick(bot, query, batch, action, batch_answers.number(value))
        case _:
            await _press(bot, query, batch, action, value)


async def _sender(bot: Medusa, message: Message) -> User:
    """Who speaks; in a channel, who has added it. Raises NotAllowed when they may not use the bot,
    Maintenance when they may not now."""
    if message.from_user is not None:
        return await bot.services.people.asking(person(message.from_user))
    owner = await owner_of_channel(bot, message)
    user = await bot.services.people.known(owner) if owner is not None else None
    if user is None or not commands.may_use(user.role, commands.BATCH):
        raise NotAllowed
    return await bot.services.people.served(user)


async def _draft(bot: Medusa, message: Message) -> None:
    """Keep a batch and ask the first question."""
    sender = await _sender(bot, message)
    chosen = sender.preferences
    if message.from_user is None:
        chosen = chosen.evolve(target=None)  # what is asked for in a channel is for this channel
    named = await read_list(bot, message)
    place = chat(message), message.id
    batch = new_batch(
        batch_id(*place), sender.person, chosen, place, named.name, named.listing, datetime.now(UTC)
    )
    if await bot.services.batches.draft(batch, named.listing.entries):
        # Before it is seen: an answer may come at once.
        await _ask(bot, batch)
        await _show(bot, batch, views.question(batch))
        return
    # The bot was killed, and is told of the list again: the question may be there, and nobody knows which.
    kept = await bot.services.batches.get(batch.id, batch.person.id)
    if kept.status_message_id is None and kept.question is not None:
        await _ask(bot, kept)
        view = views.question(kept)
        shown = await find_reply(bot, message, view.buttons[-1][0])
        await (bot.services.batches.note(kept, status_message_id=shown) if shown else _show(bot, kept, view))


async def _show(bot: Medusa, batch: Batch, view: View) -> None:
    """Show a view in the status message of a batch, which is written when there is none."""
    if batch.status_message_id is not None:
        await rewrite(bot, batch.chat_id, batch.status_message_id, view)
        return
    shown = await write(bot, batch.chat_id, view, reply_to=batch.message_id)
    await bot.services.batches.note(batch, status_message_id=shown)


async def _ask(bot: Medusa, batch: Batch) -> None:
    """Take the person's next message as the answer."""
    await bot.services.dialogs.ask(
        Dialog(
            chat_id=batch.chat_id,
            person_id=batch.person.id,
            about=ABOUT,
            subject=batch.id,
            # A link means a download, except where a picture is asked for.
            takes=Takes.ANYTHING if batch.question is Question.THUMBNAIL else Takes.WORDS,
        )
    )


async def _read(bot: Medusa, batch: Batch, message: Message) -> dict[str, object]:
    if batch.question is Question.THUMBNAIL:
        for url in links(message)[:1]:
            return await bot.services.batches.illustrate(batch, url)
        if message.photo:
            return await bot.services.batches.illustrate(batch, await small_picture(bot, message))
    return batch_answers.read(batch, message.text or "")


async def _go_on(bot: Medusa, batch: Batch | None) -> None:
    """Show what comes after an answer: the next question, or the batch at work."""
    if batch is None:
        return
    if batch.question is None:
        await bot.services.dialogs.forget(batch.chat_id, batch.person.id, subject=batch.id)
        view = views.starting(batch)
    else:
        await _ask(bot, batch)
        view = views.question(batch)
    await _show(bot, batch, view)


async def _press(bot: Medusa, query: CallbackQuery, batch: Batch, action: str, value: str) -> None:
    """A button that answers the question."""
    if batch.question is None:
        await query.answer(views.stale())
        return
    changes = batch_answers.pressed(batch, action, value)
    await query.answer()
    answered = await bot.services.batches.answer(batch, batch.question, **changes)
    await _go_on(bot, answered)


async def _pick(bot: Medusa, query: CallbackQuery, batch: Batch, action: str, number: int) -> None:
    """A button on a page of a playlist."""
    if batch.question is not Question.ITEMS:
        await query.answer(views.stale())
        return
    page, chosen = batch_answers.picked(batch, action, number)
    changed: Batch | None = batch
    if action != "page":  # which would undo a press of the same moment
        changed = await bot.services.batches.change(batch, Question.ITEMS, chosen=chosen)
    await query.answer()
    if changed is not None:
        entries = await bot.services.batches.entries(changed)
        await rewrite_pressed(bot, query, views.picking(changed, entries, page))


async def _steer(bot: Medusa, query: CallbackQuery, batch: Batch, action: str) -> None:
    """A button that starts, holds or ends a batch."""
    batches = bot.services.batches
    match action:
        case "go":
            started = await batches.start(batch)
            await query.answer("" if started else views.stale())
            await _go_on(bot, started)
        case "cancel":
            was_draft = batch.question is not None
            await query.answer("" if await batches.cancel(batch) else views.stale())
            if was_draft:
                await bot.services.dialogs.forget(batch.chat_id, batch.person.id, subject=batch.id)
                await rewrite_pressed(bot, query, views.cancelled())
        case "pause":
            await query.answer(views.paused() if await batches.pause(batch) else views.stale())
        case "resume":
            await query.answer("" if await batches.resume(batch) else views.stale())
        case _:
            await _again(bot, query, batch)


async def _again(bot: Medusa, query: CallbackQuery, batch: Batch) -> None:
    """Try the failed ones again, as a batch of their own."""
    draft = await bot.services.batches.again(batch)
    # Of two presses, one starts it, and only that one shows it.
    started = await bot.services.batches.start(draft) if draft else None
    await query.answer("" if started else views.stale())
    if started is not None and query.message is not None:
        status = await reply(bot, query.message, views.starting(started))
        await bot.services.batches.note(started, status_message_id=status)
