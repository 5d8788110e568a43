"""Delivered downloads as an archive: what a log channel has need not be fetched again."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from medusa.model import Download, State
from medusa.storage.documents import readable
from medusa.storage.errors import translated

INDEXES = [IndexModel([("fingerprint", ASCENDING), ("created", DESCENDING)], name="archive")]

CANDIDATES = 5
"""Downloads with the same files that are looked at, the newest first."""


class Archive:
    """telegram/archive.py's ArchiveStore."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]

    async def archived(self, fingerprint: str) -> list[Download]:
        """Delivered downloads with the same files, the newest first."""
        same = {"fingerprint": fingerprint, "state": State.DONE.value}
        with translated():
            cursor = self._downloads.find(same).sort("created", DESCENDING).limit(CANDIDATES)
            documents = await cursor.to_list()
        return [download for document in documents if (download := readable(document))]

    async def drop(self, job: str) -> None:
        """The files of this download are gone."""
        with translated():
            await self._downloads.update_one({"_id": job}, {"$set": {"fingerprint": None}})
