"""The cookies of people: kept sealed, handed to their jobs, told of without their values."""

from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from loguru import logger

from medusa import cookies
from medusa.cookies import Cookie, CookieFile, Overview
from medusa.seal import Seal, SealBroken

PURPOSE = "medusa cookies 1"


class Sealed(NamedTuple):
    """Somebody's cookies as they are kept."""

    data: bytes
    changed: datetime


class CookieStore(Protocol):
    """Where they are kept. Each method raises StoreUnavailable when the database is down."""

    async def load(self, person_id: int) -> Sealed | None:
        """What this person has given."""
        ...

    async def save(self, person_id: int, sealed: Sealed) -> None:
        """Keep it in place of what was there."""
        ...

    async def remove(self, person_id: int) -> bool:
        """Forget it; False when there was nothing."""
        ...


class CookieVault:
    """Everybody's cookies. What the owner has given is for everybody's links."""

    def __init__(self, store: CookieStore, seal: Seal, *, owner: int | None) -> None:
        self._store = store
        self._seal = seal
        self._owner = owner

    async def put(self, person_id: int, data: bytes) -> Overview:
        """Take the cookies of a file, in place of what there was. Raises WrongArgument, StoreUnavailable."""
        found = cookies.parse(data)
        sealed = self._seal.close(cookies.write(found).encode("latin-1"), _label(person_id))
        changed = datetime.now(UTC)
        await self._store.save(person_id, Sealed(sealed, changed))
        return self._overview(person_id, found, changed)

    async def look(self, person_id: int) -> Overview | None:
        """What somebody has given; None: nothing. Raises StoreUnavailable."""
        sealed = await self._store.load(person_id)
        if sealed is None:
            return None
        try:
            return self._overview(person_id, self._open(person_id, sealed), sealed.changed)
        except SealBroken:
            return Overview(sites=(), changed=sealed.changed, is_lost=True)

    async def remove(self, person_id: int) -> bool:
        """Forget somebody's cookies; False when there were none. Raises StoreUnavailable."""
        return await self._store.remove(person_id)

    async def cookies_for(self, person_id: int) -> CookieFile | None:
        """What this person's links are opened with: their own, else the owner's. Raises StoreUnavailable."""
        own = await self._current(person_id)
        shared = await self._current(self._owner) if self._owner not in (None, person_id) else ()
        found = cookies.merged(own, shared)
        return CookieFile(cookies.write(found), person_id) if found else None

    async def _current(self, person_id: int | None) -> tuple[Cookie, ...]:
        sealed = None if person_id is None else await self._store.load(person_id)
        if person_id is None or sealed is None:
            return ()
        try:
            return cookies.current(self._open(person_id, sealed), datetime.now(UTC))
        except SealBroken:  # /cookies says so; a link may open without
            logger.warning("the cookies of {} were sealed with another key", person_id)
            return ()

    def _open(self, person_id: int, sealed: Sealed) -> tuple[Cookie, ...]:
        return cookies.read(self._seal.open(sealed.data, _label(person_id)))

    def _overview(self, person_id: int, found: tuple[Cookie, ...], changed: datetime) -> Overview:
        shared = person_id == self._owner
        return cookies.overview(found, changed, datetime.now(UTC), is_shared=shared)


def _label(person_id: int) -> str:
    """So that what is sealed cannot be put in another person's place."""
    return f"cookies of {person_id}"
