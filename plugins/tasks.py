"""/cancel, and the buttons of a download: a quality, cancel."""

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.telegram.client import Medusa
from medusa.telegram.filters import button, command
from medusa.telegram.incoming import person, pressed, pressed_choice
from medusa.telegram.outgoing import reply
from medusa.views import job, people


@Medusa.on_message(command(commands.CANCEL))
async def on_cancel(bot: Medusa, message: Message) -> None:
    """Stop everything of this person."""
    stopped = await bot.services.jobs.cancel_all(person(message.from_user).id)
    await reply(bot, message, people.cancelling(stopped) if stopped else people.nothing_to_cancel())


@Medusa.on_callback_query(button("cancel"))
async def on_cancel_button(bot: Medusa, query: CallbackQuery) -> None:
    """Stop one download."""
    stopped = await bot.services.jobs.cancel(pressed(query), person(query.from_user).id)
    await query.answer(job.stopping() if stopped else job.stale_button())


@Medusa.on_callback_query(button("pick"))
async def on_quality(bot: Medusa, query: CallbackQuery) -> None:
    """Go on with the chosen quality."""
    download, number = pressed_choice(query)
    chosen = await bot.services.jobs.choose(download, number, person(query.from_user).id)
    await query.answer("" if chosen else job.stale_button())
