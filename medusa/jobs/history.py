"""What a person was brought before."""

from typing import Protocol

from medusa.errors import NotYours, WrongArgument
from medusa.model import Download
from medusa.under_way import PAGE, Past

LAST_PAGE = 100_000


class PastStore(Protocol):
    """A person's downloads. Each method raises StoreUnavailable when the database is down."""

    async def finished(self, person_id: int, skip: int, most: int) -> list[Download]:
        """Downloads that were delivered or failed, newest first."""
        ...

    async def get(self, job: str) -> Download | None:
        """One download."""
        ...


class History:
    """Leafs through it."""

    def __init__(self, store: PastStore) -> None:
        self._store = store

    async def page(self, person_id: int, number: int) -> Past:
        """One page, counted from 0. Raises StoreUnavailable."""
        number = min(max(number, 0), LAST_PAGE)
        found = await self._store.finished(person_id, number * PAGE, PAGE + 1)
        return Past(person_id, number, found[:PAGE], has_more=len(found) > PAGE)

    async def get(self, job: str, person_id: int) -> Download:
        """One download of this person. Raises WrongArgument, NotYours, StoreUnavailable."""
        download = await self._store.get(job)
        if download is None:
            raise WrongArgument("I do not know this download any more.")
        if download.request.person.id != person_id:
            raise NotYours
        return download
