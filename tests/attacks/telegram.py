"""Telegram as the bot hears it, without a network: each request is looked at, and answered at once.

It refuses what the real service refuses (somebody who has blocked the bot, a message that is gone, a button
that was pressed too long ago), so that the ways through an error are gone through as well.
"""

import asyncio
import time
from collections.abc import Callable
from io import BytesIO
from itertools import count
from random import Random
from types import SimpleNamespace
from typing import Any, TypeVar

from pyrogram import raw
from pyrogram.errors import (
    ChannelPrivate,
    ChatAdminRequired,
    ChatForwardsRestricted,
    ChatWriteForbidden,
    FloodWait,
    InternalServerError,
    MessageIdInvalid,
    MessageNotModified,
    PeerIdInvalid,
    QueryIdInvalid,
    RPCError,
    SlowmodeWait,
    UserIsBlocked,
    UsernameNotOccupied,
    UserNotParticipant,
)
from pyrogram.raw.core import TLObject

from medusa.telegram.transport import GuardedTransport
from tests.attacks import cast

T = TypeVar("T")
PICTURE = b"\xff\xd8\xff\xe0" + b"0" * 200
Sees = Callable[[Any], None]


def over_the_wire(answer: T) -> T:
    """As it arrives: written and read, so that what is not there is what Pyrogram reads for it."""
    if not isinstance(answer, TLObject):
        return answer
    read: T = TLObject.read(BytesIO(answer.write()))
    return read


class Line:
    """A session: what Pyrogram sends over it is answered by a FakeTelegram."""

    def __init__(self, telegram: "FakeTelegram") -> None:
        self._telegram = telegram
        self.is_started = asyncio.Event()
        self.is_started.set()
        transport: Any = GuardedTransport.__new__(GuardedTransport)
        transport.lost = asyncio.Event()
        self.connection = SimpleNamespace(protocol=transport)

    async def invoke(self, query: Any, **_: object) -> Any:
        """The answer."""
        return self._telegram.answer(query)

    async def send(self, query: Any, **_: object) -> Any:
        """The same."""
        return self._telegram.answer(query)


class FakeTelegram:
    """Answers requests. Whoever wants to look at them is given to `sees`."""

    def __init__(self, sees: Sees) -> None:
        self._sees = sees
        self._numbers = count(900_000)
        self.files: dict[int, bytes] = {}
        """What a file holds, by its id."""
        self.chance = Random(0)
        """Decides what is refused."""
        self.reader = cast.USER
        """Whose private chat it is when messages are read by their numbers alone."""
        self._answers: dict[str, Callable[[Any], Any]] = {
            name.removeprefix("_on_"): getattr(self, name) for name in dir(self) if name.startswith("_on_")
        }

    def begin(self, chance: Random) -> None:
        """Forget everything; `chance` decides what is refused from now on."""
        self.chance, self._numbers = chance, count(900_000)
        self.files.clear()

    def answer(self, query: Any) -> Any:
        """The answer to a request. Raises RPCError."""
        self._sees(query)
        answer = self._answers.get(type(query).__name__)
        if answer is None:
            raise NotImplementedError(f"nobody answers {type(query).__name__}")
        return over_the_wire(answer(query))

    # --- messages ---------------------------------------------------------------------------------

    def _on_SendMessage(self, query: Any) -> Any:
        self._refuse(FloodWait(9), ChatWriteForbidden, InternalServerError, PeerIdInvalid, SlowmodeWait(5))
        return self._posted(query, query.peer, query.random_id, text=query.message)

    def _on_SendMedia(self, query: Any) -> Any:
        return self._posted(query, query.peer, query.random_id, text=query.message)

    def _on_ForwardMessages(self, query: Any) -> Any:
        self._refuse(MessageIdInvalid, ChatForwardsRestricted)
        return self._posted(query, query.to_peer, query.random_id[0], text="forwarded")

    def _on_EditMessage(self, query: Any) -> Any:
        self._refuse(MessageIdInvalid, MessageNotModified, FloodWait(9), ChatAdminRequired)
        made = self._message(query.peer, query.id, query.message or "")
        return self._updates(made, [raw.types.UpdateEditMessage(message=made, pts=1, pts_count=1)])

    def _on_DeleteMessages(self, _: Any) -> Any:
        return raw.types.messages.AffectedMessages(pts=1, pts_count=1)

    def _on_GetMessages(self, query: Any) -> Any:
        numbers = [getattr(one, "id", one) for one in query.id]
        place = getattr(query, "channel", None)
        return raw.types.messages.Messages(
            messages=[
                raw.types.MessageEmpty(id=number)
                if number % (7 if len(numbers) == 1 else 3) == 1
                else self._message(
                    place or raw.types.InputPeerUser(user_id=self.reader, access_hash=0), number, "old"
                )
                for number in numbers
            ],
            topics=[],
            users=[cast.user(self.reader), cast.user(cast.BOT)],
            chats=[cast.channel(place.channel_id)] if place is not None else [],
        )

    def _on_SetBotCallbackAnswer(self, query: Any) -> bool:
        self._refuse(QueryIdInvalid)
        return True

    # --- people and places ------------------------------------------------------------------------

    def _on_GetUsers(self, query: Any) -> Any:
        known = [one.user_id for one in query.id if getattr(one, "user_id", 0) in cast.PEOPLE]
        return [cast.user(person) for person in known]

    def _on_GetChats(self, query: Any) -> Any:
        return raw.types.messages.Chats(chats=[cast.small_group()] if cast.SMALL_GROUP in query.id else [])

    def _on_GetChannels(self, query: Any) -> Any:
        known = [one.channel_id for one in query.id if one.channel_id in cast.PLACES]
        if not known:
            raise ChannelPrivate
        return raw.types.messages.Chats(chats=[cast.channel(number) for number in known])

    def _on_ResolveUsername(self, query: Any) -> Any:
        if len(query.username) % 3 == 0:
            raise UsernameNotOccupied
        found: Any = raw.types.PeerUser(user_id=cast.STRANGER)
        if len(query.username) % 3 == 1:
            found = raw.types.PeerChannel(channel_id=cast.OWN)
        return raw.types.contacts.ResolvedPeer(peer=found, users=cast.everybody(), chats=cast.everywhere())

    def _on_GetFullChannel(self, query: Any) -> Any:
        if query.channel.channel_id not in cast.PLACES:
            raise ChannelPrivate
        full = raw.types.ChannelFull(
            id=query.channel.channel_id,
            about="",
            read_inbox_max_id=0,
            read_outbox_max_id=0,
            unread_count=0,
            chat_photo=raw.types.PhotoEmpty(id=0),
            notify_settings=raw.types.PeerNotifySettings(),
            bot_info=[],
            pts=1,
        )
        return raw.types.messages.ChatFull(full_chat=full, chats=cast.everywhere(), users=cast.everybody())

    def _on_GetFullUser(self, query: Any) -> Any:
        full = raw.types.UserFull(
            id=getattr(query.id, "user_id", cast.BOT),
            settings=raw.types.PeerSettings(),
            notify_settings=raw.types.PeerNotifySettings(),
            common_chats_count=0,
        )
        return raw.types.users.UserFull(full_user=full, chats=[], users=cast.everybody())

    def _on_GetFullChat(self, query: Any) -> Any:
        raise PeerIdInvalid

    def _on_GetParticipant(self, query: Any) -> Any:
        person = getattr(query.participant, "user_id", cast.BOT)
        if person not in (cast.BOT, cast.USER, cast.OWNER, cast.ADMIN):
            raise UserNotParticipant
        member = raw.types.ChannelParticipantAdmin(
            user_id=person,
            promoted_by=cast.OWNER,
            date=1,
            admin_rights=raw.types.ChatAdminRights(post_messages=True, edit_messages=True),
        )
        return raw.types.channels.ChannelParticipant(
            participant=member, chats=cast.everywhere(), users=cast.everybody()
        )

    # --- files, and signs of life -----------------------------------------------------------------

    def _on_GetFile(self, query: Any) -> Any:
        data = self.files.get(query.location.id, PICTURE)
        return raw.types.upload.File(
            type=raw.types.storage.FileUnknown(),
            mtime=1,
            bytes=data[query.offset : query.offset + query.limit],
        )

    def _on_Ping(self, query: Any) -> Any:
        return raw.types.Pong(msg_id=1, ping_id=query.ping_id)

    def _refuse(self, *errors: RPCError | type[RPCError]) -> None:
        """Now and then."""
        if self.chance.random() < 0.02:
            raise self.chance.choice(errors)

    # --- how answers are made ---------------------------------------------------------------------

    def _posted(self, query: Any, peer: Any, random_id: int, *, text: str) -> Any:
        if getattr(peer, "user_id", None) == cast.DEAF:
            raise UserIsBlocked
        number = next(self._numbers)
        made = self._message(peer, number, text, media=getattr(query, "media", None))
        return self._updates(
            made,
            [
                raw.types.UpdateMessageID(id=number, random_id=random_id),
                raw.types.UpdateNewMessage(message=made, pts=1, pts_count=1),
            ],
        )

    @staticmethod
    def _message(peer: Any, number: int, text: str, *, media: Any = None) -> raw.types.Message:
        return raw.types.Message(
            id=number,
            peer_id=cast.peer_of(peer),
            from_id=raw.types.PeerUser(user_id=cast.BOT),
            out=True,
            date=int(time.time()),
            message=text,
            media=raw.types.MessageMediaEmpty() if media is not None else None,
        )

    @staticmethod
    def _updates(made: raw.types.Message, updates: list[Any]) -> raw.types.Updates:
        return raw.types.Updates(
            updates=updates,
            users=[cast.user(cast.BOT), *cast.people_in(made.peer_id)],
            chats=cast.places_in(made.peer_id),
            date=int(time.time()),
            seq=0,
        )
