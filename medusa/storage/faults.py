"""Faults in the program, each once."""

from datetime import datetime
from typing import Any

from pymongo import DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from medusa.fault import Fault
from medusa.storage.documents import Document, document_of, value_of
from medusa.storage.errors import translated

KEPT_SECONDS = 90 * 86_400
"""After the last time that one was seen."""

INDEXES = [
    IndexModel([("last", DESCENDING)], name="last", expireAfterSeconds=KEPT_SECONDS),
    IndexModel([("told_at", DESCENDING)], name="told_at"),
]


class Faults:
    """faults.py's FaultStore."""

    def __init__(self, database: Any) -> None:
        self._faults = database["faults"]

    async def add(self, fault: Fault) -> None:
        """Keep a new one; of one that is known, that it was seen again."""
        first = document_of(fault)
        key = {"_id": first.pop("_id")}
        again = {"$max": {"last": first.pop("last")}, "$inc": {"count": first.pop("count")}}
        with translated():
            try:
                await self._faults.update_one(key, {"$setOnInsert": first, **again}, upsert=True)
            except DuplicateKeyError:  # another process had it first, at the same moment
                await self._faults.update_one(key, again)

    async def get(self, fault_id: str) -> Fault | None:
        """One of them."""
        with translated():
            found = await self._faults.find_one({"_id": fault_id})
        return Fault.model_validate(value_of(found)) if found else None

    async def latest(self, skip: int, most: int) -> list[Fault]:
        """Those that were seen last, the newest first."""
        return await self._read({}, skip, most)

    async def untold(self, most: int) -> list[Fault]:
        """Those that the owner was never told of."""
        return await self._read({"told_at": None}, 0, most)

    async def again(self, told_before: datetime, most: int) -> list[Fault]:
        """Those that were seen again since the owner was told of them, which is some time ago."""
        more = {"$expr": {"$gt": ["$count", "$told"]}}
        return await self._read({"told_at": {"$lt": told_before}, **more}, 0, most)

    async def tell(self, fault: Fault, now: datetime) -> None:
        """The owner knows of one as it was."""
        with translated():
            await self._faults.update_one({"_id": fault.id}, {"$set": {"told": fault.count, "told_at": now}})

    async def forget(self, fault_id: str) -> bool:
        """Let go of one; False when it was gone."""
        with translated():
            result = await self._faults.delete_one({"_id": fault_id})
        return bool(result.deleted_count)

    async def _read(self, query: Document, skip: int, most: int) -> list[Fault]:
        with translated():
            cursor = self._faults.find(query).sort("last", DESCENDING).skip(skip).limit(most)
            return [Fault.model_validate(value_of(document)) async for document in cursor]
