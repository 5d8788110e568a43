"""The questions that wait for somebody's next message."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel

from medusa.dialogs import Dialog
from medusa.storage.documents import Document, plain
from medusa.storage.errors import translated

LIFE = timedelta(hours=12)
"""Nobody remembers what was asked before."""

INDEXES = [IndexModel([("asked", ASCENDING)], name="life", expireAfterSeconds=int(LIFE.total_seconds()))]


class Dialogs:
    """dialogs.py's DialogStore."""

    def __init__(self, database: Any) -> None:
        self._dialogs = database["dialogs"]

    async def put(self, dialog: Dialog) -> None:
        """Open a dialog."""
        document = {"dialog": plain(dialog), "asked": datetime.now(UTC)}
        with translated():
            await self._dialogs.replace_one(_place(dialog.chat_id, dialog.person_id), document, upsert=True)

    async def find(self, chat_id: int, person_id: int) -> Dialog | None:
        """The open dialog."""
        young = {"asked": {"$gt": datetime.now(UTC) - LIFE}}
        with translated():
            found = await self._dialogs.find_one({**_place(chat_id, person_id), **young})
        return Dialog.model_validate(found["dialog"]) if found else None

    async def remove(self, chat_id: int, person_id: int, dialog_id: str | None) -> bool:
        """Close a dialog."""
        wanted = _place(chat_id, person_id)
        if dialog_id is not None:
            wanted["dialog.id"] = dialog_id
        with translated():
            result = await self._dialogs.delete_one(wanted)
        return bool(result.deleted_count)


def _place(chat_id: int, person_id: int) -> Document:
    return {"_id": {"chat": chat_id, "person": person_id}}
