"""What owners and admins have done."""

from typing import Any

from pymongo import DESCENDING, IndexModel

from medusa.audit import Deed
from medusa.storage.documents import plain
from medusa.storage.errors import translated

INDEXES = [IndexModel([("at", DESCENDING)], name="at")]


class AuditRecord:
    """audit.py's AuditStore."""

    def __init__(self, database: Any) -> None:
        self._deeds = database["audit"]

    async def add(self, deed: Deed) -> None:
        """Keep a deed."""
        with translated():
            await self._deeds.insert_one(plain(deed))

    async def latest(self, skip: int, most: int) -> list[Deed]:
        """Newest first."""
        with translated():
            cursor = self._deeds.find({}, {"_id": 0}).sort("at", DESCENDING).skip(skip).limit(most)
            return [Deed.model_validate(document) async for document in cursor]
