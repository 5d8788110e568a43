"""The people who use the bot, as it knows them."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from medusa.allowance import Allowance
from medusa.model import Person
from medusa.value import Value
from medusa.wishes import Preferences


class Role(StrEnum):
    """What a person may do."""

    OWNER = "owner"  # everything; set by OWNER
    ADMIN = "admin"  # look after people and log channels
    USER = "user"  # send links
    GUEST = "guest"  # known, but may send links only where the bot is public
    BANNED = "banned"  # nothing, and gets no answer


class Grant(Value):
    """What an owner or admin has decided about somebody in chat. It goes before the settings."""

    role: Role
    until: datetime | None = None
    """From then on it does not count; None: for good."""
    by: int | None = None
    """Who decided."""
    since: datetime


class User(Value):
    """A person as the bot knows them."""

    person: Person
    role: Role = Role.GUEST
    """What they are now, by all that counts."""
    grant: Grant | None = None
    """None: only the settings say who they are."""
    is_stranger: bool = False
    """They are a user only because the bot is public."""
    allowance: Allowance = Allowance()
    """What was decided for them alone."""
    preferences: Preferences = Preferences()
    seen: datetime | None = None
    """When they last wrote."""
    unreachable: bool = False
    """They have blocked the bot, as a message to them has shown."""


class Sought(Value):
    """Who is sought among all that the bot knows."""

    text: str = ""
    """The beginnings of words of their name, their username, or their id; empty: anybody."""
    role: Role | None = None
    """That was given to them in chat."""
    asking: bool = False
    """They wait for access."""


class UserPage(NamedTuple):
    """Some of those who are sought."""

    sought: Sought
    number: int
    """Counted from 0."""
    users: tuple[User, ...]
    has_more: bool
