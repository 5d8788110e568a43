"""The log copies that downloads are due."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from loguru import logger
from pydantic import ValidationError
from pymongo import ASCENDING, IndexModel

from medusa.model import CopyState, Download, LogCopy
from medusa.storage.documents import download_of, plain
from medusa.storage.errors import translated

INDEXES = [
    IndexModel([("log_copies.state", ASCENDING), ("log_copies.next_try", ASCENDING)], name="copies"),
]


class Copies:
    """jobs/store.py's CopyStore."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]

    async def due_copy(
        self, now: datetime, retry_at: datetime, *, busy: Collection[int] = ()
    ) -> tuple[Download, LogCopy] | None:
        """A pending copy whose time has come, the oldest first; nobody else gets it before `retry_at`, nor
        any that follows it in its channel."""
        pending, others = CopyState.PENDING, list(busy)
        due = {"state": pending.value, "next_try": {"$lte": now}, "channel_id": {"$nin": others}}
        while True:
            with translated():
                found = await self._downloads.find_one(
                    {"log_copies": {"$elemMatch": due}}, sort=[("created", ASCENDING)]
                )
            if found is None:
                return None
            try:
                download = download_of(found)
            except ValidationError as error:
                await self._give_up(found["_id"], error)
                continue
            free = [c for c in download.log_copies if c.state is pending and c.channel_id not in others]
            copy = next(copy for copy in free if copy.next_try and copy.next_try <= now)
            if await self._put_off(download.id, copy, retry_at):
                return download, copy

    async def _give_up(self, job: object, error: ValidationError) -> None:
        """End the copies of a record that cannot be read, so that they do not stand in the way of others."""
        logger.error("the record of download {} cannot be read, so it gets no log copies: {}", job, error)
        with translated():
            await self._downloads.update_one(
                {"_id": job}, {"$set": {"log_copies.$[].state": CopyState.FAILED.value}}
            )

    async def _put_off(self, job: str, copy: LogCopy, until: datetime) -> bool:
        """Let all pending copies of a channel wait; False when somebody else was faster."""
        pending = {"state": CopyState.PENDING.value, "channel_id": copy.channel_id}
        unchanged = {**pending, "number": {"$in": _numbers(copy)}, "next_try": copy.next_try}
        with translated():
            result = await self._downloads.update_one(
                {"_id": job, "log_copies": {"$elemMatch": unchanged}},
                {"$set": {"log_copies.$[copy].next_try": until}},
                array_filters=[{f"copy.{name}": value for name, value in pending.items()}],
            )
        return bool(result.modified_count)

    async def next_copy_time(self, *, busy: Collection[int] = ()) -> datetime | None:
        """When the next pending copy into another channel than `busy` is due."""
        pending = {"log_copies.state": CopyState.PENDING.value}
        pipeline = [
            {"$match": pending},
            {"$unwind": "$log_copies"},
            {"$match": {**pending, "log_copies.channel_id": {"$nin": list(busy)}}},
            {"$group": {"_id": None, "due": {"$min": "$log_copies.next_try"}}},
        ]
        with translated():
            async for document in self._downloads.aggregate(pipeline):
                due: datetime | None = document["due"]
                return due
        return None

    async def put_copy(self, job: str, copy: LogCopy) -> None:
        """Record how a copy stands; those that follow it in its channel come when it is over, or with it."""
        followers = {
            "follower.channel_id": copy.channel_id,
            "follower.number": {"$nin": _numbers(copy)},
            "follower.state": CopyState.PENDING.value,
        }
        with translated():
            await self._downloads.update_one(
                {"_id": job},
                {
                    "$set": {
                        "log_copies.$[copy]": plain(copy),
                        "log_copies.$[follower].next_try": copy.next_try or datetime.now(UTC),
                    }
                },
                array_filters=[
                    {"copy.channel_id": copy.channel_id, "copy.number": {"$in": _numbers(copy)}},
                    followers,
                ],
            )


def _numbers(copy: LogCopy) -> list[int | None]:
    """A copy's number as documents have it: those of the time when there was one copy a channel have none."""
    return [1, None] if copy.number == 1 else [copy.number]
