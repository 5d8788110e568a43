"""What owners and admins have done, for good."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol

from loguru import logger

from medusa.errors import MedusaError
from medusa.model import Person
from medusa.value import Value


class Deed(Value):
    """One thing that somebody did."""

    at: datetime
    by: Person
    what: str
    """In a word: "policy", "grant", "ban" …"""
    subject: str
    """To what or whom, for people."""
    before: str = ""
    after: str = ""


class AuditStore(Protocol):
    """The deeds. Each method raises StoreUnavailable when the database is down."""

    async def add(self, deed: Deed) -> None:
        """Keep a deed."""
        ...

    async def latest(self, skip: int, most: int) -> list[Deed]:
        """Newest first."""
        ...

    async def last_of(self, what: str) -> dict[str, Deed]:
        """The last deed of this kind to each subject."""
        ...


class Audit:
    """Notes what is done, and tells of it."""

    def __init__(self, store: AuditStore, tell: Callable[[Deed], Awaitable[None]]) -> None:
        """`tell` shows a deed to whoever is to see them; nothing depends on whether that works."""
        self._store = store
        self._tell = tell

    async def note(self, by: Person, what: str, subject: str, *, before: str = "", after: str = "") -> None:
        """Keep what somebody has done. Raises StoreUnavailable."""
        deed = Deed(at=datetime.now(UTC), by=by, what=what, subject=subject, before=before, after=after)
        await self._store.add(deed)
        logger.info("{} by {}: {} {} → {}", what, by.id, subject, before, after)
        try:
            await self._tell(deed)
        except MedusaError as error:
            logger.warning("nobody was told of it: {} {}", error, error.detail)

    async def latest(self, skip: int, most: int) -> list[Deed]:
        """What was done last, newest first. Raises StoreUnavailable."""
        return await self._store.latest(skip, most)

    async def last_of(self, what: str) -> dict[str, Deed]:
        """The last deed of this kind to each subject. Raises StoreUnavailable."""
        return await self._store.last_of(what)
