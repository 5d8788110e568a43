"""Changes turned into updates, and who gets them."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from pyrogram.raw.types import (
    UpdateBotCallbackQuery,
    UpdateBotStopped,
    UpdateChannel,
    UpdateChannelParticipant,
    UpdateDeleteChannelMessages,
    UpdateDeleteMessages,
    UpdateEditChannelMessage,
    UpdateEditMessage,
    UpdateNewChannelMessage,
    UpdateNewMessage,
    UpdatePinnedChannelMessages,
    UpdatePinnedMessages,
    Updates,
    UpdateUserTyping,
)

from tests.dc.core import Core
from tests.dc.happenings import Event, Happening, Membership, Press, Stopped, Typing
from tests.dc.lens import Lens
from tests.dc.participants import participant
from tests.dc.requests import origin
from tests.dc.state import Account, Box, Change, Channel, Chat, Kind, Message, Private


def look(core: Core, viewer: Account) -> Lens:
    """A fresh lens for `viewer`."""
    return Lens(core.hashes, viewer, core.options.dc_id)


def updates_for(lens: Lens, happening: Happening) -> list[Any]:
    """What the viewer is told about `happening`; nothing when it is none of their business."""
    viewer = lens.viewer
    match happening:
        case Event():
            return _event(lens, happening)
        case Membership() if viewer is happening.account or (
            viewer.is_bot and happening.channel.member(viewer).is_admin
        ):
            return _membership(lens, happening)
        case Press() if viewer is happening.message.author:
            return [_press(lens, happening)]
        case Stopped() if viewer is happening.bot:
            lens.mention(happening.person)
            stopped = happening.stopped
            return [
                UpdateBotStopped(user_id=happening.person.id, date=int(time.time()), stopped=stopped, qts=0)
            ]
        case Typing(chat=Private() as chat) if not viewer.is_bot and viewer is chat.other(happening.account):
            lens.mention(happening.account)
            return [UpdateUserTyping(user_id=happening.account.id, action=happening.action)]
    return []


def container(lens: Lens, updates: list[Any]) -> Updates:
    """Updates with everybody they mention."""
    return Updates(updates=updates, users=lens.people(), chats=lens.places(), date=int(time.time()), seq=0)


def change_update(lens: Lens, box: Box, change: Change, message: Message | None) -> Any:
    """One change of one box; NEW and EDIT need their message."""
    chat = change.chat
    marks: dict[str, Any] = {"pts": change.pts, "pts_count": change.count}
    in_channel = isinstance(chat, Channel)
    if isinstance(chat, Channel):
        lens.mention(chat)
    match change.kind:
        case Kind.NEW | Kind.EDIT:
            assert message is not None
            kinds = {
                (Kind.NEW, False): UpdateNewMessage,
                (Kind.NEW, True): UpdateNewChannelMessage,
                (Kind.EDIT, False): UpdateEditMessage,
                (Kind.EDIT, True): UpdateEditChannelMessage,
            }
            return kinds[change.kind, in_channel](message=lens.message(message, box), **marks)
        case Kind.DELETE:
            if isinstance(chat, Channel):
                return UpdateDeleteChannelMessages(channel_id=chat.id, messages=list(change.ids), **marks)
            return UpdateDeleteMessages(messages=list(change.ids), **marks)
    pinned = change.kind is Kind.PIN or None
    if isinstance(chat, Channel):
        return UpdatePinnedChannelMessages(
            channel_id=chat.id, messages=list(change.ids), pinned=pinned, **marks
        )
    return UpdatePinnedMessages(peer=lens.peer(chat), messages=list(change.ids), pinned=pinned, **marks)


class Publisher:
    """Pushes what happens to every session that listens."""

    def __init__(self, core: Core, transmit: Callable[..., None]) -> None:
        self._core = core
        self._transmit = transmit

    def __call__(self, happening: Happening) -> None:
        for key in tuple(self._core.keys.values()):
            sessions = [one for one in key.sessions.values() if one.listens and one is not origin.get()]
            if not sessions or key.account is None:
                continue
            lens = look(self._core, key.account)
            updates = updates_for(lens, happening)
            if updates:
                body = container(lens, updates).write()
                for session in sessions:
                    self._transmit(session, session.push(body))


def _event(lens: Lens, event: Event) -> list[Any]:
    box = event.chat.box if isinstance(event.chat, Channel) else lens.viewer.box
    if box not in event.changes or not _concerns(lens.viewer, event.chat, event.messages):
        return []
    message = event.messages[0]
    return [change_update(lens, box, event.changes[box], message)]


def _concerns(viewer: Account, chat: Chat, messages: Iterable[Message]) -> bool:
    """Whether messages reach `viewer`. In groups a bot without rights sees commands, mentions and replies."""
    if isinstance(chat, Private):
        return viewer in chat.pair
    member = chat.member(viewer)
    if not viewer.is_bot or member.is_admin:
        return member.is_inside
    return member.is_inside and not chat.broadcast and any(_addresses(viewer, one) for one in messages)


def _addresses(bot: Account, message: Message) -> bool:
    text = message.body.text
    replied = message.reply_to is not None and message.reply_to.author is bot
    return text.startswith("/") or f"@{bot.username}" in text or replied or message.author is bot


def _membership(lens: Lens, change: Membership) -> list[Any]:
    channel = change.channel
    for one in (change.account, change.actor, channel):
        lens.mention(one)
    if not lens.viewer.is_bot:
        return [UpdateChannel(channel_id=channel.id)]
    update = UpdateChannelParticipant(
        channel_id=channel.id,
        date=int(time.time()),
        actor_id=change.actor.id,
        user_id=change.account.id,
        qts=0,
        prev_participant=participant(channel, change.account, change.before, lens.viewer),
        new_participant=participant(channel, change.account, change.after, lens.viewer),
    )
    return [update]


def _press(lens: Lens, press: Press) -> UpdateBotCallbackQuery:
    lens.mention(press.person)
    chat = press.message.chat
    box = chat.box if isinstance(chat, Channel) else lens.viewer.box
    return UpdateBotCallbackQuery(
        query_id=press.query_id,
        user_id=press.person.id,
        peer=lens.peer(chat),
        msg_id=press.message.ids[box],
        chat_instance=1,
        data=press.data,
    )
