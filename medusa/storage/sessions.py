"""Telegram sessions: sealed, with the peers that each one knows, and who uses one now.

What is in them is not known here. Times are those of the database's clock, because the clocks of the
machines that share a session may differ.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.errors import DuplicateKeyError

from medusa.lease import Holder, Lease
from medusa.storage.documents import Document, plain
from medusa.storage.errors import translated

PEER_INDEXES = [IndexModel([("session", ASCENDING)], name="session")]


class Sessions:
    """telegram/session_store.py's SessionStore."""

    def __init__(self, database: Any) -> None:
        self._sessions = database["sessions"]
        self._peers = database["peers"]

    async def leases(self, names: Iterable[str]) -> dict[str, Lease]:
        """Who holds which of these sessions."""
        left = {"$divide": [{"$subtract": ["$lease.until", "$$NOW"]}, 1000]}
        pipeline = [
            {"$match": {"_id": {"$in": list(names)}, "lease": {"$ne": None}}},
            {"$project": {"holder": "$lease.holder", "until": "$lease.until", "seconds_left": left}},
        ]
        with translated():
            found = [document async for document in self._sessions.aggregate(pipeline)]
        return {document.pop("_id"): Lease.model_validate(document) for document in found}

    async def take(self, name: str, holder: Holder, seconds: float, seen: Lease | None) -> bool:
        """Take a lease that stands as it was seen; False when it does not any more."""
        free: Document = {"_id": name, "lease": None}
        as_seen = (
            {"_id": name, "lease.holder.id": seen.holder.id, "lease.until": seen.until} if seen else free
        )
        with translated():
            try:
                taken = await self._sessions.update_one(as_seen, _lease(holder, seconds), upsert=not seen)
            except DuplicateKeyError:
                return False
        return bool(taken.modified_count or taken.upserted_id)

    async def renew(self, name: str, holder: Holder, seconds: float) -> bool:
        """Prolong a lease; False when somebody else has it."""
        mine = {"_id": name, "lease.holder.id": holder.id}
        with translated():
            renewed = await self._sessions.update_one(mine, _lease(holder, seconds))
        return bool(renewed.matched_count) or await self.take(name, holder, seconds, None)

    async def release(self, name: str, holder: Holder) -> None:
        """Give a lease back."""
        with translated():
            await self._sessions.update_one(
                {"_id": name, "lease.holder.id": holder.id}, {"$set": {"lease": None}}
            )

    async def load(self, name: str) -> tuple[bytes | None, dict[int, bytes]]:
        """What is kept of a session, and of each peer that it knows."""
        with translated():
            found = await self._sessions.find_one({"_id": name}, {"sealed": 1})
            known = self._peers.find({"session": name}, {"_id": 0, "peer": 1, "sealed": 1})
            peers = {document["peer"]: document["sealed"] async for document in known}
        return (found or {}).get("sealed"), peers

    async def save(self, name: str, holder: Holder, sealed: bytes) -> None:
        """Keep a session, if it is still this holder's."""
        with translated():
            await self._sessions.update_one(
                {"_id": name, "lease.holder.id": holder.id}, {"$set": {"sealed": sealed}}
            )

    async def save_peers(self, name: str, peers: Mapping[int, bytes]) -> None:
        """Keep peers that a session knows."""
        changes = [
            UpdateOne(
                {"_id": f"{name}/{peer}"},
                {"$set": {"session": name, "peer": peer, "sealed": sealed}},
                upsert=True,
            )
            for peer, sealed in peers.items()
        ]
        with translated():
            await self._peers.bulk_write(changes, ordered=False)

    async def forget(self, name: str) -> None:
        """Keep nothing of a session but who holds it."""
        with translated():
            await self._sessions.update_one({"_id": name}, {"$unset": {"sealed": ""}})
            await self._peers.delete_many({"session": name})


def _lease(holder: Holder, seconds: float) -> list[Document]:
    """An update that makes a session this holder's from now on."""
    until = {"$add": ["$$NOW", round(1000 * seconds)]}
    return [{"$set": {"lease": {"holder": {"$literal": plain(holder)}, "until": until}}}]
