"""The groups in which everybody may send links."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, IndexModel

from medusa.storage.errors import translated

INDEXES = [IndexModel([("title", ASCENDING)], name="title")]
FRESH_SECONDS = 2.0


class Chats:
    """people.py's OpenChats and people_desk.py's ChatStore."""

    def __init__(self, database: Any, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._chats = database["chats"]
        self._clock = clock
        self._open = dict[int, str]()
        self._read_at: float | None = None

    async def is_open(self, chat_id: int) -> bool:
        """Whether this is one, as it was a moment ago: every message of every group is asked about."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= FRESH_SECONDS:
            self._open, self._read_at = await self.all(), now
        return chat_id in self._open

    async def all(self) -> dict[int, str]:
        """Their ids and titles."""
        with translated():
            return {one["_id"]: one["title"] async for one in self._chats.find({}).sort("title")}

    async def open(self, chat_id: int, title: str, by: int) -> None:
        """Let everybody in there send links."""
        fields = {"title": title, "by": by, "since": datetime.now(UTC)}
        with translated():
            await self._chats.update_one({"_id": chat_id}, {"$set": fields}, upsert=True)
        self._read_at = None

    async def close(self, chat_id: int) -> bool:
        """No more; False when it was none."""
        with translated():
            result = await self._chats.delete_one({"_id": chat_id})
        self._read_at = None
        return bool(result.deleted_count)
