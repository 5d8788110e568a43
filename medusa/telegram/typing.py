"""Who waits for an answer sees that one is being written.

Telegram takes 30 messages a second of a bot, and what is shown to be done is no message
(https://core.telegram.org/bots/api#sendchataction is meant for answers that take a noticeable time).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from loguru import logger
from pyrogram.enums import ChatAction

from medusa.errors import MedusaError
from medusa.telegram.errors import translated
from medusa.telegram.pace import EVERYBODY, PacedClient

AFTER, AGAIN = 0.2, 5.0
"""Seconds until it is shown, and from then on. Telegram shows it for six
(https://core.telegram.org/method/messages.setTyping)."""
CROWD = EVERYBODY.burst
"""Where more are being answered already, another one will have to wait, and sees it at once."""


@asynccontextmanager
async def typing(client: PacedClient, chat_id: int) -> AsyncIterator[None]:
    """While this is open for long, "typing…" is shown in a chat. Nothing depends on whether that works."""
    if chat_id in client.typing_in:
        yield
        return
    client.typing_in.add(chat_id)
    task = asyncio.create_task(_show(client, chat_id), name=f"typing in {chat_id}")
    try:
        yield
    finally:
        client.typing_in.discard(chat_id)
        task.cancel()


async def _show(client: PacedClient, chat_id: int) -> None:
    pause = AFTER if len(client.typing_in) <= CROWD else 0.0
    while True:
        await asyncio.sleep(pause)
        try:
            with translated():
                await client.send_chat_action(chat_id, ChatAction.TYPING)
        except MedusaError as error:
            logger.debug("typing is not shown in {}: {}", chat_id, error.detail)
        pause = AGAIN
