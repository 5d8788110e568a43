"""The channels that the bot writes into."""

from typing import Any

from pymongo import ASCENDING, IndexModel

from medusa.log_channel import LogChannel
from medusa.storage.documents import document_of, fields_of, value_of
from medusa.storage.errors import translated

INDEXES = [IndexModel([("kind", ASCENDING), ("active", ASCENDING)], name="kind")]

_SHOWN = {name: 1 for name in LogChannel.model_fields if name != "id"}


class Channels:
    """telegram/log_channels.py's LogChannelStore, and jobs/store.py's ChannelStore."""

    def __init__(self, database: Any) -> None:
        self._channels = database["channels"]

    async def add_log_channel(self, channel: LogChannel, *, only_if_new: bool = False) -> None:
        """Keep a log channel; `only_if_new` leaves one alone that somebody added or removed before."""
        fields = {**document_of(channel), "kind": "log", "active": True}
        how = "$setOnInsert" if only_if_new else "$set"
        with translated():
            await self._channels.update_one({"_id": fields.pop("_id")}, {how: fields}, upsert=True)

    async def remove_log_channel(self, channel_id: int) -> bool:
        """Forget a log channel; False when there was none."""
        with translated():
            result = await self._channels.update_one(
                {"_id": channel_id, "kind": "log", "active": True}, {"$set": {"active": False}}
            )
        return bool(result.modified_count)

    async def log_channels(self) -> list[LogChannel]:
        """All log channels, primary ones first."""
        with translated():
            cursor = self._channels.find({"kind": "log", "active": True}, _SHOWN).sort("backup")
            return [LogChannel.model_validate(value_of(document)) async for document in cursor]

    async def note_log_channel(self, channel_id: int, **changes: object) -> None:
        """Change fields of a log channel."""
        with translated():
            await self._channels.update_one({"_id": channel_id}, {"$set": fields_of(changes)})
