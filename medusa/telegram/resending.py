"""A download once more: its messages as they are, else its link."""

from itertools import groupby

from loguru import logger
from pyrogram.types import Message

from medusa.errors import ChatUnavailable, TelegramUnreachable, UploadError
from medusa.model import Download, State
from medusa.request import again
from medusa.telegram.client import Medusa
from medusa.telegram.errors import translated
from medusa.telegram.outgoing import write
from medusa.telegram.pace import PacedClient
from medusa.views import history


async def resend(bot: Medusa, download: Download, chat_id: int) -> bool:
    """Send a download again; True when its files are there, False when its link is a new download now.

    Raises ChatUnavailable, SlowedDown, StoreUnavailable, TelegramUnreachable.
    """
    if download.state is State.DONE and await _copied(bot, download, chat_id):
        return True
    note = await write(bot, chat_id, history.again(download))
    accepted = await bot.services.jobs.submit(again(download.request, chat_id, note))
    if accepted is not None:
        await bot.services.jobs.start(accepted.download, note)
    return False


async def _copied(client: PacedClient, download: Download, chat_id: int) -> bool:
    """Copy its messages, by reference and with their captions; False when not all of them are there."""
    sent = [(one.chat_id, one.message_id) for one in download.sent if one.message_id]
    posts = [(chat, [number for _, number in some]) for chat, some in groupby(sent, key=lambda one: one[0])]
    try:
        if not posts or not all([await _are_there(client, chat, numbers) for chat, numbers in posts]):
            return False
        for chat, numbers in posts:
            for _ in numbers:
                await client.pace.turn(chat_id)
            with translated():
                await client.forward_messages(chat_id, chat, numbers, hide_sender_name=True)
    except TelegramUnreachable:
        raise
    except (ChatUnavailable, UploadError) as error:
        logger.info("the messages of {} cannot be copied: {} {}", download.id, error, error.detail)
        return False
    return True


async def _are_there(client: PacedClient, chat_id: int, numbers: list[int]) -> bool:
    with translated():
        found = await client.get_messages(chat_id, numbers, replies=0)
    messages = found if isinstance(found, list) else [found]
    return all(isinstance(one, Message) and one.media is not None for one in messages)
