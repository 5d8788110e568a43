"""What one person sees of their downloads: those under way, and those from before."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from medusa.model import ACTIVE_STATES, Download, State
from medusa.storage.documents import Document, readable
from medusa.storage.errors import translated
from medusa.storage.items import BATCH
from medusa.storage.line import PERSON

_IN_ORDER = [("request.message_id", ASCENDING), ("created", ASCENDING)]
_OWN, _OF_PERSON = "own", "person"
"""Indexes that are always right here; the database might try another one."""
INDEXES = [
    # Links by themselves stand before those of batches, of which there may be thousands.
    IndexModel([(PERSON, ASCENDING), (BATCH, ASCENDING), ("state", ASCENDING), *_IN_ORDER], name=_OWN)
]
_ACTIVE = {"$in": [state.value for state in ACTIVE_STATES]}
_FINISHED = {"$in": [State.DONE.value, State.FAILED.value]}


class OwnDownloads:
    """jobs/tasks.py's and jobs/history.py's store."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]

    async def singles(self, person_id: int, skip: int, most: int) -> list[Download]:
        """Downloads under way that belong to no batch, in the order of their messages."""
        cursor = self._downloads.find(_single(person_id)).sort(_IN_ORDER).hint(_OWN)
        return await self._read(cursor.skip(skip), most)

    async def count_singles(self, person_id: int) -> int:
        """How many there are."""
        with translated():
            return int(await self._downloads.count_documents(_single(person_id), hint=_OWN))

    async def finished(self, person_id: int, skip: int, most: int) -> list[Download]:
        """Downloads that were delivered or failed, newest first."""
        # Each of both states is in order in that index of downloads.py.
        query = {PERSON: person_id, "state": _FINISHED}
        cursor = self._downloads.find(query).sort("created", DESCENDING).hint(_OF_PERSON)
        return await self._read(cursor.skip(skip), most)

    async def get(self, job: str) -> Download | None:
        """One download."""
        with translated():
            found = await self._downloads.find_one({"_id": job})
        return readable(found) if found else None

    async def _read(self, cursor: Any, most: int) -> list[Download]:
        with translated():
            documents = await cursor.limit(most).to_list(most)
        return [download for document in documents if (download := readable(document))]


def _single(person_id: int) -> Document:
    return {PERSON: person_id, BATCH: None, "state": _ACTIVE}
