"""/add_channel, /remove_channel, /channels: where people may have their files brought."""

from pyrogram.types import Message

from medusa import commands
from medusa.dialogs import Dialog
from medusa.telegram.client import Medusa
from medusa.telegram.filters import answer, command, dialog_of
from medusa.telegram.incoming import chat, person
from medusa.telegram.outgoing import reply
from medusa.telegram.references import channel_id, channel_reference
from medusa.user import Role
from medusa.views import channels

ABOUT = "own channel"


@Medusa.on_message(command(commands.ADD_CHANNEL))
async def on_add(bot: Medusa, message: Message) -> None:
    """Add a channel of the person's, or ask which."""
    if not await _added(bot, message, (message.text or "").partition(" ")[2]):
        sender = person(message.from_user)
        await bot.services.dialogs.ask(Dialog(chat_id=chat(message), person_id=sender.id, about=ABOUT))
        await reply(bot, message, channels.which())


@Medusa.on_message(answer(ABOUT))
async def on_answer(bot: Medusa, message: Message) -> None:
    """Add the channel that was named or forwarded; the question stays open where there is none."""
    dialog = await dialog_of(bot, message)
    is_forwarded = message.forward_origin is not None
    text = "" if is_forwarded else str(message.text or message.caption or "")
    if not await _added(bot, message, text):
        await reply(bot, message, channels.which())
    elif dialog is not None:
        await bot.services.dialogs.close(dialog)


async def _added(bot: Medusa, message: Message, text: str) -> bool:
    reference = channel_reference(message, text)
    if reference is None:
        return False
    channel = await bot.services.destinations.add(person(message.from_user), reference)
    await reply(bot, message, channels.added(channel))
    return True


@Medusa.on_message(command(commands.REMOVE_CHANNEL))
async def on_remove(bot: Medusa, message: Message) -> None:
    """Remove a channel of the person's; the owner of the bot removes everybody's."""
    by, chat_id = person(message.from_user), channel_id(message)
    removed = await bot.services.destinations.remove(chat_id, await _whose(bot, message))
    if any(channel.owner != by.id for channel in removed):
        await bot.services.audit.note(by, "channel", str(chat_id), after="removed")
    await reply(bot, message, channels.removed(removed))


@Medusa.on_message(command(commands.CHANNELS))
async def on_list(bot: Medusa, message: Message) -> None:
    """Show the person's channels; to the owner of the bot, everybody's."""
    whose = await _whose(bot, message)
    shown = channels.listed(await bot.services.destinations.of(whose), is_everybodys=whose is None)
    await reply(bot, message, shown)


async def _whose(bot: Medusa, message: Message) -> int | None:
    """Whose channels this person may see and remove; None: everybody's."""
    sender = person(message.from_user)
    is_owner = await bot.services.people.role(sender) is Role.OWNER
    return None if is_owner else sender.id
