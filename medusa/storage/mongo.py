"""Users, channels and downloads in MongoDB. The only file that knows Motor.

Every query that runs for a message or a claim has an index.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError, PyMongoError

from medusa.errors import StoreUnavailable
from medusa.model import (
    ACTIVE_STATES,
    NEXT_STATES,
    CopyState,
    Download,
    LogChannel,
    LogCopy,
    Person,
    Role,
    State,
    User,
    Wish,
)
from medusa.storage.documents import Document, document_of, download_of, fields_of, plain, value_of

ANSWER_MS = 5000
"""How long the database may take to answer before it counts as down."""

_INDEXES = {
    "downloads": [
        IndexModel([("state", ASCENDING), ("not_before", ASCENDING)], name="queue"),
        IndexModel([("state", ASCENDING), ("lease_until", ASCENDING)], name="leases"),
        IndexModel(
            [("request.person.id", ASCENDING), ("state", ASCENDING), ("created", ASCENDING)], name="person"
        ),
        IndexModel([("log_copies.state", ASCENDING), ("log_copies.next_try", ASCENDING)], name="copies"),
    ],
    "users": [IndexModel([("role", ASCENDING)], name="role")],
    "channels": [IndexModel([("kind", ASCENDING), ("active", ASCENDING)], name="kind")],
}


@asynccontextmanager
async def open_store(uri: str, database: str, *, answer_ms: int = ANSWER_MS) -> AsyncIterator["MongoStore"]:
    """Connect, make the indexes, and close at the end. Raises StoreUnavailable."""
    limits: Document = {"serverSelectionTimeoutMS": answer_ms, "socketTimeoutMS": 4 * answer_ms}
    loop = asyncio.get_running_loop()
    with _translated():
        # In a thread, because it resolves the names of a mongodb+srv:// address.
        client: Any = await asyncio.to_thread(AsyncIOMotorClient, uri, io_loop=loop, **limits)
    try:
        store = MongoStore(client.get_database(database, CodecOptions(tz_aware=True, tzinfo=UTC)))
        await store.prepare()
        yield store
    finally:
        await asyncio.to_thread(client.close)  # it says goodbye to the server, or looks for it


@contextmanager
def _translated() -> Iterator[None]:
    """The driver's errors become ours, here and nowhere else."""
    try:
        yield
    except PyMongoError as error:
        raise StoreUnavailable(detail=f"{type(error).__name__}: {error}") from error


class MongoStore:
    """Everything Medusa remembers."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]
        self._users = database["users"]
        self._channels = database["channels"]
        self._database = database

    async def prepare(self) -> None:
        """Make the indexes that are missing."""
        with _translated():
            for collection, indexes in _INDEXES.items():
                await self._database[collection].create_indexes(indexes)

    # --- downloads -------------------------------------------------------------------------------

    async def add(self, download: Download) -> bool:
        """Keep a new download; False when it was kept before."""
        with _translated():
            try:
                await self._downloads.insert_one(document_of(download))
            except DuplicateKeyError:
                return False
        return True

    async def get(self, job: str) -> Download | None:
        """One download."""
        with _translated():
            found = await self._downloads.find_one({"_id": job})
        return download_of(found) if found else None

    async def claim(self, now: datetime, lease_until: datetime) -> Download | None:
        """Take up the download that has waited longest: a queued one whose time has come, or one whose worker
        was lost."""
        taken = {"$set": {"state": State.RUNNING.value, "lease_until": lease_until, "updated": now}}
        for waiting, order in (
            ({"state": State.QUEUED.value, "not_before": {"$lte": now}}, "not_before"),
            ({"state": State.RUNNING.value, "lease_until": {"$lt": now}}, "lease_until"),
        ):
            found = await self._update(waiting, {**taken, "$inc": {"attempts": 1}}, sort=[(order, ASCENDING)])
            if found is not None:
                return found
        return None

    async def renew(self, job: str, lease_until: datetime) -> Download | None:
        """Prolong a lease."""
        return await self._update(
            {"_id": job, "state": State.RUNNING.value}, {"$set": {"lease_until": lease_until}}
        )

    async def move(self, job: str, leaving: State, to: State, **changes: object) -> Download | None:
        """Change state and fields in one step, only from `leaving`."""
        if to not in NEXT_STATES[leaving]:
            raise ValueError(f"a download never goes from {leaving} to {to}")
        return await self._update(
            {"_id": job, "state": leaving.value},
            {"$set": {**fields_of(changes), "state": to.value, "updated": datetime.now(UTC)}},
        )

    async def note(self, job: str, **changes: object) -> Download | None:
        """Change fields, whatever the state."""
        return await self._update(
            {"_id": job}, {"$set": {**fields_of(changes), "updated": datetime.now(UTC)}}
        )

    async def active_of(self, person_id: int) -> list[Download]:
        """A person's downloads that are not over, oldest first."""
        active = {"$in": [state.value for state in ACTIVE_STATES]}
        with _translated():
            cursor = self._downloads.find({"request.person.id": person_id, "state": active}).sort("created")
            return [download_of(document) async for document in cursor]

    async def ahead_of(self, download: Download) -> int:
        """Queued downloads that will be taken up before this one."""
        earlier = {"state": State.QUEUED.value, "not_before": {"$lt": download.not_before}}
        with _translated():
            return int(await self._downloads.count_documents(earlier))

    async def _update(
        self, query: Document, update: Document, sort: list[tuple[str, int]] | None = None
    ) -> Download | None:
        with _translated():
            found = await self._downloads.find_one_and_update(
                query, update, sort=sort, return_document=ReturnDocument.AFTER
            )
        return download_of(found) if found else None

    # --- log copies ------------------------------------------------------------------------------

    async def due_copy(
        self, now: datetime, retry_at: datetime, *, busy: Collection[int] = ()
    ) -> tuple[Download, LogCopy] | None:
        """A pending copy whose time has come, the oldest first; nobody else gets it before `retry_at`, nor
        any that follows it in its channel."""
        pending, others = CopyState.PENDING, list(busy)
        due = {"state": pending.value, "next_try": {"$lte": now}, "channel_id": {"$nin": others}}
        while True:
            with _translated():
                found = await self._downloads.find_one(
                    {"log_copies": {"$elemMatch": due}}, sort=[("created", ASCENDING)]
                )
            if found is None:
                return None
            download = download_of(found)
            free = [c for c in download.log_copies if c.state is pending and c.channel_id not in others]
            copy = next(copy for copy in free if copy.next_try and copy.next_try <= now)
            if await self._put_off(download.id, copy, retry_at):
                return download, copy

    async def _put_off(self, job: str, copy: LogCopy, until: datetime) -> bool:
        """Let all pending copies of a channel wait; False when somebody else was faster."""
        pending = {"state": CopyState.PENDING.value, "channel_id": copy.channel_id}
        unchanged = {**pending, "number": {"$in": _numbers(copy)}, "next_try": copy.next_try}
        with _translated():
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
        with _translated():
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
        with _translated():
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

    # --- users -----------------------------------------------------------------------------------

    async def see_user(self, person: Person) -> User:
        """Remember somebody as they are now; what is known of them."""
        with _translated():
            document = await self._users.find_one_and_update(
                {"_id": person.id},
                {
                    "$set": {"person": plain(person), "seen": datetime.now(UTC)},
                    "$setOnInsert": {"role": Role.GUEST.value, "default_wish": None},
                },
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        return User(person=person, role=document["role"], default_wish=document["default_wish"])

    async def set_default_wish(self, person_id: int, wish: Wish | None) -> None:
        """What this person wants when they are not asked."""
        with _translated():
            await self._users.update_one({"_id": person_id}, {"$set": fields_of({"default_wish": wish})})

    # --- log channels ----------------------------------------------------------------------------

    async def add_log_channel(self, channel: LogChannel, *, only_if_new: bool = False) -> None:
        """Keep a log channel; `only_if_new` leaves one alone that somebody added or removed before."""
        fields = {**document_of(channel), "kind": "log", "active": True}
        how = "$setOnInsert" if only_if_new else "$set"
        with _translated():
            await self._channels.update_one({"_id": fields.pop("_id")}, {how: fields}, upsert=True)

    async def remove_log_channel(self, channel_id: int) -> bool:
        """Forget a log channel, and the copies that still wait for it; False when there was none."""
        pending = CopyState.PENDING.value
        with _translated():
            result = await self._channels.update_one(
                {"_id": channel_id, "kind": "log", "active": True}, {"$set": {"active": False}}
            )
            await self._downloads.update_many(
                {"log_copies": {"$elemMatch": {"channel_id": channel_id, "state": pending}}},
                {
                    "$set": {
                        "log_copies.$[copy].state": CopyState.FAILED.value,
                        "log_copies.$[copy].next_try": None,
                    }
                },
                array_filters=[{"copy.channel_id": channel_id, "copy.state": pending}],
            )
        return bool(result.modified_count)

    async def log_channels(self) -> list[LogChannel]:
        """All log channels, primary ones first."""
        shown = {"_id": 1, "title": 1, "backup": 1, "error": 1}
        with _translated():
            cursor = self._channels.find({"kind": "log", "active": True}, shown).sort("backup")
            return [LogChannel.model_validate(value_of(document)) async for document in cursor]

    async def set_log_channel_error(self, channel_id: int, error: str | None) -> None:
        """How the last copy went."""
        with _translated():
            await self._channels.update_one({"_id": channel_id}, {"$set": {"error": error}})


def _numbers(copy: LogCopy) -> list[int | None]:
    """A copy's number as documents have it: those of the time when there was one copy a channel have none."""
    return [1, None] if copy.number == 1 else [copy.number]
