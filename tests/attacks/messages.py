"""Messages by chance: single ones, and conversations."""

from typing import Any

from pyrogram import raw

from tests.attacks import cast
from tests.attacks.attachments import Attachments
from tests.attacks.dice import Dice
from tests.attacks.tokens import MARK

ENTITIES: tuple[Any, ...] = (
    raw.types.MessageEntityBold,
    raw.types.MessageEntityItalic,
    raw.types.MessageEntityCode,
    raw.types.MessageEntityUrl,
    raw.types.MessageEntityMention,
    raw.types.MessageEntityBotCommand,
    raw.types.MessageEntityUnderline,
    raw.types.MessageEntitySpoiler,
    raw.types.MessageEntityBlockquote,
)


class Messages:
    """Makes them."""

    def __init__(self, dice: Dice, attachments: Attachments) -> None:
        self._dice, self.chance, self.words = dice, dice.chance, dice.words
        self._attachments = attachments
        self._story: list[tuple[int, bool]] = []
        """What is still to come of a conversation: whose turn it is, and whether it is a command; the last
        comes first."""

    def expect(self, person: int) -> None:
        """Somebody has been asked something: the next message of a conversation is theirs."""
        self._story = [(person, False)]

    def message(self) -> Any:
        """A new message."""
        return _new(self._message())

    def story(self) -> Any:
        """A command of somebody who may use it, and after it answers, as a conversation goes."""
        if not self._story:
            person = self.chance.choice((cast.OWNER, cast.OWNER, cast.ADMIN, cast.USER, cast.DEAF))
            self._story = [(person, False)] * self.chance.choice((0, 1, 1, 2)) + [(person, True)]
        person, is_command = self._story.pop()
        text = self.words.next_command() if is_command else self.words.answer()
        media = self._attachments.media() if self.chance.random() < (0.15 if is_command else 0.5) else None
        in_group = is_command and self.chance.random() < 0.1
        peer = raw.types.PeerChannel(channel_id=cast.OPEN) if in_group else raw.types.PeerUser(user_id=person)
        made = raw.types.Message(
            id=self._dice.number(),
            peer_id=peer,
            from_id=raw.types.PeerUser(user_id=person),
            date=1,
            message=text[: 1024 if media else 4096],
            entities=self.entities(text) or None,
            media=media,
            fwd_from=self.forwarded() if not is_command and self.chance.random() < 0.2 else None,
            reply_to=self.reply() if self.chance.random() < 0.1 else None,
        )
        return _new(made)

    def edited(self) -> Any:
        """A message that was changed."""
        made = self._message()
        made.edit_date = 2
        kind = (
            raw.types.UpdateEditChannelMessage
            if isinstance(made.peer_id, raw.types.PeerChannel)
            else raw.types.UpdateEditMessage
        )
        return kind(message=made, pts=1, pts_count=1)

    def service(self) -> Any:
        """A message that nobody has written."""
        place, sender = self.where()
        action = self.chance.choice(
            (
                raw.types.MessageActionChatAddUser(users=[cast.BOT]),
                raw.types.MessageActionChatJoinedByLink(inviter_id=cast.USER),
                raw.types.MessageActionPinMessage(),
                raw.types.MessageActionChatMigrateTo(channel_id=cast.GROUP),
                raw.types.MessageActionChannelMigrateFrom(
                    title=self.words.hostile(), chat_id=cast.SMALL_GROUP
                ),
                raw.types.MessageActionChatDeleteUser(user_id=cast.BOT),
                raw.types.MessageActionChatEditTitle(title=self.words.hostile()),
                raw.types.MessageActionTopicCreate(title=self.words.hostile(), icon_color=1),
                raw.types.MessageActionEmpty(),
            )
        )
        made = raw.types.MessageService(
            id=self._dice.number(), peer_id=place, from_id=sender, date=1, action=action
        )
        return raw.types.UpdateNewMessage(message=made, pts=1, pts_count=1)

    def _message(self) -> Any:
        place, sender = self.where()
        media = self._attachments.media() if self.chance.random() < 0.2 else None
        text = self.words.text()
        if media is not None:
            text = text[:1024] if self.chance.random() < 0.6 else ""
        return raw.types.Message(
            id=self._dice.number(),
            peer_id=place,
            from_id=sender,
            post=(isinstance(place, raw.types.PeerChannel) and place.channel_id in cast.BROADCASTS) or None,
            date=1,
            message=text,
            media=media,
            entities=self.entities(text) or None,
            fwd_from=self.forwarded() if self.chance.random() < 0.15 else None,
            reply_to=self.reply() if self.chance.random() < 0.15 else None,
            grouped_id=7 if media is not None and self.chance.random() < 0.2 else None,
            via_bot_id=cast.ANOTHER_BOT if self.chance.random() < 0.02 else None,
        )

    def where(self) -> tuple[Any, Any]:
        """Where a message is, and whose it is."""
        person = self._dice.person()
        match self.chance.randrange(12):
            case 0:
                return raw.types.PeerChannel(channel_id=self.chance.choice(cast.BROADCASTS)), None
            case 1:
                group = raw.types.PeerChannel(
                    channel_id=self.chance.choice((cast.GROUP, cast.OPEN, cast.FORUM))
                )
                anonymous = self.chance.choice(
                    (
                        None,
                        raw.types.PeerChannel(channel_id=group.channel_id),
                        raw.types.PeerChannel(channel_id=cast.FOREIGN),
                    )
                )
                return group, anonymous
            case 2 | 3:
                group = raw.types.PeerChannel(
                    channel_id=self.chance.choice((cast.GROUP, cast.OPEN, cast.FORUM))
                )
                return group, raw.types.PeerUser(user_id=person)
            case 4:
                return raw.types.PeerChat(chat_id=cast.SMALL_GROUP), raw.types.PeerUser(user_id=person)
        return raw.types.PeerUser(user_id=person), self.chance.choice(
            (None, raw.types.PeerUser(user_id=person))
        )

    def entities(self, text: str) -> list[Any]:
        """Marks, inside and outside of the text."""
        return [self._entity(text) for _ in range(self.chance.choice((0, 0, 0, 1, 2, 4)))]

    def _entity(self, text: str) -> Any:
        offset = self.chance.randrange(len(text) + 3)
        place = {"offset": offset, "length": self.chance.choice((0, 1, 3, len(text), 5000))}
        match self.chance.randrange(12):
            case 0:
                return raw.types.MessageEntityTextUrl(url=self.words.link(), **place)
            case 1:
                person = self.chance.choice((*cast.PEOPLE, 404))
                return raw.types.MessageEntityMentionName(user_id=person, **place)
            case 2:
                return raw.types.MessageEntityPre(language=self.words.hostile(), **place)
            case 3:
                return raw.types.MessageEntityCustomEmoji(document_id=1, **place)
        return self.chance.choice(ENTITIES)(**place)

    def forwarded(self) -> Any:
        """Where a message was first."""
        person, place = (
            raw.types.PeerUser(user_id=self.chance.choice(cast.PEOPLE)),
            raw.types.PeerChannel(channel_id=self.chance.choice(cast.PLACES)),
        )
        origin: dict[str, Any] = self.chance.choice(
            (
                {"from_id": person},
                {"from_id": place, "channel_post": 5, "post_author": self.words.hostile()},
                {"from_name": self.words.hostile()},
                {"from_id": place},
                {"from_name": "", "psa_type": "x"},
                {"from_id": person, "from_name": MARK, "imported": True},
            )
        )
        return raw.types.MessageFwdHeader(date=1, **origin)

    def reply(self) -> Any:
        """What a message answers; often it is missing."""
        number = self.chance.choice((3, 6, 7, 8, 2**31 - 1))
        if self.chance.random() < 0.2:
            return raw.types.MessageReplyHeader(
                reply_to_msg_id=number,
                reply_to_peer_id=raw.types.PeerChannel(channel_id=cast.FOREIGN),
                quote=True,
                quote_text=self.words.hostile(),
            )
        return raw.types.MessageReplyHeader(reply_to_msg_id=number)


def _new(made: Any) -> Any:
    """An update that brings a message."""
    in_channel = isinstance(made.peer_id, raw.types.PeerChannel)
    kind: Any = raw.types.UpdateNewChannelMessage if in_channel else raw.types.UpdateNewMessage
    return kind(message=made, pts=1, pts_count=1)
