"""/stats: one's own numbers; for admins those of the bot, as pictures."""

from pyrogram import filters
from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.figures import Wanted
from medusa.telegram.client import Medusa
from medusa.telegram.filters import admin, button, command, user
from medusa.telegram.incoming import (
    person,
    press_place,
    pressed_period,
    pressed_picture,
    words_behind,
)
from medusa.telegram.outgoing import reply, write
from medusa.views import statistics

stats = command(commands.STATS)
about_oneself = filters.regex(r"(?i)^/\S+\s+me\b")
rebuilding = filters.regex(r"(?i)^/\S+\s+rebuild\b")


@Medusa.on_message(stats & (~admin | about_oneself))
async def on_own(bot: Medusa, message: Message) -> None:
    """Show what this person had."""
    found = await bot.services.statistics.own(person(message.from_user).id)
    await reply(bot, message, statistics.own(found))


@Medusa.on_message(stats & admin & ~about_oneself & ~rebuilding)
async def on_stats(bot: Medusa, message: Message) -> None:
    """Show what the bot has done."""
    await bot.services.charts.reply(message, Wanted())


@Medusa.on_message(stats & admin & rebuilding)
async def on_rebuild(bot: Medusa, message: Message) -> None:
    """Count a day anew."""
    day = await bot.services.statistics.rebuild(words_behind(message))
    by = person(message.from_user)
    await bot.services.audit.note(by, "statistics", f"{day.day:%Y-%m-%d}", after="counted anew")
    await reply(bot, message, statistics.rebuilt(day))


@Medusa.on_callback_query(button("stats") & admin)
async def on_turn(bot: Medusa, query: CallbackQuery) -> None:
    """Show another picture."""
    wanted = pressed_picture(query)
    await query.answer()
    await bot.services.charts.turn(query, wanted)


@Medusa.on_callback_query(button("days") & admin)
async def on_table(bot: Medusa, query: CallbackQuery) -> None:
    """Send the days as a file."""
    period = pressed_period(query)
    await query.answer()
    await bot.services.charts.table(query, period)


@Medusa.on_callback_query(button("mine") & user)
async def on_mine(bot: Medusa, query: CallbackQuery) -> None:
    """Show what whoever presses had."""
    chat_id, message_id = press_place(query)
    await query.answer()
    found = await bot.services.statistics.own(query.from_user.id)
    await write(bot, chat_id, statistics.own(found), reply_to=message_id)
