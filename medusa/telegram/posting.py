"""Messages with media: posted once, however often it has to be tried."""

import asyncio
from collections.abc import Callable
from hashlib import blake2b

from loguru import logger
from pyrogram import raw, utils
from pyrogram.errors import PeerIdInvalid, RandomIdDuplicate, ReplyMessageIdInvalid
from pyrogram.types import Animation, Audio, Document, InlineKeyboardMarkup, Message, Video

from medusa.errors import MessageGone, SlowedDown, TelegramUnreachable
from medusa.telegram.call import call
from medusa.telegram.errors import translated
from medusa.telegram.incoming import chat
from medusa.telegram.pace import PacedClient
from medusa.upload.pacing import backoff
from medusa.views.view import Button

SEND_SECONDS = 60.0
"""Telegram puts the parts together before it answers."""

SEND_ATTEMPTS = 6
LOOK_AHEAD = 1000
"""Messages behind a known one among which a lost one is searched: the bot's chats share their numbers."""
_BATCH = 100


async def post_media(
    client: PacedClient,
    chat_id: int,
    media: raw.base.InputMedia,
    caption: str,
    *,
    key: str,
    reply_to: int | None = None,
    patience: float = 0.0,
) -> int | None:
    """Send media with an HTML caption; the message's id, or None when it was sent before.

    `key` names this post for ever: Telegram refuses a second one with the same key, so that a lost answer
    leads to one message and not to two. A flood wait of up to `patience` seconds is sat out.

    Raises ChatUnavailable, PartsMissing, SlowedDown, TelegramUnreachable, UploadError.
    """
    text = await client.parser.parse(caption)
    random_id = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)
    with translated():
        peer = await client.resolve_peer(chat_id)
        if peer is None:
            raise PeerIdInvalid
    query = raw.functions.messages.SendMedia(
        peer=peer,
        media=media,
        message=text["message"],
        entities=text["entities"],
        random_id=random_id,
        reply_to=raw.types.InputReplyToMessage(reply_to_msg_id=reply_to) if reply_to else None,
    )
    await client.pace.turn(chat_id)
    attempt = 1
    while True:
        try:
            return await _post(client, query)
        except SlowedDown as wait:
            if wait.seconds > patience:
                raise
            patience -= wait.seconds
            logger.info("a message waits for {} s", wait.seconds)
            await asyncio.sleep(wait.seconds)
        except TelegramUnreachable as error:
            if attempt >= SEND_ATTEMPTS:
                raise
            logger.info("a message was not answered (attempt {}): {}", attempt, error.detail)
            await asyncio.sleep(backoff(attempt))
            attempt += 1


async def find_posted(
    client: PacedClient, chat_id: int, after: int, is_it: Callable[[Message], bool]
) -> int | None:
    """The id of a message of this chat that came behind `after`; None when it is not there."""
    for first in range(after + 1, after + 1 + LOOK_AHEAD, _BATCH):
        with translated():
            found = await client.get_messages(chat_id, list(range(first, first + _BATCH)), replies=0)
        messages = [message for message in found if isinstance(message, Message)] if found else []
        for message in messages:
            if message.chat is not None and message.chat.id == chat_id and is_it(message):
                return message.id
        if all(message.empty for message in messages):
            return None
    return None


async def find_reply(client: PacedClient, message: Message, button: Button) -> int | None:
    """The id of our answer to a message that has this button; None when there is none."""

    def is_it(answer: Message) -> bool:
        markup = answer.reply_markup
        rows = markup.inline_keyboard if isinstance(markup, InlineKeyboardMarkup) else []
        data = [pressed.callback_data for row in rows for pressed in row]
        return answer.reply_to_message_id == message.id and bool(
            {button.data, button.data.encode()} & {*data}
        )

    return await find_posted(client, chat(message), message.id, is_it)


async def by_reference(client: PacedClient, chat_id: int, message_id: int) -> raw.base.InputMedia:
    """A message's file, to be posted again without an upload.

    Raises ChatUnavailable, SlowedDown, TelegramUnreachable, and MessageGone.
    """
    with translated():
        message = await client.get_messages(chat_id, message_id)
    if not isinstance(message, Message) or message.empty:
        raise MessageGone
    media = file_of(message)
    if media is None:
        raise MessageGone("The finished message has no file any more.")
    return utils.get_input_media_from_file_id(media.file_id)


def file_of(message: Message) -> Video | Audio | Document | Animation | None:
    """The file of a message, whatever it is in Telegram."""
    return message.video or message.audio or message.document or message.animation


async def _post(client: PacedClient, query: raw.functions.messages.SendMedia) -> int | None:
    with translated():
        try:
            return _id_of(await _call(client, query), query.random_id)
        except RandomIdDuplicate:
            return None
        except ReplyMessageIdInvalid:
            # The person has deleted the link meanwhile; the file is theirs all the same.
            query.reply_to = None
            return _id_of(await _call(client, query), query.random_id)


async def _call(client: PacedClient, query: raw.functions.messages.SendMedia) -> raw.base.Updates:
    session = client.session
    if session is None:
        raise ConnectionError("the client is not connected")
    async with asyncio.timeout(SEND_SECONDS):
        await session.is_started.wait()
    return await call(session, query, seconds=SEND_SECONDS)


def _id_of(updates: raw.base.Updates, random_id: int) -> int | None:
    """The id of what was posted. To a repetition Telegram may answer with what it knows of the first post
    (https://core.telegram.org/api/updates); None where that says nothing."""
    if not isinstance(updates, raw.types.Updates):
        raise TypeError(f"Telegram answered a message with {type(updates).__name__}")
    ids = (
        update.id
        for update in updates.updates
        if isinstance(update, raw.types.UpdateMessageID) and update.random_id == random_id
    )
    return next(ids, None)
