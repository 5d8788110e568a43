"""What a source yields: records, and what cannot be taken over, each with the place where it was found."""

from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol

from medusa.legacy import Record


class Found(NamedTuple):
    """Something that can be taken over."""

    where: str
    """For people: "users.csv, line 12"."""
    record: Record


class Reject(NamedTuple):
    """Something that cannot."""

    where: str
    what: str
    """As it was written."""
    reason: str
    """A sentence for people."""


class Unusable(Exception):
    """A value cannot be taken over; the message is the reason, a sentence."""


class Source(Protocol):
    """What another bot has left. It may be read several times, and yields the same each time."""

    async def count(self) -> int | None:
        """How many entries it has; None: that cannot be told before."""
        ...

    def read(self) -> AsyncIterator[Found | Reject]:
        """All of it; days of statistics behind the downloads."""
        ...
