"""/settings: pages of buttons, and what is typed or sent for them."""

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.settings_desk import ABOUT
from medusa.telegram.client import Medusa
from medusa.telegram.filters import answer, button, command, dialog_of, user
from medusa.telegram.incoming import person, press_place, pressed
from medusa.telegram.markup import template
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.telegram.pictures import small_picture


@Medusa.on_message(command(commands.SETTINGS))
async def on_settings(bot: Medusa, message: Message) -> None:
    """Show the settings."""
    await reply(bot, message, await bot.services.settings.show(person(message.from_user)))


@Medusa.on_callback_query(button("set") & user)
async def on_press(bot: Medusa, query: CallbackQuery) -> None:
    """Open a page, set what was chosen, or ask for what is to be typed."""
    sender, (chat_id, message_id) = person(query.from_user), press_place(query)
    view = await bot.services.settings.press(sender, chat_id, message_id, pressed(query))
    await query.answer()
    await rewrite_pressed(bot, query, view)


@Medusa.on_message(answer(ABOUT))
async def on_answer(bot: Medusa, message: Message) -> None:
    """Set what was typed or sent."""
    sender, dialog = person(message.from_user), await dialog_of(bot, message)
    if dialog is None:
        return
    if message.photo is not None and dialog.subject.endswith("thumb"):
        picture = await small_picture(bot, message)
        view = await bot.services.settings.keep_picture(sender, dialog, picture)
    else:
        words = str(message.text or message.caption or "")
        view = await bot.services.settings.answer(sender, dialog, template(message), words)
    if view is not None:
        await reply(bot, message, view)
