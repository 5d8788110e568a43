"""Commands for log channels."""

from pyrogram.types import ChatMemberUpdated, Message

from medusa import commands
from medusa.telegram.client import Medusa
from medusa.telegram.filters import command, own_place
from medusa.telegram.incoming import channel_argument, count_argument, person, place
from medusa.telegram.outgoing import reply
from medusa.views import logs


@Medusa.on_message(command(commands.ADD_LOG))
async def on_add(bot: Medusa, message: Message) -> None:
    """Add a log channel, if the bot may post there."""
    by, channel_id = person(message.from_user), channel_argument(message)
    channel = await bot.services.log_desk.add(by, channel_id)
    await reply(bot, message, logs.log_channel_added(channel))


@Medusa.on_message(command(commands.REMOVE_LOG))
async def on_remove(bot: Medusa, message: Message) -> None:
    """Remove a log channel."""
    channel_id = channel_argument(message)
    await bot.services.log_desk.remove(person(message.from_user), channel_id)
    await reply(bot, message, logs.log_channel_removed(channel_id))


@Medusa.on_message(command(commands.LOGS))
async def on_list(bot: Medusa, message: Message) -> None:
    """Show the log channels and how they are."""
    await reply(bot, message, logs.log_channels(await bot.services.log_desk.overview()))


@Medusa.on_message(command(commands.TEST_LOG))
async def on_test(bot: Medusa, message: Message) -> None:
    """Post a test record into every log channel."""
    await reply(bot, message, logs.log_channel_tested(await bot.services.log_desk.test()))


@Medusa.on_message(command(commands.BACKFILL))
async def on_backfill(bot: Medusa, message: Message) -> None:
    """Copy what was finished before into a log channel."""
    by, last = person(message.from_user), count_argument(message)
    channel, downloads = await bot.services.log_desk.backfill(by, channel_argument(message), last)
    await reply(bot, message, logs.backfilled(channel, last, downloads))


@Medusa.on_message(command(commands.RETRY_LOGS))
async def on_retry(bot: Medusa, message: Message) -> None:
    """Try the failed copies again."""
    await reply(bot, message, logs.retrying(await bot.services.log_desk.retry(person(message.from_user))))


@Medusa.on_chat_member_updated(own_place)
async def on_own_place(bot: Medusa, change: ChatMemberUpdated) -> None:
    """The bot was let in, given or denied rights, or thrown out somewhere."""
    bot.services.log_desk.look_at(place(change))
