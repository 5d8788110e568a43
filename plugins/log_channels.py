"""The owner's commands for log channels."""

from pyrogram.types import Message

from medusa import commands
from medusa.telegram.client import Medusa
from medusa.telegram.filters import command
from medusa.telegram.incoming import channel_argument
from medusa.telegram.outgoing import reply
from medusa.views import logs


@Medusa.on_message(command(commands.ADD_LOG))
async def on_add(bot: Medusa, message: Message) -> None:
    """Add a log channel, if the bot may post there."""
    channel = await bot.services.log_channels.add(channel_argument(message))
    await reply(bot, message, logs.log_channel_added(channel))


@Medusa.on_message(command(commands.REMOVE_LOG))
async def on_remove(bot: Medusa, message: Message) -> None:
    """Remove a log channel."""
    channel_id = channel_argument(message)
    await bot.services.log_channels.remove(channel_id)
    await reply(bot, message, logs.log_channel_removed(channel_id))


@Medusa.on_message(command(commands.LOGS))
async def on_list(bot: Medusa, message: Message) -> None:
    """Show the log channels and how they are."""
    await reply(bot, message, logs.log_channels(await bot.services.log_channels.all()))


@Medusa.on_message(command(commands.TEST_LOG))
async def on_test(bot: Medusa, message: Message) -> None:
    """Post a test record into every log channel."""
    await reply(bot, message, logs.log_channel_tested(await bot.services.log_channels.test()))
