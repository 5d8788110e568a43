"""The log copies that downloads are due. Nothing here changes a download's `updated`: log cards show it."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from medusa.log_channel import Tally
from medusa.model import CopyState, Download, LogCopy, State
from medusa.storage.documents import Document, plain, readable
from medusa.storage.errors import translated

INDEXES = [
    IndexModel(
        [("log_copies.state", ASCENDING), ("log_copies.channel_id", ASCENDING), ("created", ASCENDING)],
        name="copies_by_channel",
    ),
    IndexModel(
        [("created", ASCENDING)], name="finished", partialFilterExpression={"state": State.DONE.value}
    ),
]

PENDING, FAILED = CopyState.PENDING.value, CopyState.FAILED.value

PARKED_COPIES: Document = {"parked.state": CopyState.PENDING.value, "parked.next_try": None}
"""The array filter for copies that wait until their download is over."""


class Copies:
    """jobs/store.py's CopyStore."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]

    # --- one copy after the other ----------------------------------------------------------------

    async def due_copy(
        self, channel_id: int, now: datetime, retry_at: datetime
    ) -> tuple[Download, LogCopy] | None:
        """A pending copy whose time has come, the oldest first; nobody else gets it before `retry_at`, nor
        any that follows it."""
        due = {"state": PENDING, "channel_id": channel_id, "next_try": {"$lte": now}}
        while True:
            with translated():
                found = await self._downloads.find_one(
                    {"log_copies": {"$elemMatch": due}}, sort=[("created", ASCENDING)]
                )
            if found is None:
                return None
            download = readable(found)
            if download is None:
                await self._give_up(found["_id"])
                continue
            copy = next(copy for copy in download.log_copies if _is_due(copy, channel_id, now))
            if await self._put_off(download.id, copy, retry_at):
                return download, copy

    async def _give_up(self, job: object) -> None:
        """End the copies of a record that cannot be read."""
        with translated():
            await self._downloads.update_one({"_id": job}, {"$set": _ended("$[]", "Its record is damaged.")})

    async def _put_off(self, job: str, copy: LogCopy, until: datetime) -> bool:
        """Let all pending copies of a channel wait; False when somebody else was faster."""
        pending = {"state": PENDING, "channel_id": copy.channel_id}
        unchanged = {**pending, "number": copy.number, "next_try": copy.next_try}
        with translated():
            result = await self._downloads.update_one(
                {"_id": job, "log_copies": {"$elemMatch": unchanged}},
                {"$set": {"log_copies.$[copy].next_try": until}},
                array_filters=[_each(pending)],
            )
        return bool(result.modified_count)

    async def next_copy_time(self, channels: Collection[int] | None = None) -> datetime | None:
        """When the next pending copy into one of these channels, or into any, is due."""
        pending: Document = {"state": PENDING}
        if channels is not None:
            pending["channel_id"] = {"$in": list(channels)}
        first = {"$group": {"_id": None, "due": {"$min": "$log_copies.next_try"}}}
        for document in await self._of_copies(pending, first):
            due: datetime | None = document["due"]
            return due
        return None

    async def put_copy(self, job: str, copy: LogCopy) -> None:
        """Record how a copy stands; those that follow it in its channel come when it is over, or with it."""
        followers = {
            "follower.channel_id": copy.channel_id,
            "follower.number": {"$ne": copy.number},
            "follower.state": PENDING,
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
                    _each({"channel_id": copy.channel_id, "number": copy.number}),
                    followers,
                ],
            )

    # --- all copies of a channel -----------------------------------------------------------------

    async def tallies(self) -> dict[int, Tally]:
        """The copies that did not arrive, by channel."""
        key = {"channel": "$log_copies.channel_id", "state": "$log_copies.state"}
        counts: dict[int, dict[str, int]] = {}
        for group in await self._of_copies(
            {"state": {"$in": [PENDING, FAILED]}}, {"$group": {"_id": key, "count": {"$sum": 1}}}
        ):
            counts.setdefault(group["_id"]["channel"], {})[group["_id"]["state"]] = group["count"]
        return {
            channel: Tally(waiting=count.get(PENDING, 0), failed=count.get(FAILED, 0))
            for channel, count in counts.items()
        }

    async def queue_copies(self, channel_id: int, last: int | None = None) -> int:
        """Queue a copy of each finished download, or of the last ones, that this channel has none of, if
        its message is known."""
        finished: Document = {
            "state": State.DONE.value,
            "sent": {"$nin": [None, []]},
            "sent.message_id": {"$ne": 0},
        }
        if last is not None and (oldest := await self._came_before(last)):
            finished["created"] = {"$gte": oldest}
        return await self._queue(channel_id, finished)

    async def take_over(self, lost: Collection[int], backup: int, since: datetime) -> int:
        """Queue copies into a backup of the downloads that came since then and wait for these channels."""
        # What is not due at all belongs to a download that is not over yet.
        waiting = {"state": PENDING, "channel_id": {"$in": list(lost)}, "next_try": {"$ne": None}}
        return await self._queue(backup, {"log_copies": {"$elemMatch": waiting}, "created": {"$gte": since}})

    async def retry_failed(self, channels: Collection[int]) -> None:
        """Let the failed copies into these channels be due now, as if they were new."""
        fresh = {"state": PENDING, "next_try": datetime.now(UTC), "attempts": 0, "error": None}
        await self._change(
            {"state": FAILED, "channel_id": {"$in": list(channels)}},
            {f"log_copies.$[copy].{name}": value for name, value in fresh.items()},
        )

    async def end_strays(self, channels: Collection[int], error: str) -> None:
        """End the pending copies into channels that are none of these."""
        await self._change(
            {"state": PENDING, "channel_id": {"$nin": list(channels)}}, _ended("$[copy]", error)
        )

    async def _came_before(self, last: int) -> datetime | None:
        """When the oldest of the last finished downloads came; None when there are not so many."""
        finished = self._downloads.find({"state": State.DONE.value}, {"created": 1}, hint="finished")
        with translated():
            async for document in finished.sort("created", DESCENDING).skip(last - 1).limit(1):
                came: datetime = document["created"]
                return came
        return None

    async def _queue(self, channel_id: int, downloads: Document) -> int:
        """Add copies of these downloads that the channel has none of, one for each message; of how many."""
        copy = plain(LogCopy(channel_id=channel_id, next_try=datetime.now(UTC)))
        added = {
            "$map": {
                "input": {"$range": [1, {"$add": [{"$size": {"$ifNull": ["$sent", []]}}, 1]}]},
                "as": "number",
                "in": {**copy, "number": "$$number"},
            }
        }
        with translated():
            result = await self._downloads.update_many(
                {"$and": [downloads, {"log_copies.channel_id": {"$ne": channel_id}}]},
                [{"$set": {"log_copies": {"$concatArrays": ["$log_copies", added]}}}],
            )
        return int(result.modified_count)

    async def _change(self, copies: Document, changes: Document) -> None:
        with translated():
            await self._downloads.update_many(
                {"log_copies": {"$elemMatch": copies}}, {"$set": changes}, array_filters=[_each(copies)]
            )

    async def _of_copies(self, copies: Document, group: Document) -> list[Document]:
        """Group these copies of all downloads."""
        each = {f"log_copies.{name}": value for name, value in copies.items()}
        pipeline = [
            {"$match": {"log_copies": {"$elemMatch": copies}}},
            {"$project": {"log_copies": 1}},
            {"$unwind": "$log_copies"},
            {"$match": each},
            group,
        ]
        with translated():
            found: list[Document] = await self._downloads.aggregate(pipeline).to_list()
        return found


def _is_due(copy: LogCopy, channel_id: int, now: datetime) -> bool:
    pending = copy.state is CopyState.PENDING and copy.channel_id == channel_id
    return pending and copy.next_try is not None and copy.next_try <= now


def _each(copies: Document) -> Document:
    """A filter of array elements: those that `$[copy]` means."""
    return {f"copy.{name}": value for name, value in copies.items()}


def _ended(which: str, error: str) -> Document:
    """The changes that end copies."""
    over = {"state": FAILED, "next_try": None, "error": error}
    return {f"log_copies.{which}.{name}": value for name, value in over.items()}
