"""How one account sees the world: state turned into schema objects, with that account's access hashes."""

from dataclasses import dataclass, field
from typing import Any

from pyrogram.raw import base
from pyrogram.raw.types import Channel as RawChannel
from pyrogram.raw.types import (
    ChannelForbidden,
    ChatAdminRights,
    ChatBannedRights,
    ChatPhotoEmpty,
    Document,
    MessageActionPinMessage,
    MessageActionTopicCreate,
    MessageFwdHeader,
    MessageMediaDocument,
    MessageMediaPhoto,
    MessageReplyHeader,
    MessageService,
    PeerChannel,
    PeerUser,
    Photo,
    PhotoSize,
    User,
)
from pyrogram.raw.types import Message as RawMessage

from tests.dc.hashes import Hashes
from tests.dc.media import Media, image_size
from tests.dc.members import Rights, Status
from tests.dc.state import Account, Box, Channel, Chat, Message, Origin


@dataclass
class Lens:
    """Renders for `viewer` and collects whom it mentioned: `people()` and `places()` go beside the rest."""

    hashes: Hashes
    viewer: Account
    dc_id: int
    _people: dict[int, Account] = field(default_factory=dict)
    _places: dict[int, Channel] = field(default_factory=dict)

    def people(self) -> list[base.User]:
        """The users of a container."""
        return [self.user(account) for account in self._people.values()]

    def places(self) -> list[base.Chat]:
        """The chats of a container."""
        return [self.channel(channel) for channel in self._places.values()]

    def mention(self, one: Account | Channel) -> None:
        """Have `one` in people() or places()."""
        if isinstance(one, Account):
            self._people[one.id] = one
            self.viewer.met.add(one)
        else:
            self._places[one.id] = one

    def user(self, account: Account) -> User:
        """One user."""
        return User(
            id=account.id,
            is_self=account is self.viewer or None,
            bot=account.is_bot or None,
            premium=account.premium or None,
            bot_info_version=1 if account.is_bot else None,
            bot_nochats=None,
            access_hash=self.hashes.access(self.viewer.id, "user", account.id),
            first_name=account.name,
            username=account.username,
            lang_code=None if account.is_bot else "en",
        )

    def channel(self, channel: Channel) -> RawChannel | ChannelForbidden:
        """One channel, as a member, a stranger or somebody who was thrown out sees it."""
        member = channel.member(self.viewer)
        access_hash = self.hashes.access(self.viewer.id, "channel", channel.id)
        kind: dict[str, Any] = {
            "broadcast": channel.broadcast or None,
            "megagroup": not channel.broadcast or None,
        }
        if member.status is Status.KICKED:
            return ChannelForbidden(id=channel.id, access_hash=access_hash, title=channel.title, **kind)
        return RawChannel(
            id=channel.id,
            title=channel.title,
            photo=ChatPhotoEmpty(),
            date=channel.date,
            access_hash=access_hash,
            username=channel.username,
            creator=member.status is Status.CREATOR or None,
            left=member.status is Status.LEFT or None,
            noforwards=channel.protected or None,
            forum=channel.forum or None,
            admin_rights=admin_rights(member.rights) if member.is_admin else None,
            default_banned_rights=None if channel.broadcast else ChatBannedRights(until_date=0),
            participants_count=sum(one.is_inside for one in channel.members.values()),
            **kind,
        )

    def peer(self, chat: Chat) -> PeerUser | PeerChannel:
        """The chat as an address."""
        if isinstance(chat, Channel):
            self.mention(chat)
            return PeerChannel(channel_id=chat.id)
        other = chat.other(self.viewer)
        self.mention(other)
        return PeerUser(user_id=other.id)

    def message(self, message: Message, box: Box) -> RawMessage | MessageService:
        """One message as it is numbered in `box`."""
        out = message.author is self.viewer
        common: dict[str, Any] = {
            "id": message.ids[box],
            "peer_id": self.peer(message.chat),
            "date": message.date,
            "out": out or None,
            "post": message.is_post or None,
            "from_id": self._sender(message, out),
            "reply_to": self._reply(message, box),
        }
        if message.topic_title is not None:
            created = MessageActionTopicCreate(title=message.topic_title, icon_color=0x6FB9F0)
            return MessageService(**common, action=created)
        if message.service is not None:
            return MessageService(**common, action=MessageActionPinMessage())
        body = message.body
        return RawMessage(
            **common,
            message=body.text,
            entities=list(body.entities) or None,
            media=self.media(body.media) if body.media else None,
            reply_markup=body.markup,
            edit_date=message.edit_date,
            pinned=message.pinned or None,
            fwd_from=self._origin(message.origin) if message.origin else None,
            grouped_id=message.group,
            views=1 if message.is_post else None,
            forwards=0 if message.is_post else None,  # shares its flag with views
            noforwards=True if isinstance(message.chat, Channel) and message.chat.protected else None,
        )

    def media(self, media: Media) -> MessageMediaDocument | MessageMediaPhoto:
        """What hangs on a message."""
        if media.photo:
            return MessageMediaPhoto(photo=self.photo(media), spoiler=media.spoiler or None)
        return MessageMediaDocument(
            document=self.document(media),
            spoiler=media.spoiler or None,
            video=media.video is not None or None,
        )

    def document(self, media: Media) -> Document:
        """A document with this account's access hash and file reference."""
        thumb = media.thumb
        return Document(
            **self._file(media),
            mime_type=media.mime,
            size=media.file.size,
            attributes=list(media.attributes),
            thumbs=[PhotoSize(type="m", w=320, h=180, size=len(thumb))] if thumb else None,
        )

    def photo(self, media: Media) -> Photo:
        """A photo in its own size, and in a smaller one where it is large."""
        width, height = media.dimensions
        sizes: list[base.PhotoSize] = []
        if media.thumb and (small := image_size(media.thumb)):
            sizes.append(PhotoSize(type="m", w=small[0], h=small[1], size=len(media.thumb)))
        sizes.append(PhotoSize(type="x", w=width, h=height, size=media.file.size))
        return Photo(**self._file(media), sizes=sizes)

    def _file(self, media: Media) -> dict[str, Any]:
        return {
            "id": media.file.id,
            "access_hash": self.hashes.access(self.viewer.id, "file", media.file.id),
            "file_reference": self.hashes.reference(self.viewer.id, media.file.id),
            "date": media.file.date,
            "dc_id": self.dc_id,
        }

    def _sender(self, message: Message, out: bool) -> PeerUser | None:
        """Posts come from the channel, and what is received in private from the chat: both say nothing."""
        if message.is_post:
            return None
        self.mention(message.author)
        if not out and not isinstance(message.chat, Channel):
            return None
        return PeerUser(user_id=message.author.id)

    def _reply(self, message: Message, box: Box) -> MessageReplyHeader | None:
        topic = message.topic.ids.get(box) if message.topic else None
        if message.reply_to is None or box not in message.reply_to.ids:
            return MessageReplyHeader(reply_to_msg_id=topic, forum_topic=True) if topic else None
        return MessageReplyHeader(
            reply_to_msg_id=message.reply_to.ids[box], reply_to_top_id=topic, forum_topic=bool(topic) or None
        )

    def _origin(self, origin: Origin) -> MessageFwdHeader:
        source: Account | Channel | None = origin.channel or origin.sender
        if source is None:
            return MessageFwdHeader(date=origin.date)
        self.mention(source)
        peer = (
            PeerChannel(channel_id=source.id) if isinstance(source, Channel) else PeerUser(user_id=source.id)
        )
        return MessageFwdHeader(date=origin.date, from_id=peer, channel_post=origin.post_id)


def admin_rights(rights: Rights) -> ChatAdminRights:
    """Rights as the schema has them."""
    return ChatAdminRights(**{name: value or None for name, value in vars(rights).items()}, other=True)
