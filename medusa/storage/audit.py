"""What owners and admins have done."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from medusa.audit import Deed
from medusa.storage.documents import plain
from medusa.storage.errors import translated

INDEXES = [
    IndexModel([("at", DESCENDING)], name="at"),
    IndexModel([("what", ASCENDING), ("subject", ASCENDING), ("at", DESCENDING)], name="last_of"),
]


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

    async def last_of(self, what: str) -> dict[str, Deed]:
        """The last deed of this kind to each subject."""
        pipeline = [
            {"$match": {"what": what}},
            {"$sort": {"what": ASCENDING, "subject": ASCENDING, "at": DESCENDING}},
            {"$group": {"_id": "$subject", "deed": {"$first": "$$ROOT"}}},
            {"$unset": "deed._id"},
        ]
        with translated():
            found = await self._deeds.aggregate(pipeline).to_list()
        return {one["_id"]: Deed.model_validate(one["deed"]) for one in found}
