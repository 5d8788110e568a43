"""The downloads of a batch, taken together."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.errors import BulkWriteError

from medusa.batch import Failure, Tally
from medusa.model import ACTIVE_STATES, Download, State
from medusa.storage.copies import PARKED_COPIES
from medusa.storage.documents import Document, document_of, readable
from medusa.storage.errors import translated
from medusa.storage.line import LINE, PERSON

BATCH, NUMBER = "request.item.batch", "request.item.number"
INDEXES = [
    IndexModel(
        [(BATCH, ASCENDING), ("state", ASCENDING), (NUMBER, ASCENDING)],
        name="items",
        partialFilterExpression={BATCH: {"$gt": ""}},
    )
]
_DUPLICATE = 11000
_ACTIVE = {"$in": [state.value for state in ACTIVE_STATES]}


class Items:
    """jobs/store.py's ItemStore."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]

    async def add(self, downloads: Sequence[Download]) -> None:
        """Keep new items; those that were kept before stay as they are."""
        with translated():
            try:
                await self._downloads.insert_many([document_of(one) for one in downloads], ordered=False)
            except BulkWriteError as error:
                if any(one["code"] != _DUPLICATE for one in error.details["writeErrors"]):
                    raise

    async def tally(self, batch_id: str) -> Tally:
        """How they stand."""
        pipeline: list[Document] = [
            {"$match": {BATCH: batch_id}},
            {"$group": {"_id": "$state", "count": {"$sum": 1}}},
        ]
        with translated():
            found = {one["_id"]: one["count"] async for one in self._downloads.aggregate(pipeline)}
        return Tally(**{name: found.get(name, 0) for name in Tally.model_fields})

    async def running(self, batch_id: str, most: int = 50) -> list[Download]:
        """Those that run, in order."""
        with translated():
            cursor = self._downloads.find({BATCH: batch_id, "state": State.RUNNING.value})
            documents = await cursor.sort(NUMBER, ASCENDING).to_list(most)
        return [download for document in documents if (download := readable(document))]

    async def is_first(self, batch_id: str, number: int) -> bool:
        """Whether all before this one are over."""
        earlier = {BATCH: batch_id, "state": _ACTIVE, NUMBER: {"$lt": number}}
        with translated():
            return await self._downloads.find_one(earlier, {"_id": 1}) is None

    async def release(self, batch_id: str, now: datetime) -> None:
        """Let the first that is not over be due, if it waits for its turn."""
        with translated():
            first = await self._downloads.find_one(
                {BATCH: batch_id, "state": _ACTIVE}, {"_id": 1}, sort=[(NUMBER, ASCENDING)]
            )
            if first is None:
                return
            await self._downloads.update_one(
                {"_id": first["_id"], "state": State.QUEUED.value, "parked": True},
                {"$set": {"not_before": now, "parked": False}},
            )

    async def set_due(self, batch_id: str, when: datetime) -> None:
        """Let all that are queued be due then."""
        with translated():
            await self._downloads.update_many(
                {BATCH: batch_id, "state": State.QUEUED.value}, {"$set": {"not_before": when}}
            )

    async def hold_back(self, batch_id: str, number: int, most: int, until: datetime) -> None:
        """Let nothing behind this one be due before then, if `most` before it are queued."""
        queued: Document = {BATCH: batch_id, "state": State.QUEUED.value}
        with translated():
            waiting = await self._downloads.count_documents({**queued, NUMBER: {"$lt": number}}, limit=most)
            if waiting >= most:
                later = {**queued, NUMBER: {"$gt": number}, "not_before": {"$lt": until}}
                await self._downloads.update_many(later, {"$set": {"not_before": until}})

    async def bring_forward(self, batch_id: str, person_id: int, held: datetime, when: datetime) -> None:
        """Let those of this person that are due at `held` be due then."""
        # By that index it costs nothing where there are none.
        found = {"state": State.QUEUED.value, PERSON: person_id, "not_before": held, BATCH: batch_id}
        with translated():
            await self._downloads.update_many(found, {"$set": {"not_before": when}}, hint=LINE)

    async def cancel(self, batch_id: str) -> list[str]:
        """End all that are queued, and ask those that run to end; these."""
        now = datetime.now(UTC)
        running = {BATCH: batch_id, "state": State.RUNNING.value}
        with translated():
            await self._downloads.update_many(
                {BATCH: batch_id, "state": State.QUEUED.value},
                {
                    "$set": {
                        "state": State.CANCELLED.value,
                        "updated": now,
                        "finished": now,
                        "log_copies.$[parked].next_try": now,
                    }
                },
                array_filters=[PARKED_COPIES],
            )
            await self._downloads.update_many(running, {"$set": {"cancel_requested": True}})
            return [one["_id"] async for one in self._downloads.find(running, {"_id": 1})]

    async def failures(self, batch_id: str) -> list[Failure]:
        """Those that failed, in order."""
        failed = {BATCH: batch_id, "state": State.FAILED.value}
        wanted = {"request.url": 1, "request.item": 1, "error": 1}
        with translated():
            documents = await self._downloads.find(failed, wanted).sort(NUMBER, ASCENDING).to_list()
        return [
            Failure(
                number=one["request"]["item"]["number"],
                url=one["request"]["url"],
                name=one["request"]["item"]["name"],
                error=one.get("error") or "",
            )
            for one in documents
        ]

    async def delivered_bytes(self, batch_id: str) -> int:
        """Bytes of all files that were sent."""
        pipeline: list[Document] = [
            {"$match": {BATCH: batch_id, "state": State.DONE.value}},
            {"$group": {"_id": None, "bytes": {"$sum": {"$sum": "$sent.size"}}}},
        ]
        with translated():
            found = [one async for one in self._downloads.aggregate(pipeline)]
        return int(found[0]["bytes"]) if found else 0
