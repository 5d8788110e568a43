"""What Telegram has of files that are on their way."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any

from pymongo import ASCENDING, IndexModel

from medusa.kept import FileKey, KeptParts, Ready
from medusa.storage.documents import Document, plain
from medusa.storage.errors import translated

LIFE = timedelta(hours=12)
"""Telegram keeps parts for some hours. Older ones are not relied on, and MongoDB removes them."""

INDEXES = [
    IndexModel([("job", ASCENDING)], name="job"),
    IndexModel([("updated", ASCENDING)], name="life", expireAfterSeconds=int(LIFE.total_seconds())),
]

_ENTRY = Struct(">I16s")
"""A part's index and digest. Thousands are kept, so they are packed."""


class Uploads:
    """upload/keeping.py's LedgerStore."""

    def __init__(self, database: Any) -> None:
        self._uploads = database["uploads"]
        self._downloads = database["downloads"]

    async def load(self, key: FileKey) -> KeptParts | None:
        """What was kept of a file."""
        with translated():
            found = await self._uploads.find_one({"_id": key._asdict(), **_fresh()})
        if found is None:
            return None
        return KeptParts(
            file_id=found["file_id"], digests=unpacked(found.get("parts", ())), total=found.get("total")
        )

    async def keep(self, key: FileKey, file_id: int, digests: Mapping[int, bytes], total: int | None) -> None:
        """Add parts to what is kept."""
        now = datetime.now(UTC)
        with translated():
            await self._uploads.update_one(
                {"_id": key._asdict()},
                {
                    "$set": {
                        "job": key.job,
                        "file_id": file_id,
                        "total": total,
                        "updated": now,
                    },
                    "$push": {"parts": packed(digests)},
                },
                upsert=True,
            )
            # Whatever workers it has lost: it has come further since.
            await self._downloads.update_one({"_id": key.job, "losses": {"$gt": 0}}, {"$set": {"losses": 0}})

    async def complete(self, key: FileKey, ready: Ready) -> None:
        """Telegram has the whole file."""
        with translated():
            await self._uploads.update_one({"_id": key._asdict()}, {"$set": {"ready": plain(ready)}})

    async def ready(self, job: str) -> tuple[FileKey, Ready] | None:
        """The only file of a job, when Telegram has it."""
        alone = {"ready": {"$exists": True}, "ready.file.piece": None}
        with translated():
            found = await self._uploads.find_one({"job": job, **alone, **_fresh()})
        return (FileKey(**found["_id"]), Ready.model_validate(found["ready"])) if found else None

    async def drop(self, key: FileKey) -> None:
        """Forget a file."""
        with translated():
            await self._uploads.delete_one({"_id": key._asdict()})


def packed(digests: Mapping[int, bytes]) -> bytes:
    """Parts as a database keeps them."""
    return b"".join(_ENTRY.pack(index, digest) for index, digest in digests.items())


def unpacked(blocks: Iterable[bytes]) -> dict[int, bytes]:
    """The parts of several such blocks; what comes later is newer."""
    return {index: digest for block in blocks for index, digest in _ENTRY.iter_unpack(block)}


def _fresh() -> Document:
    return {"updated": {"$gt": datetime.now(UTC) - LIFE}}
