"""Whether somebody may have what they ask for, by what they may have and what they have had.

How many links is decided when a link is accepted; how large and how long when it is known what is behind it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from medusa.allowance import Allowance, Use, Window
from medusa.errors import OverLimit
from medusa.policy import PolicySource
from medusa.quota import allowed, check_entries, too_many_bytes, too_many_links
from medusa.user import User

LINKS, BYTES = "links", "bytes"


class UsageStore(Protocol):
    """What people have used up. Each method raises StoreUnavailable when the database is down."""

    async def take(
        self, person_id: int, kind: str, key: str, amount: int, windows: Sequence[Window], now: datetime
    ) -> tuple[bool, list[Use]]:
        """Take so much under this key, if all windows have room or it was taken before; whether it is taken,
        and all that is."""
        ...

    async def settle(self, person_id: int, kind: str, key: str, amount: int, now: datetime) -> None:
        """What was taken under this key has turned out to be so much."""
        ...


class Line(Protocol):
    """Who is next."""

    async def limit(self, person: int, most: int | None) -> None:
        """How many downloads of somebody may run; 0: as many as there are slots, None: as the settings
        say."""
        ...


class Known(Protocol):
    """Knows people."""

    async def known(self, person_id: int) -> User | None:
        """Somebody who has written before. Raises StoreUnavailable."""
        ...


class Admission:
    """Lets in what may be had, and counts it."""

    def __init__(self, people: Known, usage: UsageStore, line: Line, policies: PolicySource) -> None:
        self._people = people
        self._usage = usage
        self._line = line
        self._policies = policies

    async def admit(self, person_id: int, key: str, links: int) -> Allowance:
        """Count so many links of somebody under this key, once; what they may have.

        Raises OverLimit with when the next is possible, StoreUnavailable.
        """
        allowance = await self.apply(person_id)
        check_entries(allowance, links)
        if allowance.of_links:
            now = datetime.now(UTC)
            taken, uses = await self._usage.take(person_id, LINKS, key, links, allowance.of_links, now)
            if not taken:
                raise OverLimit(too_many_links(allowance.of_links, uses, links, now))
        return allowance

    async def check_batch(self, person_id: int, links: int) -> None:
        """Return if somebody may have so many links at once. Raises OverLimit, StoreUnavailable."""
        check_entries(allowed(await self._people.known(person_id), await self._policies.current()), links)

    async def apply(self, person_id: int) -> Allowance:
        """What somebody may have now; how many of their downloads may run counts from now on."""
        allowance = allowed(await self._people.known(person_id), await self._policies.current())
        await self._line.limit(person_id, allowance.jobs)
        return allowance

    async def reserve(self, person_id: int, key: str, size: int, allowance: Allowance) -> None:
        """Count so many bytes of somebody under this key, once. Raises OverLimit, StoreUnavailable."""
        if not allowance.of_bytes:
            return
        now = datetime.now(UTC)
        taken, uses = await self._usage.take(person_id, BYTES, key, size, allowance.of_bytes, now)
        if not taken:
            raise OverLimit(too_many_bytes(allowance.of_bytes[0], uses, size, now))

    async def settle(self, person_id: int, key: str, size: int, allowance: Allowance) -> None:
        """It has turned out to be so many. Raises StoreUnavailable."""
        if allowance.of_bytes:
            await self._usage.settle(person_id, BYTES, key, size, datetime.now(UTC))
