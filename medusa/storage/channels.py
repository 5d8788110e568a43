"""The channels that the bot writes into."""

from typing import Any

from pymongo import ASCENDING, IndexModel

from medusa.model import CopyState, LogChannel
from medusa.storage.documents import document_of, value_of
from medusa.storage.errors import translated

INDEXES = [IndexModel([("kind", ASCENDING), ("active", ASCENDING)], name="kind")]


class Channels:
    """telegram/log_channels.py's LogChannelStore."""

    def __init__(self, database: Any) -> None:
        self._channels = database["channels"]
        self._downloads = database["downloads"]

    async def add_log_channel(self, channel: LogChannel, *, only_if_new: bool = False) -> None:
        """Keep a log channel; `only_if_new` leaves one alone that somebody added or removed before."""
        fields = {**document_of(channel), "kind": "log", "active": True}
        how = "$setOnInsert" if only_if_new else "$set"
        with translated():
            await self._channels.update_one({"_id": fields.pop("_id")}, {how: fields}, upsert=True)

    async def remove_log_channel(self, channel_id: int) -> bool:
        """Forget a log channel, and the copies that still wait for it; False when there was none."""
        pending = CopyState.PENDING.value
        with translated():
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
        with translated():
            cursor = self._channels.find({"kind": "log", "active": True}, shown).sort("backup")
            return [LogChannel.model_validate(value_of(document)) async for document in cursor]

    async def set_log_channel_error(self, channel_id: int, error: str | None) -> None:
        """How the last copy went."""
        with translated():
            await self._channels.update_one({"_id": channel_id}, {"$set": {"error": error}})
