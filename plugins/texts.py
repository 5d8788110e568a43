"""/t2t: a text becomes a file. /t2h: a list of links becomes a page."""

from pyrogram.types import Message

from medusa import commands
from medusa.dialogs import Dialog
from medusa.errors import WrongArgument
from medusa.telegram.batch_lists import brings_list, read_list
from medusa.telegram.client import Medusa
from medusa.telegram.filters import answer, command, dialog_of
from medusa.telegram.incoming import chat, person, words_behind
from medusa.telegram.outgoing import reply
from medusa.views import texts

TEXT, NAME, LIST = "t2t text", "t2t name", "t2h"


@Medusa.on_message(command(commands.T2T))
async def on_text(bot: Medusa, message: Message) -> None:
    """Take the text that comes with the command, or ask for it."""
    if text := words_behind(message):
        await bot.services.documents.reply(message, texts.text_file(text))
        return
    await _ask(bot, message, TEXT)
    await reply(bot, message, texts.which_text())


@Medusa.on_message(answer(TEXT))
async def on_awaited_text(bot: Medusa, message: Message) -> None:
    """Take the text that was asked for, and ask for a name."""
    if not message.text:
        raise WrongArgument(texts.no_text())
    await _ask(bot, message, NAME, str(message.text))
    await reply(bot, message, texts.which_name())


@Medusa.on_message(answer(NAME))
async def on_name(bot: Medusa, message: Message) -> None:
    """Send the file under its name."""
    dialog = await dialog_of(bot, message)
    if dialog is not None and await bot.services.dialogs.close(dialog):
        file = texts.text_file(dialog.subject, message.text or "")
        await bot.services.documents.reply(message, file)


@Medusa.on_message(command(commands.T2H))
async def on_list(bot: Medusa, message: Message) -> None:
    """Take the list that comes with the command, or ask for it."""
    if brings_list(message):
        await _send_page(bot, message)
        return
    await _ask(bot, message, LIST)
    await reply(bot, message, texts.which_list())


@Medusa.on_message(answer(LIST))
async def on_awaited_list(bot: Medusa, message: Message) -> None:
    """Take the list that was asked for."""
    await _send_page(bot, message)
    await bot.services.dialogs.forget(chat(message), person(message.from_user).id)


async def _send_page(bot: Medusa, message: Message) -> None:
    named = await read_list(bot, message)
    file, caption = texts.page_file(*named), texts.page_caption(*named)
    await bot.services.documents.reply(message, file, caption)


async def _ask(bot: Medusa, message: Message, about: str, subject: str = "") -> None:
    sender = person(message.from_user).id
    await bot.services.dialogs.ask(
        Dialog(chat_id=chat(message), person_id=sender, about=about, subject=subject)
    )
