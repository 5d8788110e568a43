"""What sessions need of a database. medusa/storage/sessions.py has it."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from medusa.lease import Holder, Lease


class SessionStore(Protocol):
    """Sealed sessions by name, and who uses one. Each method raises StoreUnavailable when the database is
    down."""

    async def leases(self, names: Iterable[str]) -> dict[str, Lease]:
        """Who holds which of these sessions; those that nobody holds are left out."""
        ...

    async def take(self, name: str, holder: Holder, seconds: float, seen: Lease | None) -> bool:
        """Take a lease for so long, atomically, if it stands as it was seen; False when it does not."""
        ...

    async def renew(self, name: str, holder: Holder, seconds: float) -> bool:
        """Prolong a lease from now; False when somebody else has it."""
        ...

    async def release(self, name: str, holder: Holder) -> None:
        """Give a lease back, if it is still this holder's."""
        ...

    async def load(self, name: str) -> tuple[bytes | None, dict[int, bytes]]:
        """What is kept of a session, and by id of each peer that it knows."""
        ...

    async def save(self, name: str, holder: Holder, sealed: bytes) -> None:
        """Keep a session, if it is still this holder's."""
        ...

    async def save_peers(self, name: str, peers: Mapping[int, bytes]) -> None:
        """Keep peers that a session knows."""
        ...

    async def forget(self, name: str) -> None:
        """Keep nothing of a session but who holds it."""
        ...
