"""What another bot has left, as values: found in its settings, its database or its files. Pure.

What is there already is described by the same values, so that both can be compared field by field. None and
"" mean that nothing is known.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from medusa.figures import Day
from medusa.model import Download
from medusa.user import Role
from medusa.value import Value


class Kind(StrEnum):
    """Of what kind something is, for people. In the order in which they are taken over."""

    PEOPLE = "people"
    LOG_CHANNELS = "log channels"
    GROUPS = "open groups"
    CHANNELS = "own channels"
    DOWNLOADS = "downloads"
    DAYS = "days of statistics"


class Somebody(Value):
    """A person whom the other bot knew."""

    KIND: ClassVar = Kind.PEOPLE
    DECIDED: ClassVar = ("role",)
    KNOWN: ClassVar = ("name", "username", "seen")

    id: int
    role: Role | None = None
    """None: nobody has decided about them."""
    name: str = ""
    username: str | None = None
    seen: datetime | None = None
    """When they last wrote."""
    by: int | None = None
    """Who has decided."""
    since: datetime | None = None

    @property
    def key(self) -> int:
        """By which it is found."""
        return self.id


class LogPlace(Value):
    """A log channel."""

    KIND: ClassVar = Kind.LOG_CHANNELS
    DECIDED: ClassVar = ("backup", "active")
    KNOWN: ClassVar = ("title",)

    id: int
    title: str = ""
    backup: bool = False
    active: bool = True
    """False: its owner has removed it."""

    @property
    def key(self) -> int:
        """By which it is found."""
        return self.id


class OpenGroup(Value):
    """A group in which everybody may send links."""

    KIND: ClassVar = Kind.GROUPS
    DECIDED: ClassVar = ()
    KNOWN: ClassVar = ("title",)

    id: int
    title: str = ""
    by: int | None = None

    @property
    def key(self) -> int:
        """By which it is found."""
        return self.id


class OwnPlace(Value):
    """A channel that a person has added."""

    KIND: ClassVar = Kind.CHANNELS
    DECIDED: ClassVar = ()
    KNOWN: ClassVar = ("title",)

    id: int
    owner: int
    title: str = ""

    @property
    def key(self) -> tuple[int, int]:
        """By which it is found."""
        return self.id, self.owner


class Past(Value):
    """A download that is over."""

    KIND: ClassVar = Kind.DOWNLOADS
    DECIDED: ClassVar = ("download",)
    KNOWN: ClassVar = ()

    download: Download

    @property
    def key(self) -> str:
        """By which it is found."""
        return self.download.id


class PastDay(Value):
    """The numbers of a day whose downloads are not known one by one."""

    KIND: ClassVar = Kind.DAYS
    DECIDED: ClassVar = ("done", "bytes", "users")
    KNOWN: ClassVar = ()

    day: Day

    @property
    def done(self) -> int:
        """Downloads."""
        return self.day.done

    @property
    def bytes(self) -> int:
        """That were sent."""
        return self.day.bytes

    @property
    def users(self) -> int:
        """Different people."""
        return self.day.users

    @property
    def key(self) -> date:
        """By which it is found."""
        return self.day.day


Record = Somebody | LogPlace | OpenGroup | OwnPlace | Past | PastDay
"""DECIDED: fields that somebody has decided, and that are not changed unless that is wanted. KNOWN: fields
that are filled in where nothing is known."""
