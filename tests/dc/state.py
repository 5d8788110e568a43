"""The people, bots, chats and messages of a data centre, as plain state."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from tests.dc.media import Media
from tests.dc.members import Member

MARK = -1_000_000_000_000  # what client libraries put before a bare channel id


class Kind(Enum):
    """What happened to messages of a box."""

    NEW = auto()
    EDIT = auto()
    DELETE = auto()
    PIN = auto()
    UNPIN = auto()


@dataclass(frozen=True)
class Body:
    """What an edit can replace. Entities and markup are schema objects, as they came."""

    text: str = ""
    entities: tuple[Any, ...] = ()
    media: Media | None = None
    markup: Any = None

    def says_the_same(self, other: "Body") -> bool:
        """Whether an edit from one to the other changes nothing. Raw objects compare without their type."""
        mine, theirs = (
            (
                body.text,
                [one.write() for one in body.entities],
                body.media,
                body.markup and body.markup.write(),
            )
            for body in (self, other)
        )
        return mine == theirs


@dataclass(frozen=True)
class Origin:
    """Where a forwarded message comes from."""

    date: int
    sender: "Account | None"
    channel: "Channel | None" = None
    post_id: int | None = None


@dataclass(frozen=True)
class Change:
    """One entry of a box's history: after it the box's pts is `pts`; `count` is how far that moved."""

    kind: Kind
    chat: "Chat"
    pts: int
    count: int
    date: int
    ids: tuple[int, ...]


@dataclass(eq=False)
class Box:
    """Numbered messages with a pts: one per account for its private chats, one per channel."""

    messages: "dict[int, Message]" = field(default_factory=dict)
    history: list[Change] = field(default_factory=list)
    last_id: int = 0
    pts: int = 1

    def add(self, message: "Message") -> Change:
        """Give `message` the next number."""
        self.last_id += 1
        self.messages[self.last_id] = message
        message.ids[self] = self.last_id
        return self.note(Kind.NEW, message.chat, [self.last_id])

    def note(self, kind: Kind, chat: "Chat", ids: Iterable[int]) -> Change:
        """Record a change of the messages `ids` and move pts."""
        numbers = tuple(ids)
        self.pts += len(numbers)
        change = Change(kind, chat, self.pts, len(numbers), int(time.time()), numbers)
        self.history.append(change)
        return change


@dataclass(eq=False)
class Account:
    """A bot or a person."""

    id: int
    name: str
    username: str | None = None
    is_bot: bool = False
    premium: bool = False
    token: str | None = None
    phone: str | None = None  # digits only
    password: str | None = None  # of two-step verification
    box: Box = field(default_factory=Box)
    started: "set[Account]" = field(default_factory=set)  # bots this person has written to
    blocked: "set[Account]" = field(default_factory=set)
    met: "set[Account]" = field(default_factory=set)
    commands: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    sent: "dict[int, tuple[Message, ...]]" = field(default_factory=dict)  # by random_id

    def __repr__(self) -> str:
        return f"<{'bot' if self.is_bot else 'person'} {self.name} {self.id}>"


@dataclass(eq=False)
class Private:
    """The chat of two accounts, or of one with itself."""

    pair: tuple[Account, Account]
    messages: "list[Message]" = field(default_factory=list)

    @property
    def boxes(self) -> list[Box]:
        return list(dict.fromkeys(account.box for account in self.pair))

    def other(self, account: Account) -> Account:
        """Who `account` talks to here."""
        first, second = self.pair
        return second if account is first else first


@dataclass(eq=False)
class Channel:
    """A broadcast channel, or a supergroup when not `broadcast`. `id` is the bare one."""

    id: int
    title: str
    username: str | None = None
    broadcast: bool = True
    protected: bool = False  # forwarding is forbidden
    forum: bool = False
    date: int = field(default_factory=lambda: int(time.time()))
    box: Box = field(default_factory=Box)
    members: dict[Account, Member] = field(default_factory=dict)
    messages: "list[Message]" = field(default_factory=list)
    closed: "set[Message]" = field(default_factory=set)  # topics in which only admins may write

    @property
    def marked_id(self) -> int:
        """The id as client libraries write it: -100..."""
        return MARK - self.id

    @property
    def boxes(self) -> list[Box]:
        return [self.box]

    def member(self, account: Account) -> Member:
        """What `account` is here; a stranger is LEFT."""
        return self.members.get(account, Member())


Chat = Private | Channel


@dataclass(eq=False)
class Message:
    """A message with its number in every box that holds it. `author` wrote it, whoever is shown as sender."""

    chat: Chat
    author: Account
    date: int
    body: Body
    ids: dict[Box, int] = field(default_factory=dict)
    reply_to: "Message | None" = None
    topic: "Message | None" = None  # of a forum: the message that created it
    topic_title: str | None = None  # this message creates a topic
    origin: Origin | None = None
    group: int | None = None
    service: str | None = None
    edit_date: int | None = None
    pinned: bool = False
    reactions: "dict[Account, tuple[str, ...]]" = field(default_factory=dict)
    past: list[Body] = field(default_factory=list)

    @property
    def is_post(self) -> bool:
        """Shown as written by the channel itself."""
        return isinstance(self.chat, Channel) and self.chat.broadcast
