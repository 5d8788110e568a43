"""What is kept of the database in a backup: documents as lines of JSON, and back, exactly as they were.

The lines are MongoDB's canonical Extended JSON, in which every type has its own notation, so that numbers of
64 bits, times, binary data and null come back as what they were.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC
from typing import Any, NamedTuple

from bson.errors import BSONError
from bson.json_util import JSONMode, JSONOptions, dumps, loads
from pymongo import InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError

from medusa.errors import BrokenBackup
from medusa.storage.documents import Document
from medusa.storage.errors import translated
from medusa.storage.schema import SCHEMA_ID

KEPT = (
    *("users", "channels", "chats", "targets", "cookies", "pictures", "settings"),
    *("batches", "lists", "downloads", "broadcasts", "audit", "analytics", "usage", "faults"),
)
"""Collections, in the order in which they come back. `lists` are those of batches; `cookies` are sealed."""
LEFT_OUT = {
    "sessions": "a login with Telegram is a secret, and may be in use in one place only",
    "peers": "they belong to such a session",
    "uploads": "Telegram forgets what was not finished; it is sent anew",
    "transfers": "how far a running download is",
    "dialogs": "questions that wait for an answer",
    "turns": "who was served last",
    "paces": "how fast was written to a chat",
}
"""The others, and why nobody misses them."""

_CANONICAL = JSONOptions(json_mode=JSONMode.CANONICAL, tz_aware=True, tzinfo=UTC)
_NOT_SCHEMA: Document = {"_id": {"$ne": SCHEMA_ID}}
_DUPLICATE = 11000


class Restored(NamedTuple):
    """What became of documents of a backup."""

    known: int
    """Of them, those whose id was there before."""
    written: int
    refused: int
    """They cannot be beside what is there: another download of the same person has their seat."""
    there: int
    """Of them, those whose id is there at the end."""


class Backup:
    """migration/backup.py's BackupStore."""

    collections = KEPT

    def __init__(self, database: Any) -> None:
        self._database = database

    async def counts(self) -> dict[str, int]:
        """How many documents each collection has."""
        with translated():
            return {
                name: int(await self._database[name].count_documents(_NOT_SCHEMA))
                for name in self.collections
            }

    async def lines(self, collection: str, at_once: int) -> AsyncIterator[list[str]]:
        """All documents in the order of their ids, so none comes twice while others are added."""
        cursor = self._database[collection].find(_NOT_SCHEMA, batch_size=at_once).sort("_id").hint("_id_")
        some = list[str]()
        with translated():
            async for document in cursor:
                some.append(dumps(document, json_options=_CANONICAL))
                if len(some) == at_once:
                    yield some
                    some = []
        if some:
            yield some

    async def known(self, collection: str, lines: Sequence[str]) -> int:
        """How many of these documents have an id that is there. Raises BrokenBackup, StoreUnavailable."""
        return await self._known(collection, _documents(lines))

    async def restore(self, collection: str, lines: Sequence[str], *, overwrite: bool) -> Restored:
        """Write documents; those whose id is there are replaced, or stay as they are. Raises BrokenBackup,
        StoreUnavailable."""
        documents = _documents(lines)
        known = await self._known(collection, documents)
        writes = [
            ReplaceOne({"_id": document["_id"]}, document, upsert=True) if overwrite else InsertOne(document)
            for document in documents
        ]
        kept = refused = 0
        with translated():
            try:
                await self._database[collection].bulk_write(writes, ordered=False)
            except BulkWriteError as error:
                kept, refused = _left_out(error)
        there = await self._known(collection, documents)
        return Restored(known, len(documents) - kept - refused, refused, there)

    async def _known(self, collection: str, documents: Sequence[Document]) -> int:
        ids = [document["_id"] for document in documents]
        with translated():
            return int(await self._database[collection].count_documents({"_id": {"$in": ids}}))


def _documents(lines: Sequence[str]) -> list[Document]:
    try:
        documents = [loads(line, json_options=_CANONICAL) for line in lines]
    except (ValueError, TypeError, BSONError) as error:
        raise BrokenBackup("The backup has a line that is no document.", detail=str(error)) from error
    if not all(isinstance(document, dict) and "_id" in document for document in documents):
        raise BrokenBackup("The backup has a line that is no document.")
    return documents


def _left_out(error: BulkWriteError) -> tuple[int, int]:
    """How many were not written because their id is there, and because of something else that is there.

    Raises the error where it is another one.
    """
    details: Mapping[str, Any] = error.details or {}
    errors: Sequence[Mapping[str, Any]] = details.get("writeErrors", ())
    if details.get("writeConcernErrors") or any(one["code"] != _DUPLICATE for one in errors):
        raise error
    kept = sum(1 for one in errors if "_id" in one.get("keyPattern", {}))
    return kept, len(errors) - kept
