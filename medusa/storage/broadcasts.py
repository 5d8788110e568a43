"""Broadcasts: what they are, and how far they have come."""

from datetime import timedelta
from typing import Any

from loguru import logger
from pydantic import ValidationError
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from medusa.broadcast import Audience, Broadcast, BroadcastState, Tally
from medusa.storage.documents import Document, document_of, fields_of, value_of
from medusa.storage.errors import translated

DRAFT_LIFE = timedelta(days=2)
"""Of a broadcast that nobody has sent."""

_RUNNING = BroadcastState.RUNNING.value
INDEXES = [
    IndexModel(
        [("state", ASCENDING)], name="running", unique=True, partialFilterExpression={"state": _RUNNING}
    ),
    IndexModel([("finished", ASCENDING)], name="untold", partialFilterExpression={"untold": True}),
    IndexModel(
        [("created", ASCENDING)],
        name="drafts",
        partialFilterExpression={"state": BroadcastState.DRAFT.value},
        expireAfterSeconds=int(DRAFT_LIFE.total_seconds()),
    ),
]
"""The first one sees to it that one broadcast runs at a time."""


class Broadcasts:
    """jobs/broadcasts.py's and jobs/broadcaster.py's BroadcastStore."""

    def __init__(self, database: Any) -> None:
        self._broadcasts = database["broadcasts"]

    async def add(self, broadcast: Broadcast) -> bool:
        """Keep a draft; False when it was kept before."""
        with translated():
            try:
                await self._broadcasts.insert_one(document_of(broadcast))
            except DuplicateKeyError:
                return False
        return True

    async def get(self, broadcast_id: str) -> Broadcast | None:
        """One broadcast."""
        with translated():
            return _read(await self._broadcasts.find_one({"_id": broadcast_id}))

    async def running(self) -> Broadcast | None:
        """The one that is on its way."""
        with translated():
            return _read(await self._broadcasts.find_one({"state": _RUNNING}))

    async def untold(self) -> list[Broadcast]:
        """Those that are over, and whose sender was not told."""
        with translated():
            documents = await self._broadcasts.find({"untold": True}).sort("finished").to_list()
        return [one for document in documents if (one := _read(document))]

    async def move(
        self, broadcast_id: str, leaving: BroadcastState, to: BroadcastState, **changes: object
    ) -> Broadcast | None:
        """Change state and fields in one step; None when it is not in that state, or another one is running
        already."""
        left = {"_id": broadcast_id, "state": leaving.value}
        with translated():
            try:
                return await self._update(left, {"$set": fields_of({**changes, "state": to})})
            except DuplicateKeyError:
                return None

    async def choose(self, broadcast_id: str, audience: Audience) -> Broadcast | None:
        """Let these get a draft; None when it is none any more."""
        draft = {"_id": broadcast_id, "state": BroadcastState.DRAFT.value}
        with translated():
            return await self._update(draft, {"$set": {"audience": audience.value}})

    async def note(self, broadcast_id: str, **changes: object) -> Broadcast | None:
        """Change fields, whatever the state."""
        with translated():
            return await self._update({"_id": broadcast_id}, {"$set": fields_of(changes)})

    async def advance(self, broadcast: Broadcast, cursor: int, some: Tally) -> Broadcast | None:
        """Note that everybody up to `cursor` was written to, in one step and whatever the state; None when
        somebody else has done so."""
        query = {"_id": broadcast.id, "cursor": broadcast.cursor}
        counters = {"sent": some.sent, "blocked": some.blocked, "failed": some.failed}
        with translated():
            return await self._update(query, {"$set": {"cursor": cursor}, "$inc": counters})

    async def drop(self, broadcast_id: str) -> bool:
        """Throw a draft away; False when it is none any more."""
        with translated():
            result = await self._broadcasts.delete_one(
                {"_id": broadcast_id, "state": BroadcastState.DRAFT.value}
            )
        return bool(result.deleted_count)

    async def _update(self, query: Document, update: Document) -> Broadcast | None:
        return _read(
            await self._broadcasts.find_one_and_update(query, update, return_document=ReturnDocument.AFTER)
        )


def _read(document: Document | None) -> Broadcast | None:
    """None too, and a complaint, for a damaged one."""
    if document is None:
        return None
    try:
        return Broadcast.model_validate(value_of(document))
    except ValidationError as error:
        logger.error("the record of broadcast {} cannot be read: {}", document["_id"], error)
        return None
