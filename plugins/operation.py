"""/ping, /version, /health, /logs: how the bot is."""

import asyncio
from datetime import UTC, datetime

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.telegram.client import Medusa
from medusa.telegram.filters import admin, button, command
from medusa.telegram.incoming import arguments
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.telegram.vitals import ping
from medusa.versions import read_versions
from medusa.views import health, operation


@Medusa.on_message(command(commands.PING))
async def on_ping(bot: Medusa, message: Message) -> None:
    """Say how long Telegram takes."""
    await reply(bot, message, health.pong(await ping(bot)))


@Medusa.on_message(command(commands.VERSION))
async def on_version(bot: Medusa, message: Message) -> None:
    """Say what is installed."""
    found = await asyncio.to_thread(read_versions, bot.services.ytdlp.in_use)
    await reply(bot, message, health.versions(found, datetime.now(UTC).date()))


@Medusa.on_message(command(commands.HEALTH))
async def on_health(bot: Medusa, message: Message) -> None:
    """Look how everything is."""
    await reply(bot, message, health.health(await bot.services.operation.health.findings()))


@Medusa.on_callback_query(button("health") & admin)
async def on_refresh(bot: Medusa, query: CallbackQuery) -> None:
    """Look again."""
    await query.answer()
    await rewrite_pressed(bot, query, health.health(await bot.services.operation.health.findings()))


@Medusa.on_message(command(commands.LOG_FILE))
async def on_logs(bot: Medusa, message: Message) -> None:
    """Send the last lines of the log."""
    lines = bot.services.operation.log.last(operation.read_lines(arguments(message)))
    await bot.services.documents.reply(message, operation.log_file(lines), operation.log_caption(len(lines)))
