"""Messages with media: posted once, however often it has to be tried."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from hashlib import blake2b
from typing import Any, TypeVar

from loguru import logger
from pyrogram import raw, utils
from pyrogram.errors import (
    MessageIdInvalid,
    MessageNotModified,
    PeerIdInvalid,
    RandomIdDuplicate,
    ReplyMessageIdInvalid,
    TopicDeleted,
)
from pyrogram.raw.core import TLObject
from pyrogram.types import Animation, Audio, Document, InlineKeyboardMarkup, Message, Photo, Video

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
SHORT_WAIT = 10.0
"""Seconds of a flood wait for which somebody is let wait who has pressed a button."""
GENERAL = 1
"""The topic that every forum has; what is posted there names none (https://core.telegram.org/api/forum)."""

LOOK_AHEAD = 1000
"""Messages behind a known one among which a lost one is searched: the bot's chats share their numbers."""
BATCH = 100
"""Messages that are read at once."""
PATIENT_PROBES = 4
"""Places without a message, each twice as far, after which none is expected any more."""

T = TypeVar("T")

Attached = Video | Audio | Document | Animation | Photo

Query = raw.functions.messages.SendMedia | raw.functions.messages.SendMessage


async def post_media(
    client: PacedClient,
    chat_id: int,
    media: raw.base.InputMedia | None,
    caption: str,
    *,
    key: str,
    reply_to: int | None = None,
    topic: int | None = None,
    buttons: InlineKeyboardMarkup | None = None,
    patience: float = 0.0,
) -> int | None:
    """Send media with an HTML caption, or without media a text, as an answer or into a topic; the message's
    id, or None when it was sent before.

    `key` names this post for ever: Telegram refuses a second one with the same key, so that a lost answer
    leads to one message and not to two. A flood wait of up to `patience` seconds is sat out.

    Raises ChatUnavailable, PartsMissing, SlowedDown, TelegramUnreachable, UploadError.
    """
    text = await client.parser.parse(caption)
    random_id = number_of(key)
    with translated():
        peer = await client.resolve_peer(chat_id)
        if peer is None:
            raise PeerIdInvalid
    fields: dict[str, Any] = {
        "peer": peer,
        "message": text["message"],
        "entities": text["entities"],
        "random_id": random_id,
        "reply_to": answer_to(reply_to or (topic if topic != GENERAL else None)),
        "reply_markup": await buttons.write(client) if buttons else None,
    }
    query: Query = (
        raw.functions.messages.SendMessage(**fields)
        if media is None
        else raw.functions.messages.SendMedia(media=media, **fields)
    )
    await client.pace.turn(chat_id)
    return await patiently(lambda: _post(client, query, topic), patience)


async def replace_media(
    client: PacedClient,
    chat_id: int,
    message_id: int,
    media: raw.base.InputMedia,
    caption: str,
    *,
    buttons: InlineKeyboardMarkup | None = None,
) -> None:
    """Show other media in a message that has some; nothing happens when the message is gone. A short flood
    wait is sat out.

    Raises ChatUnavailable, PartsMissing, SlowedDown, TelegramUnreachable, UploadError.
    """
    text = await client.parser.parse(caption)
    with translated():
        peer = await client.resolve_peer(chat_id)
        if peer is None:
            raise PeerIdInvalid
    query = raw.functions.messages.EditMessage(
        peer=peer,
        id=message_id,
        message=text["message"],
        entities=text["entities"],
        media=media,
        reply_markup=await buttons.write(client) if buttons else None,
    )
    await client.pace.turn(chat_id)
    await patiently(lambda: _replace(client, query), SHORT_WAIT)


async def _replace(client: PacedClient, query: raw.functions.messages.EditMessage) -> None:
    with translated():
        try:
            await ask(client, query)
        except (MessageNotModified, MessageIdInvalid):
            return


async def patiently(post: Callable[[], Awaitable[T]], patience: float) -> T:
    """What `post` returns, tried again where that makes sense; see post_media."""
    attempt = 1
    while True:
        try:
            return await post()
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


def number_of(key: str) -> int:
    """The same for the same post, for Telegram to recognise it."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)


async def find_posted(
    client: PacedClient, chat_id: int, after: int, is_it: Callable[[Message], bool]
) -> int | None:
    """The id of a message of this chat that came behind `after`; None when it is not there."""
    for first in range(after + 1, after + 1 + LOOK_AHEAD, BATCH):
        with translated():
            found = await client.get_messages(chat_id, list(range(first, first + BATCH)), replies=0)
        messages = [message for message in found if isinstance(message, Message)] if found else []
        for message in messages:
            if message.chat is not None and message.chat.id == chat_id and is_it(message):
                return message.id
        if all(message.empty for message in messages):
            return None
    return None


async def find_latest(client: PacedClient, chat_id: int, is_it: Callable[[Message], bool]) -> int | None:
    """The id of the newest of the last messages of a channel that is this one; None when it is not among
    them."""

    async def read(first: int) -> list[Message]:
        with translated():
            found = await client.get_messages(chat_id, list(range(first, first + BATCH)), replies=0)
        return [one for one in found if isinstance(one, Message) and not one.empty] if found else []

    for first in await last_batches(read):
        matching = [message.id for message in await read(first) if is_it(message)]
        if matching:
            return max(matching)
    return None


async def last_batches(read: Callable[[int], Awaitable[Sequence[object]]]) -> list[int]:
    """Where the last batches of a channel's messages begin, the newest first. Bots may read messages by their
    numbers only, so the last number is searched: `read` has what is there from a number on.

    A gap of deleted messages may hide what is behind it, if it is as long as all that is before it.
    """
    last, probe, misses = 1, 1 + BATCH, 0
    while misses < PATIENT_PROBES:
        if await read(probe):
            last, misses = probe, 0
        else:
            misses += 1
        probe *= 2
    beyond = 2 * last + BATCH
    while beyond - last > BATCH:
        middle = (last + beyond) // 2
        last, beyond = (middle, beyond) if await read(middle) else (last, middle)
    return list(range(last + BATCH, max(0, last - LOOK_AHEAD), -BATCH)) + [1] * (last <= LOOK_AHEAD)


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


def file_of(message: Message) -> Attached | None:
    """The file of a message, whatever it is in Telegram."""
    return message.video or message.audio or message.document or message.animation or message.photo


def answer_to(to: int | None) -> raw.types.InputReplyToMessage | None:
    """A topic is named by the message that has created it."""
    return raw.types.InputReplyToMessage(reply_to_msg_id=to) if to else None


async def _post(client: PacedClient, query: Query, topic: int | None) -> int | None:
    with translated():
        try:
            return id_of(await ask(client, query), query.random_id)
        except RandomIdDuplicate:
            return None
        except ReplyMessageIdInvalid as error:
            if topic is not None:
                raise TopicDeleted from error
            # The person has deleted the link meanwhile; the file is theirs all the same.
            query.reply_to = None
            return id_of(await ask(client, query), query.random_id)


async def ask(client: PacedClient, query: TLObject[T]) -> T:
    """The answer to a request that may take Telegram a while. Raises what `call` raises."""
    session = client.session
    if session is None:
        raise ConnectionError("the client is not connected")
    async with asyncio.timeout(SEND_SECONDS):
        await session.is_started.wait()
    with client.counting():
        return await call(session, query, seconds=SEND_SECONDS)


def id_of(updates: raw.base.Updates, random_id: int) -> int | None:
    """The id of what was posted. To a repetition Telegram may answer with what it knows of the first post
    (https://core.telegram.org/api/updates); None where that says nothing."""
    if isinstance(updates, raw.types.UpdateShortSentMessage):
        return updates.id
    if not isinstance(updates, raw.types.Updates):
        raise TypeError(f"Telegram answered a message with {type(updates).__name__}")
    ids = (
        update.id
        for update in updates.updates
        if isinstance(update, raw.types.UpdateMessageID) and update.random_id == random_id
    )
    return next(ids, None)
