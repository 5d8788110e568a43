"""From the addresses in requests to accounts and chats, and whether somebody may write there."""

import time
from typing import Any

from pyrogram.raw.types import (
    InputChannel,
    InputPeerChannel,
    InputPeerSelf,
    InputPeerUser,
    InputReplyToMessage,
    InputUser,
    InputUserSelf,
)

from tests.dc.dispatch import Call
from tests.dc.errors import Breach, Refusal
from tests.dc.members import Status
from tests.dc.state import Account, Box, Channel, Chat, Message, Private


def find_account(call: Call, peer: Any) -> Account:
    """The account that an inputUser or inputPeer means. Raises Refusal, Breach for a made-up access hash."""
    if isinstance(peer, InputUserSelf | InputPeerSelf):
        return call.account
    if not isinstance(peer, InputUser | InputPeerUser):
        raise Refusal(400, "PEER_ID_INVALID")
    account = call.core.world.accounts.get(peer.user_id)
    known = account is not None and (account in call.account.met or account is call.account)
    _check_hash(call, "user", peer.user_id, peer.access_hash, known, "PEER_ID_INVALID")
    if account is None:
        raise Refusal(400, "PEER_ID_INVALID")
    return account


def find_channel(call: Call, peer: Any) -> Channel:
    """The channel that an inputChannel or inputPeer means, if the caller may look into it."""
    if not isinstance(peer, InputChannel | InputPeerChannel):
        raise Refusal(400, "CHANNEL_INVALID")
    channel = call.core.world.channels.get(peer.channel_id)
    known = channel is not None and call.account in channel.members
    _check_hash(call, "channel", peer.channel_id, peer.access_hash, known, "CHANNEL_INVALID")
    if channel is None:
        raise Refusal(400, "CHANNEL_INVALID")
    return channel


def visible_channel(call: Call, peer: Any) -> Channel:
    """The same, and CHANNEL_PRIVATE for those outside of a private channel."""
    channel = find_channel(call, peer)
    member = channel.member(call.account)
    if member.status is Status.KICKED or not (member.is_inside or channel.username):
        raise Refusal(400, "CHANNEL_PRIVATE")
    return channel


def find_chat(call: Call, peer: Any) -> Chat:
    """The chat that an inputPeer means."""
    if isinstance(peer, InputPeerChannel | InputChannel):
        return visible_channel(call, peer)
    return call.core.world.private(call.account, find_account(call, peer))


def box_of(call: Call, chat: Chat) -> Box:
    """Where the caller's messages of `chat` are numbered."""
    return chat.box if isinstance(chat, Channel) else call.account.box


def find_message(call: Call, chat: Chat, message_id: int) -> Message:
    """A message by the number the caller knows it by. Raises Refusal MESSAGE_ID_INVALID."""
    message = box_of(call, chat).messages.get(message_id)
    if message is None or message.chat is not chat:
        raise Refusal(400, "MESSAGE_ID_INVALID")
    return message


def find_reply(call: Call, chat: Chat, reply: Any) -> Message | None:
    """The message that an inputReplyTo means; one that is gone is ignored, as the real service does."""
    message = _meant(call, chat, reply)
    return message if message is not None and message.topic_title is None else None


def find_topic(call: Call, chat: Chat, reply: Any) -> Message | None:
    """The topic in which a message with this inputReplyTo comes: it answers the message that created the
    topic, or one of the topic's (https://core.telegram.org/api/forum). None: no topic, or the general one.

    Raises Refusal for a topic that is gone or closed.
    """
    message = _meant(call, chat, reply)
    if not isinstance(chat, Channel) or not chat.forum or not isinstance(reply, InputReplyToMessage):
        return None
    if message is None:
        raise Refusal(400, "TOPIC_DELETED")
    topic = message if message.topic_title is not None else message.topic
    if topic in chat.closed and not chat.member(call.account).is_admin:
        raise Refusal(400, "TOPIC_CLOSED")
    return topic


def _meant(call: Call, chat: Chat, reply: Any) -> Message | None:
    if not isinstance(reply, InputReplyToMessage):
        return None
    message = box_of(call, chat).messages.get(reply.reply_to_msg_id)
    return message if message is not None and message.chat is chat else None


def check_write(call: Call, chat: Chat) -> None:
    """Raise Refusal when the caller may not write in `chat`."""
    if isinstance(chat, Private):
        _check_private(call.account, chat.other(call.account))
    else:
        _check_channel(call.account, chat)


def check_pace(call: Call, chat: Chat, count: int = 1) -> None:
    """Raise Refusal FLOOD_WAIT_x when the caller writes too fast; edits count like messages."""
    key = chat.id if isinstance(chat, Channel) else -chat.other(call.account).id
    wait = call.core.limiter.wait(
        call.account.id, key, group=isinstance(chat, Channel), now=time.monotonic(), count=count
    )
    if wait:
        raise Refusal(420, f"FLOOD_WAIT_{wait}")


def check_right(call: Call, channel: Channel, right: str) -> None:
    """Raise Refusal unless the caller is an administrator with `right`."""
    member = channel.member(call.account)
    if not member.is_admin or not getattr(member.rights, right):
        raise Refusal(400, "CHAT_ADMIN_REQUIRED")


def _check_private(author: Account, other: Account) -> None:
    if author in other.blocked:
        raise Refusal(400, "USER_IS_BLOCKED")
    if author.is_bot and (other.is_bot or author not in other.started):
        raise Refusal(400, "PEER_ID_INVALID")


def _check_channel(author: Account, channel: Channel) -> None:
    member = channel.member(author)
    if not member.is_inside:
        raise Refusal(400, "CHANNEL_PRIVATE")
    if channel.broadcast and not member.is_admin:
        raise Refusal(400, "CHAT_ADMIN_REQUIRED")
    if channel.broadcast and not member.rights.post_messages:
        raise Refusal(403, "CHAT_WRITE_FORBIDDEN")


def _check_hash(call: Call, kind: str, target: int, access_hash: int, known: bool, text: str) -> None:
    """Bots may leave the hash out for whom they know; anything else than the right one was made up."""
    if access_hash == 0 and call.account.is_bot and known:
        return
    if access_hash == 0:
        raise Refusal(400, text)
    if access_hash != call.core.hashes.access(call.account.id, kind, target):
        raise Breach("access_hash", 400, text, f"{kind} {target} with the access hash of somebody else")
