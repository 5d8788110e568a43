"""How fast all processes together have written in a chat lately."""

from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument

from medusa.storage.documents import Document
from medusa.storage.errors import translated

INDEXES = [IndexModel([("full_at", ASCENDING)], name="quiet", expireAfterSeconds=60)]


class Paces:
    """telegram/pace.py's Buckets. Of each chat only when its bucket will be full, by the database's clock."""

    def __init__(self, database: Any) -> None:
        self._paces = database["paces"]

    async def take(self, chat_id: int, burst: float, rate: float) -> float:
        """Take a token out of a chat's bucket, on credit if need be; how many were there."""
        later = {"$add": [{"$max": ["$full_at", "$$NOW"]}, round(1000 / rate)]}
        update: list[Document] = [{"$set": {"full_at": later, "now": "$$NOW"}}]
        with translated():
            found = await self._paces.find_one_and_update(
                {"_id": chat_id}, update, upsert=True, return_document=ReturnDocument.AFTER
            )
        missing: float = (found["full_at"] - found["now"]).total_seconds() * rate - 1
        return burst - missing
