"""Updates by chance, as Telegram's schema has them: of every kind, from everybody, about everything."""

from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any

from pyrogram import raw
from pyrogram.raw.core import TLObject

from tests.attacks import cast
from tests.attacks.words import EDGES, MARK, Words

FIELDS = (
    *EDGES,
    "",
    "x",
    "0",
    "-1",
    "go",
    "page",
    "all",
    "show",
    "1:2",
    MARK,
    "🧨",
    "\0",
    "99999999999999999999",
    "$where",
)
PREFIXES = (
    "cancel",
    "pick",
    "subs",
    "sub",
    "finish",
    "batch",
    "cookies",
    "set",
    "who",
    "users",
    "admin",
    "broadcast",
    "ask",
    "health",
    "errors",
    "restart",
    "ytdlp",
    "tasks",
    "history",
    "again",
    "mine",
    "stats",
    "days",
)
ENTITIES = (
    raw.types.MessageEntityBold,
    raw.types.MessageEntityItalic,
    raw.types.MessageEntityCode,
    raw.types.MessageEntityUrl,
    raw.types.MessageEntityMention,
    raw.types.MessageEntityBotCommand,
    raw.types.MessageEntityUnderline,
    raw.types.MessageEntitySpoiler,
    raw.types.MessageEntityBlockquote,
    raw.types.MessageEntityCustomEmoji,
)
PRESSES_KEPT = 200


class Chance:
    """Makes updates. `pressed` gives what buttons the bot has shown, to be pressed by anybody."""

    def __init__(self, chance: Random, jobs: tuple[str, ...], keep: Callable[[int, bytes], None]) -> None:
        """`jobs`: ids of downloads, batches and broadcasts that there are. `keep`: what a file holds."""
        self.chance = chance
        self.words = Words(chance)
        self.shown: deque[tuple[bytes, Any, int]] = deque(maxlen=PRESSES_KEPT)
        """Buttons: data, chat, message."""
        self._story: list[tuple[int, bool]] = []
        """What is still to come of a conversation: whose turn it is, and whether it is a command; the last
        comes first."""
        self._jobs = jobs
        self._keep = keep
        self._numbers = chance.randrange(10**6) * 1000

    def update(self) -> raw.types.Updates:
        """The next one."""
        kinds = (
            (self.message, 35),
            (self.story, 25),
            (self.press, 30),
            (self.edited, 3),
            (self.service, 2),
            (self.membership, 2),
            (self.other, 3),
        )
        (make,) = self.chance.choices([make for make, _ in kinds], [weight for _, weight in kinds])
        update = make()
        people, places = _mentioned(update)
        names = self.names()
        return raw.types.Updates(
            updates=[update],
            users=[cast.user(person, cast.MEDUSA if person == cast.BOT else names) for person in people],
            chats=[
                cast.small_group(self.title())
                if place == cast.SMALL_GROUP
                else cast.channel(place, self.title())
                for place in places
            ],
            date=1,
            seq=0,
        )

    def number(self) -> int:
        """The number of a message or a press, each once."""
        self._numbers += 1
        return self._numbers

    def names(self) -> cast.Names:
        """What people call themselves at this moment."""
        hostile = self.words.hostile
        return cast.Names(
            self.chance.choice(("Ann", hostile()[:64], "")),
            self.chance.choice((None, hostile()[:64])),
            f"name{self.chance.randrange(9)}",
        )

    def title(self) -> str:
        """Of a chat."""
        return self.words.hostile()[:128] if self.chance.random() < 0.3 else "Place"

    # --- messages ---------------------------------------------------------------------------------

    def message(self) -> Any:
        """A new message."""
        made = self._message()
        kind = (
            raw.types.UpdateNewChannelMessage
            if isinstance(made.peer_id, raw.types.PeerChannel)
            else raw.types.UpdateNewMessage
        )
        return kind(message=made, pts=1, pts_count=1)

    def story(self) -> Any:
        """A command of somebody who may use it, and after it answers, as a conversation goes."""
        if not self._story:
            person = self.chance.choice((cast.OWNER, cast.OWNER, cast.ADMIN, cast.USER, cast.DEAF))
            self._story = [(person, False)] * self.chance.choice((0, 1, 1, 2)) + [(person, True)]
        person, is_command = self._story.pop()
        text = self.words.next_command() if is_command else self.words.answer()
        media = self.media() if self.chance.random() < (0.15 if is_command else 0.5) else None
        made = raw.types.Message(
            id=self.number(),
            peer_id=raw.types.PeerUser(user_id=person),
            date=1,
            message=text[: 1024 if media else 4096],
            entities=self.entities(text) or None,
            media=media,
            fwd_from=self.forwarded() if not is_command and self.chance.random() < 0.2 else None,
            reply_to=self.reply() if self.chance.random() < 0.1 else None,
        )
        return raw.types.UpdateNewMessage(message=made, pts=1, pts_count=1)

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

    def _message(self) -> Any:
        place, sender = self._from()
        media = self.media() if self.chance.random() < 0.2 else None
        text = self.words.text()
        if media is not None:
            text = text[:1024] if self.chance.random() < 0.6 else ""
        return raw.types.Message(
            id=self.number(),
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

    def _from(self) -> tuple[Any, Any]:
        """Where a message is, and whose it is."""
        person = self.person()
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

    def person(self) -> int:
        """Somebody; those who may do more come more often, for there is more to reach."""
        return self.chance.choice(
            (
                *cast.PEOPLE,
                cast.OWNER,
                cast.OWNER,
                cast.ADMIN,
                cast.USER,
                cast.USER,
                cast.USER,
                cast.ANOTHER_BOT,
            )
        )

    def entities(self, text: str) -> list[Any]:
        """Marks, inside and outside of the text."""
        made: list[Any] = []
        for _ in range(self.chance.choice((0, 0, 0, 1, 2, 4))):
            offset, length = (
                self.chance.randrange(len(text) + 3),
                self.chance.choice((0, 1, 3, len(text), 5000)),
            )
            kind = self.chance.choice((*ENTITIES, "link", "mention", "pre"))
            made.append(
                raw.types.MessageEntityTextUrl(offset=offset, length=length, url=self.words.link())
                if kind == "link"
                else raw.types.MessageEntityMentionName(
                    offset=offset, length=length, user_id=self.chance.choice((*cast.PEOPLE, 404))
                )
                if kind == "mention"
                else raw.types.MessageEntityPre(offset=offset, length=length, language=self.words.hostile())
                if kind == "pre"
                else raw.types.MessageEntityCustomEmoji(offset=offset, length=length, document_id=1)
                if kind is raw.types.MessageEntityCustomEmoji
                else kind(offset=offset, length=length)  # type: ignore[operator]
            )
        return made

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

    # --- what hangs on messages -------------------------------------------------------------------

    def media(self) -> Any:
        """A file, a photo, a contact …"""
        match self.chance.randrange(10):
            case 0 | 1:
                return raw.types.MessageMediaPhoto(photo=self._photo())
            case 2:
                return raw.types.MessageMediaContact(
                    phone_number="1",
                    first_name=self.words.hostile(),
                    last_name="",
                    vcard=self.words.hostile(),
                    user_id=self.chance.choice((0, cast.USER)),
                )
            case 3:
                return self.chance.choice(
                    (
                        raw.types.MessageMediaGeo(
                            geo=raw.types.GeoPoint(long=1e308, lat=-1e308, access_hash=1)
                        ),
                        raw.types.MessageMediaUnsupported(),
                        raw.types.MessageMediaDice(value=6, emoticon="🎲"),
                        raw.types.MessageMediaDocument(),
                        raw.types.MessageMediaPhoto(),
                    )
                )
        return raw.types.MessageMediaDocument(document=self._document())

    def _photo(self) -> Any:
        file = self._file(b"\xff\xd8" + b"j" * 99 if self.chance.random() < 0.7 else b"<svg onload=1>")
        sizes = [
            raw.types.PhotoSize(
                type="m", w=self.chance.choice((320, 1, 99999)), h=180, size=self.chance.choice((101, 10**9))
            ),
            raw.types.PhotoSize(type="x", w=800, h=600, size=1000),
        ]
        return raw.types.Photo(**file, sizes=sizes)

    def _document(self) -> Any:
        content = self.content()
        name = self.words.file_name()
        attributes: list[Any] = [] if name is None else [raw.types.DocumentAttributeFilename(file_name=name)]
        if self.chance.random() < 0.1:
            attributes.append(raw.types.DocumentAttributeVideo(duration=float("nan"), w=-1, h=0))
        if self.chance.random() < 0.1:
            attributes.append(
                raw.types.DocumentAttributeAudio(
                    duration=1, title=self.words.hostile(), performer=self.words.hostile()
                )
            )
        mime = self.chance.choice(
            ("text/plain", "text/plain", "application/octet-stream", "", "a/b; charset=" + MARK, "text/html")
        )
        size = self.chance.choice((len(content),) * 8 + (0, 1, len(content) + 1, 2**40))
        return raw.types.Document(**self._file(content), mime_type=mime, size=size, attributes=attributes)

    def content(self) -> bytes:
        """What a file holds."""
        match self.chance.randrange(8):
            case 0:
                return self.words.cookies().encode("utf-8", "replace")
            case 1:
                return self.chance.randbytes(self.chance.choice((0, 1, 60)))
            case 2:
                return ("\ufeff" + self.words.lines(3)).encode("utf-16", "replace")
            case 3:
                return (self.words.link() + "\n").encode() * 300
        return self.words.lines(self.chance.randrange(1, 40)).encode("utf-8", "replace")

    def _file(self, content: bytes) -> dict[str, Any]:
        number = self.number()
        self._keep(number, content)
        return {"id": number, "access_hash": 1, "file_reference": b"r", "date": 1, "dc_id": 2}

    # --- presses ----------------------------------------------------------------------------------

    def press(self) -> Any:
        """A button that is pressed by anybody, at a message or at none."""
        data, place, message = self._pressed()
        person = self.person()
        if isinstance(place, raw.types.PeerUser) and self.chance.random() < 0.6:
            person = place.user_id
            if data.startswith(b"set:"):
                self._story = [(person, False)]
        query: dict[str, Any] = {
            "query_id": self.number(),
            "user_id": person,
            "chat_instance": 1,
            "data": data,
        }
        match self.chance.randrange(20):
            case 0:
                inline = raw.types.InputBotInlineMessageID(dc_id=1, id=self.number(), access_hash=1)
                return raw.types.UpdateInlineBotCallbackQuery(msg_id=inline, **query)
            case 1:
                query |= {"data": None, "game_short_name": MARK}
        if place is None:
            place, _ = self._from()
        return raw.types.UpdateBotCallbackQuery(peer=place, msg_id=message, **query)

    def _pressed(self) -> tuple[bytes, Any, int]:
        message = self.chance.choice((3, 6, 7, 900_001))
        dice = self.chance.random()
        if dice < 0.6 and self.shown:
            data, place, number = self.chance.choice(self.shown)
            if self.chance.random() < 0.3:
                data = self._bent(data)
            return data, place, number
        if dice < 0.95:
            fields = self.chance.choices(
                (*FIELDS, *self._jobs, *map(str, cast.PEOPLE)), k=self.chance.choice((0, 1, 1, 2, 2, 3, 4))
            )
            return (
                ":".join((self.chance.choice(PREFIXES), *fields)).encode()[
                    : self.chance.choice((64, 64, 64, 600))
                ],
                None,
                message,
            )
        return self.chance.randbytes(self.chance.choice((0, 1, 64, 200))), None, message

    def _bent(self, data: bytes) -> bytes:
        """Real data with one field changed, missing, or too many."""
        fields = data.split(b":")
        at = self.chance.randrange(len(fields))
        other = self.chance.choice((*FIELDS, *self._jobs, *map(str, cast.PEOPLE))).encode()
        match self.chance.randrange(4):
            case 0:
                del fields[at]
            case 1:
                fields.insert(at, other)
            case _:
                fields[at] = other
        return b":".join(fields)

    # --- all the rest -----------------------------------------------------------------------------

    def service(self) -> Any:
        """A message that nobody has written."""
        place, sender = self._from()
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
            id=self.number(), peer_id=place, from_id=sender, date=1, action=action
        )
        return raw.types.UpdateNewMessage(message=made, pts=1, pts_count=1)

    def membership(self) -> Any:
        """Somebody was let in somewhere, or thrown out."""
        person = self.chance.choice((cast.BOT, cast.BOT, cast.USER))
        rights = raw.types.ChatAdminRights(post_messages=self.chance.random() < 0.5 or None)
        member = raw.types.ChannelParticipantAdmin(
            user_id=person, promoted_by=cast.OWNER, date=1, admin_rights=rights
        )
        left = raw.types.ChannelParticipantLeft(peer=raw.types.PeerUser(user_id=person))
        before, after = self.chance.choice(
            ((None, member), (member, None), (member, left), (left, member), (None, None))
        )
        return raw.types.UpdateChannelParticipant(
            channel_id=self.chance.choice(cast.PLACES),
            date=1,
            actor_id=cast.OWNER,
            user_id=person,
            prev_participant=before,
            new_participant=after,
            qts=1,
        )

    def other(self) -> Any:
        """What the bot does not listen to."""
        return self.chance.choice(
            (
                raw.types.UpdateNewMessage(
                    message=raw.types.MessageEmpty(id=self.number()), pts=1, pts_count=1
                ),
                raw.types.UpdateDeleteMessages(messages=[1, 2], pts=1, pts_count=1),
                raw.types.UpdateBotInlineQuery(
                    query_id=self.number(), user_id=cast.USER, query=self.words.hostile(), offset=""
                ),
                raw.types.UpdateUserStatus(user_id=cast.USER, status=raw.types.UserStatusEmpty()),
                raw.types.UpdateBotStopped(user_id=cast.USER, date=1, stopped=True, qts=1),
                raw.types.UpdateConfig(),
                raw.types.UpdateChannelTooLong(channel_id=cast.LOG),
            )
        )


def _mentioned(update: Any) -> tuple[list[int], list[int]]:
    """The people and the chats whose ids stand anywhere in an update."""
    found, waiting = set[int](), [update]
    while waiting:
        match waiting.pop():
            case int() as number:
                found.add(number)
            case list() as several:
                waiting += several
            case TLObject() as inner:
                waiting += (getattr(inner, name) for name in inner.__slots__)
    people = [person for person in (*cast.PEOPLE, cast.BOT, cast.ANOTHER_BOT) if person in found]
    return people, [place for place in (*cast.PLACES, cast.SMALL_GROUP) if place in found]
