"""How large a file may be: what Telegram says, or what it has said for years."""

import asyncio
from typing import NamedTuple

from loguru import logger
from pyrogram import raw
from pyrogram.errors import RPCError

from medusa.config import Settings
from medusa.telegram.client import make_user

BOT_MAX_PARTS = 4000
PREMIUM_MAX_PARTS = 8000
"""Of 512 KiB, so 2,097,152,000 and 4,194,304,000 bytes (https://core.telegram.org/api/files)."""

MOST_PARTS = 2**31
"""More is nonsense: part numbers are 32-bit."""

ASK_SECONDS = 10.0


class Limits(NamedTuple):
    """Parts that one file may have."""

    bot: int = BOT_MAX_PARTS
    premium: int = PREMIUM_MAX_PARTS


async def read_limits(settings: Settings) -> Limits:
    """`upload_max_fileparts_default` and `…_premium` of help.getAppConfig.

    Bots may not ask for it, but whoever has not logged in yet may
    (https://core.telegram.org/method/help.getAppConfig).
    """
    try:
        async with asyncio.timeout(ASK_SECONDS):
            return limits_of(await _ask(settings))
    except (RPCError, OSError, TimeoutError) as error:
        logger.info("Telegram did not tell its limits, so the known ones hold: {!r}", error)
        return Limits()


async def _ask(settings: Settings) -> raw.base.help.AppConfig:
    client = make_user(settings)
    try:
        await client.connect()
        answer: raw.base.help.AppConfig = await client.invoke(raw.functions.help.GetAppConfig(hash=0))
        return answer
    finally:
        if client.is_connected:
            await client.disconnect()


def limits_of(answer: raw.base.help.AppConfig) -> Limits:
    """The limits in an answer; what is missing or senseless in it is as it always was."""
    config = answer.config if isinstance(answer, raw.types.help.AppConfig) else None
    entries = config.value if isinstance(config, raw.types.JsonObject) else []
    numbers = {
        entry.key: int(entry.value.value)
        for entry in entries
        if isinstance(entry.value, raw.types.JsonNumber) and 1 <= entry.value.value <= MOST_PARTS
    }
    return Limits(
        bot=numbers.get("upload_max_fileparts_default", BOT_MAX_PARTS),
        premium=numbers.get("upload_max_fileparts_premium", PREMIUM_MAX_PARTS),
    )
