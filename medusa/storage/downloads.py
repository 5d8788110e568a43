"""The downloads, each of which is a job: who holds it, and how it stands."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from medusa.model import ACTIVE_STATES, NEXT_STATES, OVER_STATES, RESTING_STATES, Download, State
from medusa.storage import line
from medusa.storage.copies import PARKED_COPIES
from medusa.storage.documents import Document, document_of, fields_of, readable
from medusa.storage.errors import translated
from medusa.storage.fairness import ahead, next_in_line
from medusa.storage.line import PERSON, Line

INDEXES = [
    *line.INDEXES,
    IndexModel([("state", ASCENDING), ("lease_until", ASCENDING)], name="leases"),
    IndexModel([("updated", ASCENDING)], name="unshown", partialFilterExpression={"unshown": True}),
    IndexModel(
        [("request.person.id", ASCENDING), ("state", ASCENDING), ("created", ASCENDING)], name="person"
    ),
]

LONGEST_WAIT = 300
"""Seconds for which a download is left alone that loses worker after worker."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


MOST_UNSHOWN = 1000
"""Downloads that are read at a time; those that remain come with the next look."""

_ENDED_EARLY = (State.FAILED, State.CANCELLED)


class _SeatTaken(Exception):
    """Another process has given this seat to another download of the same person."""


class Downloads:
    """jobs/store.py's DownloadStore."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]
        self._line = Line(database)

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
        self,
        now: datetime,
        lease_until: datetime,
        *,
        holder: str,
        running: Collection[str] = (),
        most: int | None = None,
    ) -> Download | None:
        """Take up a download: one whose worker was lost, else the next of the person whose turn it is."""
        taken: Document = {
            "state": State.RUNNING.value,
            "lease_until": lease_until,
            "holder": {"$literal": holder},
            "updated": now,
            "started": {"$ifNull": ["$started", now]},
            "claims": _one_more("claims"),
        }
        lost = {"state": State.RUNNING.value, "lease_until": {"$lt": now}, "_id": {"$nin": list(running)}}
        update = [{"$set": {**taken, "losses": _one_more("losses")}}]
        return await self._take(lost, update, sort=[("lease_until", ASCENDING)]) or await self._take_next(
            now, taken, most
        )

    async def _take_next(self, now: datetime, taken: Document, most: int | None) -> Download | None:
        while called := next_in_line(await self._line.due(now), most):
            await self._line.call(called.person, now)
            own = {"state": State.QUEUED.value, PERSON: called.person, "not_before": {"$lte": now}}
            update = [{"$set": {**taken, "seat": called.free_seat, "attempts": _one_more("attempts")}}]
            try:
                found = await self._take(own, update, **line.IN_ORDER)
            except _SeatTaken:
                continue
            if found is not None:
                return found
        return None

    async def renew(self, held: Download, lease_until: datetime) -> Download | None:
        """Prolong the lease of a claim."""
        return await self._update(_claim(held), {"$set": {"lease_until": lease_until}})

    async def move(self, job: str, leaving: State, to: State, **changes: object) -> Download | None:
        """Change state and fields in one step, only from `leaving`."""
        return await self._move({"_id": job, "state": leaving.value}, leaving, to, changes)

    async def progress(self, held: Download, /, **changes: object) -> Download | None:
        """Change fields of a claim."""
        return await self._update(
            _claim(held), {"$set": {**fields_of(changes), "updated": datetime.now(UTC)}}
        )

    async def settle(self, held: Download, to: State, **changes: object) -> Download | None:
        """End a claim the same way."""
        return await self._move(_claim(held), State.RUNNING, to, {**changes, "lease_until": None})

    async def release(self, holder: str) -> int:
        """End the leases of a process that is known to be gone."""
        # At once, and later and later when it loses worker after worker: then it may be the reason.
        wait = {"$min": [LONGEST_WAIT, {"$pow": [2, "$losses"]}]}
        later = {"$dateAdd": {"startDate": "$$NOW", "unit": "second", "amount": {"$toLong": wait}}}
        free = {"$cond": [{"$gt": ["$losses", 0]}, later, LONG_AGO]}
        with translated():
            result = await self._downloads.update_many(
                {"state": State.RUNNING.value, "holder": holder}, [{"$set": {"lease_until": free}}]
            )
        return int(result.modified_count)

    async def note(self, job: str, **changes: object) -> Download | None:
        """Change fields, whatever the state."""
        return await self._update(
            {"_id": job}, {"$set": {**fields_of(changes), "updated": datetime.now(UTC)}}
        )

    async def unshown(self, before: datetime) -> list[Download]:
        """Downloads whose status message has not said since then how they stand, oldest first."""
        query = {"unshown": True, "updated": {"$lt": before}, "status_message_id": {"$ne": None}}
        with translated():
            cursor = self._downloads.find(query).sort("updated")
            documents = await cursor.to_list(MOST_UNSHOWN)
        return [download for document in documents if (download := await self._read(document))]

    async def shown(self, download: Download) -> None:
        """The status message says how this download stands."""
        as_it_stands = {"_id": download.id, "state": download.state.value, "claims": download.claims}
        with translated():
            await self._downloads.update_one(as_it_stands, {"$set": {"unshown": False}})

    async def active_of(self, person_id: int) -> list[Download]:
        """A person's downloads that are not over, oldest first."""
        active = {"$in": [state.value for state in ACTIVE_STATES]}
        with translated():
            cursor = self._downloads.find({"request.person.id": person_id, "state": active}).sort("created")
            documents = await cursor.to_list()
        return [download for document in documents if (download := await self._read(document))]

    async def ahead_of(self, download: Download) -> int:
        """Queued downloads that will be taken up before this one, if nothing ends meanwhile."""
        request, horizon = download.request, max(download.not_before, datetime.now(UTC))
        own = {"state": State.QUEUED.value, PERSON: request.person.id, "not_before": {"$lte": horizon}}
        earlier = [
            {"request.message_id": {"$lt": request.message_id}},
            {"request.message_id": request.message_id, "created": {"$lt": download.created}},
        ]
        before = self._count({**own, "$or": earlier})
        person, since = request.person.id, download.not_before
        return ahead(*await self._line.around(person, since, horizon, before))

    async def _count(self, query: Document) -> int:
        with translated():
            return int(await self._downloads.count_documents(query))

    async def _move(
        self, query: Document, leaving: State, to: State, changes: dict[str, object]
    ) -> Download | None:
        if to not in NEXT_STATES[leaving]:
            raise ValueError(f"a download never goes from {leaving} to {to}")
        now = datetime.now(UTC)
        fields = {
            "unshown": to in RESTING_STATES,
            **fields_of(changes),
            "state": to.value,
            "updated": now,
            **({"finished": now} if to in OVER_STATES else {}),
        }
        if to not in _ENDED_EARLY:
            return await self._update(query, {"$set": fields})
        fields["log_copies.$[parked].next_try"] = now
        return await self._update(query, {"$set": fields}, array_filters=[PARKED_COPIES])

    async def _take(self, query: Document, update: list[Document], **order: Any) -> Download | None:
        """Change the first of these; one that cannot be read does not stand in the way of the others.

        Raises _SeatTaken when another process has served the same person at the same time.
        """
        while True:
            with translated():
                try:
                    found = await self._downloads.find_one_and_update(
                        query, update, return_document=ReturnDocument.AFTER, **order
                    )
                except DuplicateKeyError as error:
                    raise _SeatTaken from error
            if found is None:
                return None
            if download := await self._read(found):
                return download

    async def _update(self, query: Document, update: Document, **options: Any) -> Download | None:
        with translated():
            found = await self._downloads.find_one_and_update(
                query, update, return_document=ReturnDocument.AFTER, **options
            )
        return await self._read(found)

    async def _read(self, document: Document | None) -> Download | None:
        """The download in a document; None if there is none. One that cannot be read ends."""
        if document is None:
            return None
        if download := readable(document):
            return download
        ended = {
            "state": State.FAILED.value,
            "error": "Its record is damaged.",
            "reason": "DamagedRecord",
            "finished": datetime.now(UTC),
            "lease_until": None,
        }
        with translated():
            await self._downloads.update_one({"_id": document["_id"]}, {"$set": ended})
        return None


def _one_more(field: str) -> Document:
    return {"$add": [{"$ifNull": [f"${field}", 0]}, 1]}


def _claim(held: Download) -> Document:
    return {"_id": held.id, "state": State.RUNNING.value, "claims": held.claims}
