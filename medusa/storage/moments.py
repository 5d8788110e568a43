"""When something was done last, and what a restart is for: small notes in `settings`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from medusa.restarts import Restart
from medusa.storage.documents import plain
from medusa.storage.errors import translated

_RESTART = "restart"


class Moments:
    """restarts.py's and faults.py's store of what is done once in a while."""

    def __init__(self, database: Any) -> None:
        self._settings = database["settings"]

    async def take(self, name: str, now: datetime, pause: timedelta) -> bool:
        """Whether this was not done for so long; it counts as done now, for all processes."""
        with translated():
            try:
                await self._settings.update_one(
                    {"_id": f"moment {name}", "at": {"$lte": now - pause}}, {"$set": {"at": now}}, upsert=True
                )
            except DuplicateKeyError:
                return False
        return True

    async def give_back(self, name: str) -> None:
        """It was not done after all."""
        with translated():
            await self._settings.delete_one({"_id": f"moment {name}"})

    async def ask_restart(self, restart: Restart) -> bool:
        """Note who is to be told of a restart; False when it was asked for by the same message before."""
        asked = {"_id": _RESTART, "message_id": {"$ne": restart.message_id}}
        with translated():
            try:
                await self._settings.update_one(
                    asked, {"$set": {**plain(restart), "pending": True}}, upsert=True
                )
            except DuplicateKeyError:
                return False
        return True

    async def last_restart(self) -> Restart | None:
        """The last one that was asked for, over or not."""
        with translated():
            found = await self._settings.find_one({"_id": _RESTART})
        return _restart_of(found)

    async def take_restart(self) -> Restart | None:
        """The restart that was asked for, once."""
        with translated():
            found = await self._settings.find_one_and_update(
                {"_id": _RESTART, "pending": True}, {"$set": {"pending": False}}
            )
        return _restart_of(found)


def _restart_of(document: Mapping[str, Any] | None) -> Restart | None:
    if document is None:
        return None
    return Restart.model_validate({name: document[name] for name in Restart.model_fields})
