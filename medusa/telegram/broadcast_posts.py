"""A message to everybody, on Telegram: its preview, its copies by reference, and how far it is."""

from collections.abc import Iterator, Sequence
from copy import copy

from loguru import logger
from pyrogram import raw
from pyrogram.enums import MessageEntityType, ParseMode
from pyrogram.errors import (
    InputUserDeactivated,
    MessageIdInvalid,
    PeerIdInvalid,
    RandomIdDuplicate,
    UserDeleted,
    UserIsBlocked,
    UserIsBot,
)
from pyrogram.types import Message, MessageEntity

from medusa.broadcast import Broadcast, Outcome, Way
from medusa.errors import (
    AccountLost,
    ChatUnavailable,
    MedusaError,
    MessageGone,
    SlowedDown,
    TelegramUnreachable,
    UploadError,
    WrongArgument,
)
from medusa.telegram.board import StatusBoard
from medusa.telegram.errors import translated
from medusa.telegram.incoming import chat
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import ask, number_of, post_media
from medusa.text import utf16_length
from medusa.views import broadcast as views

GONE = (UserIsBlocked, InputUserDeactivated, PeerIdInvalid, UserDeleted, UserIsBot)
"""Errors that say that somebody cannot be written to, now or later."""


class BroadcastPosts:
    """jobs/broadcaster.py's BroadcastPosts."""

    def __init__(self, client: PacedClient, board: StatusBoard) -> None:
        self._client = client
        self._board = board

    async def send(self, broadcast: Broadcast, person_id: int) -> Outcome:
        """Write to one of them, once however often it is tried. Raises MessageGone when there is nothing to
        be sent any more, SlowedDown, TelegramUnreachable, AccountLost."""
        try:
            return await self._send(broadcast, person_id)
        except (MessageGone, SlowedDown, TelegramUnreachable, AccountLost):
            raise
        except MedusaError as error:
            logger.info("{} does not get a broadcast: {} {}", person_id, error, error.detail)
            return Outcome.FAILED

    async def _send(self, broadcast: Broadcast, person_id: int) -> Outcome:
        with translated():
            try:
                to = await self._client.resolve_peer(person_id)
                source = await self._client.resolve_peer(broadcast.chat_id)
                if to is None or source is None:
                    raise PeerIdInvalid
                await self._client.pace.turn(person_id, yields=True)
                await ask(self._client, _forwarding(broadcast, source, to, person_id))
            except RandomIdDuplicate:
                logger.debug("{} has the broadcast {} already", person_id, broadcast.id)
            except GONE as error:
                logger.debug("{} cannot be written to: {}", person_id, error)
                return Outcome.BLOCKED
            except MessageIdInvalid as error:
                raise MessageGone(
                    "The message that was to be sent was deleted.", detail=str(error)
                ) from error
        return Outcome.SENT

    async def is_answered(self) -> bool:
        """Whether Telegram answers at all."""
        try:
            with translated():
                await ask(self._client, raw.functions.Ping(ping_id=1))
        except MedusaError as error:
            logger.info("Telegram does not answer: {} {}", error, error.detail)
            return False
        return True

    def show(self, broadcast: Broadcast, seconds_left: float, held: float) -> None:
        """Show how far it is."""
        if broadcast.status_message_id is not None:
            view = views.under_way(broadcast, seconds_left, held)
            self._board.show(broadcast.chat_id, broadcast.status_message_id, view)

    async def tell(self, broadcast: Broadcast) -> None:
        """Show how it ended, and tell its sender, once."""
        view = views.summary(broadcast)
        if broadcast.status_message_id is not None:
            self._board.show(broadcast.chat_id, broadcast.status_message_id, view, final=True)
        await post_media(
            self._client,
            broadcast.chat_id,
            None,
            view.text,
            key=f"broadcast:{broadcast.id}",
            reply_to=broadcast.message_id,
        )


async def preview(client: PacedClient, message: Message, way: Way) -> int:
    """Show somebody their message as people will get it; the id of what is shown.

    Raises WrongArgument where Telegram does not let it be sent on, SlowedDown, TelegramUnreachable.
    """
    await client.pace.turn(chat(message))
    try:
        with translated():
            shown = await client.forward_messages(
                chat(message), chat(message), message.id, hide_sender_name=way is Way.COPY
            )
    except TelegramUnreachable:
        raise
    except (ChatUnavailable, UploadError) as error:
        raise WrongArgument(views.cannot_be_sent(), detail=error.detail) from error
    posts = shown if isinstance(shown, list) else [shown]
    if not posts or posts[0] is None:
        raise WrongArgument(views.cannot_be_sent())
    return posts[0].id


async def preview_rest(client: PacedClient, message: Message) -> int:
    """The same with what stands behind the command of a message, and with its file if it has one."""
    text, entities = behind_command(message)
    await client.pace.turn(chat(message))
    with translated():
        if message.media is None or message.web_page is not None:
            shown = await client.send_message(
                chat(message), text, entities=entities, parse_mode=ParseMode.DISABLED
            )
        else:
            shown = await _copied(message, text, entities)
    if shown is None:
        raise WrongArgument(views.cannot_be_sent())
    return shown.id


async def _copied(message: Message, caption: str, marks: list[MessageEntity]) -> Message | None:
    """Raises WrongArgument for what Pyrogram does not know how to copy."""
    try:
        copied = await message.copy(
            chat(message), caption=caption, caption_entities=marks, parse_mode=ParseMode.DISABLED
        )
    except ValueError as error:
        raise WrongArgument(views.cannot_be_sent(), detail=str(error)) from error
    return copied if isinstance(copied, Message) else None


def behind_command(message: Message) -> tuple[str, list[MessageEntity]]:
    """What stands behind the command of a message, with its marks. Empty where nothing does."""
    text = str(message.text or message.caption or "")
    _, *rest = text.split(maxsplit=1)
    if not rest:
        return "", []
    start = utf16_length(text[: len(text) - len(rest[0])])
    marks = message.entities or message.caption_entities or []
    # Without the space that would be cut off when it is sent.
    words = rest[0].rstrip()
    return words, list(_shifted(marks, start, start + utf16_length(words)))


def _shifted(entities: Sequence[MessageEntity], start: int, stop: int) -> Iterator[MessageEntity]:
    """These marks in the text between these places; offsets and lengths are UTF-16 units."""
    for one in entities:
        if one.type is MessageEntityType.TEXT_MENTION and one.user is None:
            continue  # of somebody whom Telegram does not tell
        first, end = max(one.offset, start), min(one.offset + one.length, stop)
        if end > first:
            moved = copy(one)
            moved.offset, moved.length = first - start, end - first
            yield moved


def _forwarding(
    broadcast: Broadcast, source: raw.base.InputPeer, to: raw.base.InputPeer, person_id: int
) -> raw.functions.messages.ForwardMessages:
    """By reference. Telegram refuses the same number a second time."""
    return raw.functions.messages.ForwardMessages(
        from_peer=source,
        id=[broadcast.message_id],
        random_id=[number_of(f"broadcast:{broadcast.id}:{person_id}")],
        to_peer=to,
        drop_author=broadcast.way is Way.COPY,
    )
