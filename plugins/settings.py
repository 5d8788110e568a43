"""/settings: the default quality, and the archive."""

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.telegram.client import Medusa
from medusa.telegram.filters import button, command, user
from medusa.telegram.incoming import person, pressed
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.views import people


@Medusa.on_message(command(commands.SETTINGS))
async def on_settings(bot: Medusa, message: Message) -> None:
    """Show the settings."""
    await reply(bot, message, people.settings(await bot.services.people.meet(person(message.from_user))))


@Medusa.on_callback_query(button("default") & user)
async def on_default(bot: Medusa, query: CallbackQuery) -> None:
    """Set the default quality."""
    sender = person(query.from_user)
    await bot.services.people.prefer(sender.id, wish=people.default_wish(pressed(query)))
    await _show_saved(bot, query)


@Medusa.on_callback_query(button("archive") & user)
async def on_archive(bot: Medusa, query: CallbackQuery) -> None:
    """Allow files from the archive, or not."""
    sender = person(query.from_user)
    await bot.services.people.prefer(sender.id, archive=people.wants_archive(pressed(query)))
    await _show_saved(bot, query)


async def _show_saved(bot: Medusa, query: CallbackQuery) -> None:
    await query.answer(people.saved())
    user = await bot.services.people.meet(person(query.from_user))
    await rewrite_pressed(bot, query, people.settings(user))
