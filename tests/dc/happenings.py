"""What the world tells its subscribers."""

from dataclasses import dataclass
from typing import Any

from tests.dc.members import Member
from tests.dc.state import Account, Box, Change, Channel, Chat, Kind, Message


@dataclass(frozen=True)
class Event:
    """One thing that happened to messages of one chat, with the change it made in every box."""

    kind: Kind
    chat: Chat
    messages: tuple[Message, ...]
    changes: dict[Box, Change]
    actor: Account


@dataclass(frozen=True)
class Membership:
    """Somebody's place in a channel changed."""

    channel: Channel
    account: Account
    actor: Account
    before: Member
    after: Member


@dataclass(frozen=True)
class Press:
    """A person pressed an inline button."""

    query_id: int
    person: Account
    message: Message
    data: bytes


@dataclass(frozen=True)
class Answered:
    """A bot answered the press of a button; `text` is shown for a moment, or until it is closed."""

    person: Account
    message: Message
    text: str | None


@dataclass(frozen=True)
class Stopped:
    """A person blocked a bot, or let it back in."""

    person: Account
    bot: Account
    stopped: bool


@dataclass(frozen=True)
class Typing:
    """Somebody shows what they are doing; `action` is the schema object."""

    chat: Chat
    account: Account
    action: Any


@dataclass(frozen=True)
class Reaction:
    """Somebody's reactions to a message changed."""

    message: Message
    account: Account


Happening = Answered | Event | Membership | Press | Reaction | Stopped | Typing
