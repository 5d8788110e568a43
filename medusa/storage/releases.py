"""Which yt-dlp is to be used: one document, for all processes."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from medusa.release import Decision, Failure
from medusa.storage.documents import plain
from medusa.storage.errors import translated

_ID = "ytdlp"


class ReleaseRecord:
    """ytdlp/follower.py's ReleaseStore, and ytdlp/weekly.py's."""

    def __init__(self, database: Any) -> None:
        self._settings = database["settings"]

    async def decision(self) -> Decision:
        """What was decided; one that cannot be read any more is none."""
        with translated():
            found = await self._settings.find_one({"_id": _ID}, {"_id": 0})
        try:
            return Decision.model_validate(found or {})
        except ValidationError:
            return Decision()

    async def decide(self, version: str, *, over: str, at: datetime) -> None:
        """Use this one from now on, empty for the shipped one."""
        with translated():
            await self._settings.update_one(
                {"_id": _ID}, {"$set": {"version": version, "over": over, "at": at}}, upsert=True
            )
            await self._settings.update_one(
                {"_id": _ID, "failed.version": version}, {"$unset": {"failed": ""}}
            )

    async def note_failure(self, failure: Failure) -> None:
        """Remember a release that was tried and does not work; what was decided stays."""
        with translated():
            await self._settings.update_one({"_id": _ID}, {"$set": {"failed": plain(failure)}}, upsert=True)

    async def give_up(self, failure: Failure) -> bool:
        """Back to the shipped one, if it is still that version that counts; whether this call has done it."""
        with translated():
            result = await self._settings.update_one(
                {"_id": _ID, "version": failure.version},
                {"$set": {"version": "", "at": failure.at, "failed": plain(failure)}},
            )
        return bool(result.modified_count)

    async def look(self, now: datetime, *, before: datetime) -> bool:
        """Note that a newer one is looked for now, unless somebody has since `before`; whether to look."""
        with translated():
            await self._settings.update_one({"_id": _ID}, {"$setOnInsert": {"version": ""}}, upsert=True)
            result = await self._settings.update_one(
                {"_id": _ID, "looked_at": {"$not": {"$gt": before}}}, {"$set": {"looked_at": now}}
            )
        return bool(result.modified_count)
