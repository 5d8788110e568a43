"""The downloads, each of which is a job: who holds it, and how it stands."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from loguru import logger
from pydantic import ValidationError
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from medusa.model import ACTIVE_STATES, NEXT_STATES, Download, State
from medusa.storage.documents import Document, document_of, download_of, fields_of
from medusa.storage.errors import translated

INDEXES = [
    IndexModel([("state", ASCENDING), ("not_before", ASCENDING)], name="queue"),
    IndexModel([("state", ASCENDING), ("lease_until", ASCENDING)], name="leases"),
    IndexModel(
        [("request.person.id", ASCENDING), ("state", ASCENDING), ("created", ASCENDING)], name="person"
    ),
]

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Downloads:
    """jobs/store.py's DownloadStore."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]

    async def add(self, download: Download) -> bool:
        """Keep a new download; False when it was kept before."""
        with translated():
            try:
                await self._downloads.insert_one(document_of(download))
            except DuplicateKeyError:
                return False
        return True

    async def get(self, job: str) -> Download | None:
        """One download."""
        with translated():
            found = await self._downloads.find_one({"_id": job})
        return await self._read(found)

    async def claim(
        self, now: datetime, lease_until: datetime, *, holder: str, running: Collection[str] = ()
    ) -> Download | None:
        """Take up a download: one whose worker was lost, or the one that has waited longest."""
        taken = {"state": State.RUNNING.value, "lease_until": lease_until, "holder": holder, "updated": now}
        lost = {"state": State.RUNNING.value, "lease_until": {"$lt": now}, "_id": {"$nin": list(running)}}
        waiting = {"state": State.QUEUED.value, "not_before": {"$lte": now}}
        return await self._take(
            lost, {"$set": taken, "$inc": {"claims": 1, "losses": 1}}, "lease_until"
        ) or await self._take(waiting, {"$set": taken, "$inc": {"claims": 1, "attempts": 1}}, "not_before")

    async def renew(self, held: Download, lease_until: datetime) -> Download | None:
        """Prolong the lease of a claim."""
        return await self._update(_claim(held), {"$set": {"lease_until": lease_until}})

    async def move(self, job: str, leaving: State, to: State, **changes: object) -> Download | None:
        """Change state and fields in one step, only from `leaving`."""
        return await self._move({"_id": job, "state": leaving.value}, leaving, to, changes)

    async def settle(self, held: Download, to: State, **changes: object) -> Download | None:
        """End a claim the same way."""
        return await self._move(_claim(held), State.RUNNING, to, {**changes, "lease_until": None})

    async def release(self, holder: str) -> int:
        """End the leases of a process that is known to be gone."""
        with translated():
            result = await self._downloads.update_many(
                {"state": State.RUNNING.value, "holder": holder}, {"$set": {"lease_until": LONG_AGO}}
            )
        return int(result.modified_count)

    async def note(self, job: str, **changes: object) -> Download | None:
        """Change fields, whatever the state."""
        return await self._update(
            {"_id": job}, {"$set": {**fields_of(changes), "updated": datetime.now(UTC)}}
        )

    async def active_of(self, person_id: int) -> list[Download]:
        """A person's downloads that are not over, oldest first."""
        active = {"$in": [state.value for state in ACTIVE_STATES]}
        with translated():
            cursor = self._downloads.find({"request.person.id": person_id, "state": active}).sort("created")
            documents = await cursor.to_list()
        return [download for document in documents if (download := await self._read(document))]

    async def ahead_of(self, download: Download) -> int:
        """Queued downloads that will be taken up before this one."""
        earlier = {"state": State.QUEUED.value, "not_before": {"$lt": download.not_before}}
        with translated():
            return int(await self._downloads.count_documents(earlier))

    async def _move(
        self, query: Document, leaving: State, to: State, changes: dict[str, object]
    ) -> Download | None:
        if to not in NEXT_STATES[leaving]:
            raise ValueError(f"a download never goes from {leaving} to {to}")
        return await self._update(
            query, {"$set": {**fields_of(changes), "state": to.value, "updated": datetime.now(UTC)}}
        )

    async def _take(self, query: Document, update: Document, order: str) -> Download | None:
        """Change the first of these; one that cannot be read does not stand in the way of the others."""
        while True:
            with translated():
                found = await self._downloads.find_one_and_update(
                    query, update, sort=[(order, ASCENDING)], return_document=ReturnDocument.AFTER
                )
            if found is None:
                return None
            if download := await self._read(found):
                return download

    async def _update(self, query: Document, update: Document) -> Download | None:
        with translated():
            found = await self._downloads.find_one_and_update(
                query, update, return_document=ReturnDocument.AFTER
            )
        return await self._read(found)

    async def _read(self, document: Document | None) -> Download | None:
        """The download in a document; None if there is none. One that cannot be read ends."""
        if document is None:
            return None
        try:
            return download_of(document)
        except ValidationError as error:
            logger.error("the record of download {} cannot be read, so it ends: {}", document["_id"], error)
        ended = {"state": State.FAILED.value, "error": "Its record is damaged.", "lease_until": None}
        with translated():
            await self._downloads.update_one({"_id": document["_id"]}, {"$set": ended})
        return None


def _claim(held: Download) -> Document:
    return {"_id": held.id, "state": State.RUNNING.value, "claims": held.claims}
