"""/history: what somebody was brought before, and once more."""

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.telegram.client import Medusa
from medusa.telegram.filters import button, command, user
from medusa.telegram.incoming import person, press_place, pressed, pressed_page
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.telegram.resending import resend
from medusa.views import history


@Medusa.on_message(command(commands.HISTORY))
async def on_history(bot: Medusa, message: Message) -> None:
    """Show the newest page."""
    found = await bot.services.history.page(person(message.from_user).id, 0)
    await reply(bot, message, history.page(found))


@Medusa.on_callback_query(button("history") & user)
async def on_turn(bot: Medusa, query: CallbackQuery) -> None:
    """Show another page."""
    _, number = pressed_page(query)
    found = await bot.services.history.page(query.from_user.id, number)
    await query.answer()
    await rewrite_pressed(bot, query, history.page(found))


@Medusa.on_callback_query(button("again") & user)
async def on_again(bot: Medusa, query: CallbackQuery) -> None:
    """Send one again."""
    download = await bot.services.history.get(pressed(query), query.from_user.id)
    chat_id, _ = press_place(query)
    await query.answer(history.copied() if await resend(bot, download, chat_id) else "")
