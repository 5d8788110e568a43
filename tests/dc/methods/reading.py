"""messages.getMessages, channels.getMessages and history."""

from collections.abc import Sequence
from typing import Any

from pyrogram.raw.functions.channels import GetMessages as GetChannelMessages
from pyrogram.raw.functions.messages import GetHistory, GetMessages
from pyrogram.raw.types import (
    InputMessageID,
    InputMessagePinned,
    InputMessageReplyTo,
    MessageEmpty,
)
from pyrogram.raw.types.messages import ChannelMessages, Messages, MessagesSlice

from tests.dc.access import box_of, find_chat, visible_channel
from tests.dc.dispatch import Call, handles
from tests.dc.state import Box, Channel, Message
from tests.dc.updates import look


@handles(GetMessages)
def get_messages(call: Call, query: GetMessages) -> Messages:
    """By number, from private chats; a number that means nothing becomes messageEmpty."""
    lens = look(call.core, call.account)
    box = call.account.box
    found = [
        lens.message(message, box) if message else MessageEmpty(id=number)
        for number, message in _pick(box, query.id)
    ]
    return Messages(messages=found, topics=[], chats=lens.places(), users=lens.people())


@handles(GetChannelMessages)
def get_channel_messages(call: Call, query: GetChannelMessages) -> ChannelMessages:
    """By number, from one channel."""
    channel = visible_channel(call, query.channel)
    lens = look(call.core, call.account)
    box = channel.box
    lens.mention(channel)
    found = [
        lens.message(message, box) if message else MessageEmpty(id=number, peer_id=lens.peer(channel))
        for number, message in _pick(box, query.id)
    ]
    return ChannelMessages(
        pts=box.pts, count=len(found), messages=found, topics=[], chats=lens.places(), users=lens.people()
    )


@handles(GetHistory)
def get_history(call: Call, query: GetHistory) -> Messages | MessagesSlice | ChannelMessages:
    """The newest messages before an offset; people only."""
    call.refuse_bots()
    chat = find_chat(call, query.peer)
    box = box_of(call, chat)
    numbers = sorted((one.ids[box] for one in chat.messages if box in one.ids), reverse=True)
    page = [number for number in numbers if not query.offset_id or number < query.offset_id][: query.limit]
    lens = look(call.core, call.account)
    messages = [lens.message(box.messages[number], box) for number in page]
    common: dict[str, Any] = {
        "messages": messages,
        "topics": [],
        "chats": lens.places(),
        "users": lens.people(),
    }
    if isinstance(chat, Channel):
        return ChannelMessages(pts=box.pts, count=len(numbers), **common)
    return MessagesSlice(count=len(numbers), **common)


def _pick(box: Box, wanted: Sequence[Any]) -> list[tuple[int, Message | None]]:
    """Number and message for every inputMessage."""
    picked: list[tuple[int, Message | None]] = []
    for one in wanted:
        match one:
            case InputMessageID():
                picked.append((one.id, box.messages.get(one.id)))
            case InputMessageReplyTo():
                message = box.messages.get(one.id)
                target = message.reply_to if message else None
                picked.append(
                    (target.ids.get(box, 0), target if box in target.ids else None) if target else (0, None)
                )
            case InputMessagePinned():
                picked += [(number, message) for number, message in box.messages.items() if message.pinned][
                    -1:
                ]
    return picked
