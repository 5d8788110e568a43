"""Batches: what they are, and the links that they were made from."""

import asyncio
import json
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from loguru import logger
from pydantic import ValidationError
from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from medusa.batch import Batch, BatchState, Question
from medusa.batch_text import Entry
from medusa.storage.documents import Document, document_of, fields_of, value_of
from medusa.storage.errors import translated

DRAFT_LIFE = timedelta(days=2)
"""Of a batch that nobody has started."""

INDEXES = [
    IndexModel([("state", ASCENDING), ("created", ASCENDING)], name="state"),
    IndexModel([("person.id", ASCENDING), ("created", DESCENDING)], name="person"),
    IndexModel([("created", ASCENDING)], name="unshown", partialFilterExpression={"unshown": True}),
    IndexModel(
        [("created", ASCENDING)],
        name="drafts",
        partialFilterExpression={"state": BatchState.DRAFT.value},
        expireAfterSeconds=int(DRAFT_LIFE.total_seconds()),
    ),
]
LIST_INDEXES = [IndexModel([("kept", ASCENDING)], name="life", expireAfterSeconds=60 * 60 * 24 * 60)]
"""A list is of use as long as somebody may want its failed links again."""
_UNDER_WAY = [BatchState.RUNNING.value, BatchState.PAUSED.value]


class Batches:
    """jobs/store.py's BatchStore."""

    def __init__(self, database: Any) -> None:
        self._batches = database["batches"]
        self._lists = database["lists"]

    async def add(self, batch: Batch, entries: Sequence[Entry]) -> bool:
        """Keep a new batch with its list; False when it was kept before."""
        # Of 20,000 links it takes a tenth of a second.
        kept = {"entries": await asyncio.to_thread(_packed, entries), "kept": datetime.now(UTC)}
        with translated():
            await self._lists.replace_one({"_id": batch.id}, kept, upsert=True)
            try:
                await self._batches.insert_one(document_of(batch))
            except DuplicateKeyError:
                return False
        return True

    async def get(self, batch_id: str) -> Batch | None:
        """One batch."""
        with translated():
            return _read(await self._batches.find_one({"_id": batch_id}))

    async def entries(self, batch_id: str) -> tuple[Entry, ...]:
        """Its whole list, in order; empty when it is gone."""
        with translated():
            found = await self._lists.find_one({"_id": batch_id})
        return await asyncio.to_thread(_unpacked, found["entries"]) if found else ()

    async def answer(self, batch_id: str, question: Question, **changes: object) -> Batch | None:
        """Change a draft, only while this is its question; None when it is not."""
        asked = {"_id": batch_id, "state": BatchState.DRAFT.value, "questions.0": question.value}
        return await self._update(asked, changes)

    async def move(
        self, batch_id: str, leaving: Sequence[BatchState], to: BatchState, **changes: object
    ) -> Batch | None:
        """Change state and fields in one step; None when it is in none of these states."""
        states = {"$in": [state.value for state in leaving]}
        return await self._update({"_id": batch_id, "state": states}, {**changes, "state": to})

    async def note(self, batch_id: str, **changes: object) -> Batch | None:
        """Change fields, whatever the state."""
        return await self._update({"_id": batch_id}, changes)

    async def drop(self, batch_id: str) -> bool:
        """Throw a draft away; False when it is none any more."""
        with translated():
            result = await self._batches.delete_one({"_id": batch_id, "state": BatchState.DRAFT.value})
            if result.deleted_count:
                await self._lists.delete_one({"_id": batch_id})
        return bool(result.deleted_count)

    async def under_way(self, person_id: int | None = None) -> list[Batch]:
        """Batches that are running or paused, of everybody or of one; oldest first."""
        whose = {} if person_id is None else {"person.id": person_id}
        return await self._list({"state": {"$in": _UNDER_WAY}, **whose})

    async def unshown(self) -> list[Batch]:
        """Batches that are over, and of which not everybody was told."""
        return await self._list({"unshown": True})

    async def _list(self, query: Document) -> list[Batch]:
        with translated():
            documents = await self._batches.find(query).sort("created").to_list()
        return [batch for document in documents if (batch := _read(document))]

    async def _update(self, query: Document, changes: dict[str, object]) -> Batch | None:
        with translated():
            found = await self._batches.find_one_and_update(
                query, {"$set": fields_of(changes)}, return_document=ReturnDocument.AFTER
            )
        return _read(found)


def _read(document: Document | None) -> Batch | None:
    """None too, and a complaint, for a damaged one: it must not stand in the way of others."""
    if document is None:
        return None
    try:
        return Batch.model_validate(value_of(document))
    except ValidationError as error:
        logger.error("the record of batch {} cannot be read: {}", document["_id"], error)
        return None


def _packed(entries: Sequence[Entry]) -> bytes:
    """A list of 10,000 links is 2 MB of text, and 200 kB like this."""
    return zlib.compress(json.dumps([entry.model_dump(exclude_defaults=True) for entry in entries]).encode())


def _unpacked(data: bytes) -> tuple[Entry, ...]:
    return tuple(Entry.model_validate(entry) for entry in json.loads(zlib.decompress(data)))
