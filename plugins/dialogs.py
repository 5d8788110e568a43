"""Who calls a command has turned away from what was asked before."""

from pyrogram.types import Message

from medusa.telegram.client import Medusa
from medusa.telegram.filters import closed_command, dialog_of, looks_like_command, taken_as_default
from medusa.telegram.incoming import chat


@Medusa.on_message(looks_like_command & ~taken_as_default & ~closed_command, group=-1)
async def on_turning_away(bot: Medusa, message: Message) -> None:
    """Close what is open; the command follows, and may look at what it was. One that only maintenance keeps
    from being carried out closes nothing: the question is there when it is over."""
    if message.from_user is not None:
        await dialog_of(bot, message)
        await bot.services.dialogs.forget(chat(message), message.from_user.id)
