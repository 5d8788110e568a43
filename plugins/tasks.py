"""/tasks, /cancel, and the buttons of a download: a quality, stop and keep, cancel."""

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.telegram.client import Medusa
from medusa.telegram.filters import button, command, dialog_of, user
from medusa.telegram.incoming import person, pressed, pressed_action, pressed_choice, pressed_page
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.views import job, people, tasks


@Medusa.on_message(command(commands.TASKS))
async def on_tasks(bot: Medusa, message: Message) -> None:
    """Show what this person has under way."""
    found = await bot.services.tasks.overview(person(message.from_user).id, 0)
    await reply(bot, message, tasks.overview(found))


@Medusa.on_callback_query(button("tasks") & user)
async def on_tasks_button(bot: Medusa, query: CallbackQuery) -> None:
    """Look again, leaf through it, or stop all of it."""
    action, page = pressed_page(query)
    if action == "all":
        stopped = await bot.services.tasks.cancel_all(query.from_user.id)
        await query.answer(job.stopping() if stopped else job.stale_button())
    else:
        await query.answer()
    found = await bot.services.tasks.overview(query.from_user.id, page)
    await rewrite_pressed(bot, query, tasks.overview(found))


@Medusa.on_message(command(commands.CANCEL))
async def on_cancel(bot: Medusa, message: Message) -> None:
    """Stop everything of this person; where something was asked, only that is over, and it is already."""
    sender = person(message.from_user).id
    if await dialog_of(bot, message) is not None:
        found = await bot.services.tasks.overview(sender, 0)
        await reply(bot, message, people.question_closed(found.total))
        return
    stopped = await bot.services.tasks.cancel_all(sender)
    await reply(bot, message, people.cancelling(stopped) if stopped else people.nothing_to_cancel())


@Medusa.on_callback_query(button("cancel"))
async def on_cancel_button(bot: Medusa, query: CallbackQuery) -> None:
    """Stop one download."""
    stopped = await bot.services.jobs.cancel(pressed(query), person(query.from_user).id)
    await query.answer(job.stopping() if stopped else job.stale_button())


@Medusa.on_callback_query(button("finish"))
async def on_finish_button(bot: Medusa, query: CallbackQuery) -> None:
    """End a recording and keep what there is."""
    ended = await bot.services.jobs.finish(pressed(query), person(query.from_user).id)
    await query.answer(job.closing() if ended else job.stale_button())


@Medusa.on_callback_query(button("subs"))
async def on_subtitles(bot: Medusa, query: CallbackQuery) -> None:
    """List the subtitles that there are."""
    asked = await bot.services.jobs.asking(pressed(query), person(query.from_user).id)
    await query.answer("" if asked else job.stale_button())
    if asked is not None:
        await rewrite_pressed(bot, query, job.which_subtitles(asked))


@Medusa.on_callback_query(button("sub"))
async def on_subtitle(bot: Medusa, query: CallbackQuery) -> None:
    """Choose some of them, or none; the question for the quality comes back."""
    download, number, way = pressed_action(query)
    sender = person(query.from_user).id
    asked = await bot.services.jobs.asking(download, sender)
    chosen = job.subtitles(asked, number, way) if asked else None
    changed = await bot.services.jobs.subtitle(download, chosen, sender) if asked else None
    await query.answer("" if changed else job.stale_button())


@Medusa.on_callback_query(button("pick"))
async def on_quality(bot: Medusa, query: CallbackQuery) -> None:
    """Go on with the chosen quality."""
    download, number = pressed_choice(query)
    chosen = await bot.services.jobs.choose(download, number, person(query.from_user).id)
    await query.answer("" if chosen else job.stale_button())
