"""What is done to messages once they exist: delete, pin, react, press, and the little signs of life."""

from typing import Any

from pyrogram.raw.functions.channels import DeleteMessages as DeleteChannelMessages
from pyrogram.raw.functions.channels import ReadHistory as ReadChannelHistory
from pyrogram.raw.functions.messages import (
    DeleteMessages,
    GetBotCallbackAnswer,
    ReadHistory,
    SendReaction,
    SetBotCallbackAnswer,
    SetTyping,
    UpdatePinnedMessage,
)
from pyrogram.raw.types import ReactionEmoji, Updates
from pyrogram.raw.types.messages import AffectedMessages, BotCallbackAnswer

from tests.dc.access import check_right, find_chat, find_message, visible_channel
from tests.dc.callbacks import Answer
from tests.dc.dispatch import Call, handles
from tests.dc.errors import Breach, Refusal
from tests.dc.happenings import Typing
from tests.dc.state import Body, Channel, Message
from tests.dc.updates import container, look, updates_for

_ANSWER_LIMIT = 200


@handles(DeleteMessages)
def delete_messages(call: Call, query: DeleteMessages) -> AffectedMessages:
    """From private chats. Numbers that mean nothing are passed over."""
    box = call.account.box
    found = [box.messages[number] for number in query.id if number in box.messages]
    count = 0
    for chat in dict.fromkeys(message.chat for message in found):
        messages = [message for message in found if message.chat is chat]
        call.core.world.delete(messages, call.account, boxes=None if query.revoke else [box])
        count += len(messages)
    return AffectedMessages(pts=box.pts, pts_count=count)


@handles(DeleteChannelMessages)
def delete_channel_messages(call: Call, query: DeleteChannelMessages) -> AffectedMessages:
    """From a channel: one's own posts, or any with the right to."""
    channel = visible_channel(call, query.channel)
    found = [channel.box.messages[number] for number in query.id if number in channel.box.messages]
    may = channel.member(call.account).rights.delete_messages
    if any(not may and message.author is not call.account for message in found):
        raise Refusal(403, "MESSAGE_DELETE_FORBIDDEN")
    if found:
        call.core.world.delete(found, call.account)
    return AffectedMessages(pts=channel.box.pts, pts_count=len(found))


@handles(UpdatePinnedMessage)
def update_pinned_message(call: Call, query: UpdatePinnedMessage) -> Updates:
    """Pin or unpin; pinning leaves a service message."""
    chat = find_chat(call, query.peer)
    message = find_message(call, chat, query.id)
    if isinstance(chat, Channel):
        check_right(call, chat, "edit_messages" if chat.broadcast else "pin_messages")
    if message.pinned is not bool(query.unpin):
        raise Refusal(400, "CHAT_NOT_MODIFIED")
    world = call.core.world
    happened = [world.pin(message, call.account, pinned=not query.unpin)]
    if not query.unpin:
        happened.append(world.send(call.account, chat, Body(), reply_to=message, service="pin"))
    lens = look(call.core, call.account)
    return container(lens, [update for event in happened for update in updates_for(lens, event)])


@handles(SendReaction)
def send_reaction(call: Call, query: SendReaction) -> Updates:
    """Emoji under a message."""
    message = find_message(call, find_chat(call, query.peer), query.msg_id)
    emoji = tuple(one.emoticon for one in query.reaction or () if isinstance(one, ReactionEmoji))
    call.core.world.react(message, call.account, emoji)
    return container(look(call.core, call.account), [])


@handles(SetTyping)
def set_typing(call: Call, query: SetTyping) -> bool:
    """ "typing…", "sending a video…"."""
    call.core.world.announce(Typing(find_chat(call, query.peer), call.account, query.action))
    return True


@handles(ReadHistory)
def read_history(call: Call, query: ReadHistory) -> AffectedMessages:
    """Nobody looks at what is read."""
    find_chat(call, query.peer)
    return AffectedMessages(pts=call.account.box.pts, pts_count=0)


@handles(ReadChannelHistory)
def read_channel_history(call: Call, query: ReadChannelHistory) -> bool:
    """The same for channels."""
    visible_channel(call, query.channel)
    return True


@handles(SetBotCallbackAnswer)
def set_bot_callback_answer(call: Call, query: SetBotCallbackAnswer) -> bool:
    """A bot answers a pressed button."""
    if len(query.message or "") > _ANSWER_LIMIT:
        raise Breach("answer_length", 400, "MESSAGE_TOO_LONG", f"{len(query.message or '')} characters")
    call.core.callbacks.answer(
        call.account, query.query_id, Answer(query.message, bool(query.alert), query.url)
    )
    return True


@handles(GetBotCallbackAnswer)
async def get_bot_callback_answer(call: Call, query: GetBotCallbackAnswer) -> BotCallbackAnswer:
    """A person's client presses a button."""
    call.refuse_bots()
    message: Message = find_message(call, find_chat(call, query.peer), query.msg_id)
    data: Any = query.data or b""
    answer = await call.core.callbacks.press(call.account, message, data, call.core.options.press_timeout)
    return BotCallbackAnswer(
        cache_time=0,
        alert=answer.alert or None,
        message=answer.text,
        url=answer.url,
        has_url=answer.url is not None or None,
        native_ui=True,
    )
