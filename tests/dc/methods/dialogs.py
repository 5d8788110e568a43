"""messages.getDialogs: how a person's client learns whom it may address."""

from typing import Any

from pyrogram.raw import base
from pyrogram.raw.functions.messages import GetDialogs
from pyrogram.raw.types import Dialog, PeerNotifySettings
from pyrogram.raw.types.messages import Dialogs

from tests.dc.access import box_of
from tests.dc.dispatch import Call, handles
from tests.dc.state import Channel, Chat
from tests.dc.updates import look


@handles(GetDialogs)
def get_dialogs(call: Call, query: GetDialogs) -> Dialogs:
    """All chats at once, whatever page is asked for; people only."""
    call.refuse_bots()
    world = call.core.world
    chats: list[Chat] = [*world.private_chats(call.account)]
    chats += [channel for channel in world.channels.values() if channel.member(call.account).is_inside]
    lens = look(call.core, call.account)
    dialogs: list[base.Dialog] = []
    messages: list[base.Message] = []
    for chat in chats:
        box = box_of(call, chat)
        numbers = [message.ids[box] for message in chat.messages if box in message.ids]
        counts: dict[str, Any] = dict.fromkeys(
            (
                "read_inbox_max_id",
                "read_outbox_max_id",
                "unread_count",
                "unread_mentions_count",
                "unread_reactions_count",
                "unread_poll_votes_count",
            ),
            0,
        )
        pts = box.pts if isinstance(chat, Channel) else None
        top = max(numbers, default=0)
        settings = PeerNotifySettings()
        dialogs.append(
            Dialog(peer=lens.peer(chat), top_message=top, notify_settings=settings, pts=pts, **counts)
        )
        messages += [lens.message(box.messages[top], box)] if numbers else []
    return Dialogs(dialogs=dialogs, messages=messages, chats=lens.places(), users=lens.people())
