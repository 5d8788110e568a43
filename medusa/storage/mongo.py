"""MongoDB: the connection, and what is kept there. The only file that knows Motor.

Each collection has a file of its own beside this one. Every query that runs for a message or a claim has an
index.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from threading import Thread
from typing import Any

from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import InvalidURI

from medusa.errors import SettingsError
from medusa.storage import (
    analytics,
    archive,
    audit,
    batches,
    broadcasts,
    channels,
    chats,
    copies,
    dialogs,
    downloads,
    faults,
    items,
    own,
    paces,
    sessions,
    targets,
    transfers,
    uploads,
    usage,
    users,
)
from medusa.storage.analytics import Analytics
from medusa.storage.archive import Archive
from medusa.storage.audit import AuditRecord
from medusa.storage.backup import Backup
from medusa.storage.batches import Batches
from medusa.storage.broadcasts import Broadcasts
from medusa.storage.channels import Channels
from medusa.storage.chats import Chats
from medusa.storage.cookies import Cookies
from medusa.storage.copies import Copies
from medusa.storage.dialogs import Dialogs
from medusa.storage.documents import Document
from medusa.storage.downloads import Downloads
from medusa.storage.errors import translated
from medusa.storage.everybodys import Everybodys
from medusa.storage.faults import Faults
from medusa.storage.items import Items
from medusa.storage.legacy import Legacy
from medusa.storage.line import Line
from medusa.storage.moments import Moments
from medusa.storage.own import OwnDownloads
from medusa.storage.paces import Paces
from medusa.storage.pictures import Pictures
from medusa.storage.policy import PolicyRecord
from medusa.storage.receivers import Receivers
from medusa.storage.releases import ReleaseRecord
from medusa.storage.schema import Schema
from medusa.storage.sessions import Sessions
from medusa.storage.targets import Targets
from medusa.storage.transfers import Transfers
from medusa.storage.unnamed import Unnamed
from medusa.storage.uploads import Uploads
from medusa.storage.usage import Usage
from medusa.storage.users import Users
from medusa.storage.vitals import Vitals
from medusa.storage.waiting import Waiting

ANSWER_MS = 5000
"""How long the database may take to answer before it counts as down."""

CLOSE_SECONDS = 0.5

_INDEXES = {
    "downloads": [
        *downloads.INDEXES,
        *copies.INDEXES,
        *archive.INDEXES,
        *items.INDEXES,
        *own.INDEXES,
        *analytics.INDEXES,
    ],
    "uploads": uploads.INDEXES,
    "users": users.INDEXES,
    "channels": channels.INDEXES,
    "chats": chats.INDEXES,
    "peers": sessions.PEER_INDEXES,
    "paces": paces.INDEXES,
    "dialogs": dialogs.INDEXES,
    "batches": batches.INDEXES,
    "lists": batches.LIST_INDEXES,
    "targets": targets.INDEXES,
    "transfers": transfers.INDEXES,
    "audit": audit.INDEXES,
    "usage": usage.INDEXES,
    "broadcasts": broadcasts.INDEXES,
    "faults": faults.INDEXES,
}


class Store:
    """Everything Medusa remembers."""

    def __init__(self, database: Any) -> None:
        self.database = database
        """The driver's own, for what looks behind the scenes."""
        self.downloads = Downloads(database)
        self.copies = Copies(database)
        self.archive = Archive(database)
        self.uploads = Uploads(database)
        self.users = Users(database)
        self.channels = Channels(database)
        self.sessions = Sessions(database)
        self.paces = Paces(database)
        self.cookies = Cookies(database)
        self.dialogs = Dialogs(database)
        self.batches = Batches(database)
        self.items = Items(database)
        self.own = OwnDownloads(database)
        self.targets = Targets(database)
        self.transfers = Transfers(database)
        self.pictures = Pictures(database)
        self.policy = PolicyRecord(database)
        self.releases = ReleaseRecord(database)
        self.audit = AuditRecord(database)
        self.chats = Chats(database)
        self.usage = Usage(database)
        self.line = Line(database)
        self.everybodys = Everybodys(database)
        self.analytics = Analytics(database)
        self.broadcasts = Broadcasts(database)
        self.receivers = Receivers(database)
        self.faults = Faults(database)
        self.moments = Moments(database)
        self.vitals = Vitals(database)
        self.waiting = Waiting(database)
        self.schema = Schema(database)
        self.backup = Backup(database)
        self.legacy = Legacy(database)
        self.unnamed = Unnamed(database)

    async def prepare(self) -> None:
        """Bring what an earlier version has left up to date, and make the indexes that are missing."""
        await self.schema.bring_up_to_date()
        with translated():
            for collection, indexes in _INDEXES.items():
                await self.database[collection].create_indexes(indexes)


@asynccontextmanager
async def open_store(uri: str, database: str, *, answer_ms: int = ANSWER_MS) -> AsyncIterator[Store]:
    """Connect, bring the database up to date, and close at the end.

    Raises StoreUnavailable, NewerDatabase, and SettingsError for an address that cannot be read.
    """
    async with connected(uri, database, answer_ms=answer_ms) as store:
        await store.prepare()
        yield store


@asynccontextmanager
async def connected(uri: str, database: str, *, answer_ms: int = ANSWER_MS) -> AsyncIterator[Store]:
    """The database as it is; nothing is written by that. Raises StoreUnavailable when it is used, and
    SettingsError for an address that cannot be read."""
    client = await _client(uri, answer_ms)
    try:
        yield Store(client.get_database(database, CodecOptions(tz_aware=True, tzinfo=UTC)))
    finally:
        # It says goodbye to the server, or looks for it, for which nobody waits long.
        closing = Thread(target=client.close, daemon=True)
        closing.start()
        await asyncio.to_thread(closing.join, CLOSE_SECONDS)


async def _client(uri: str, answer_ms: int) -> Any:
    limits: Document = {"serverSelectionTimeoutMS": answer_ms, "socketTimeoutMS": 4 * answer_ms}
    loop = asyncio.get_running_loop()
    with translated():
        try:
            # In a thread, because it resolves the names of a mongodb+srv:// address.
            return await asyncio.to_thread(AsyncIOMotorClient, uri, io_loop=loop, **limits)
        except (InvalidURI, ValueError):
            # What the driver says may quote the end of a password, which it takes for something else.
            raise SettingsError(
                "MONGODB_URI cannot be read. Write / as %2F, : as %3A, @ as %40 and % as %25 in its password."
            ) from None
