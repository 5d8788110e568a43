"""/sources: the sites that the bot knows."""

from pyrogram.types import Message

from medusa import commands
from medusa.telegram.client import Medusa
from medusa.telegram.filters import command
from medusa.telegram.incoming import links
from medusa.telegram.outgoing import reply
from medusa.views import sources


@Medusa.on_message(command(commands.SOURCES))
async def on_sources(bot: Medusa, message: Message) -> None:
    """List what was added here, or say what a link is for."""
    for url in links(message)[:1]:
        await reply(bot, message, sources.matched(url, await bot.services.sources.survey(url)))
        return
    await reply(bot, message, sources.survey(await bot.services.sources.survey()))
