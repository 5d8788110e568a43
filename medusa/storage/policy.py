"""How the bot is run: what differs from the settings."""

from typing import Any

from medusa.storage.documents import fields_of
from medusa.storage.errors import translated

_ID = "policy"


class PolicyRecord:
    """policies.py's PolicyStore: one document."""

    def __init__(self, database: Any) -> None:
        self._settings = database["settings"]

    async def changed(self) -> dict[str, object]:
        """The fields that were changed in chat."""
        with translated():
            found = await self._settings.find_one({"_id": _ID}, {"_id": 0})
        return found or {}

    async def change(self, fields: dict[str, object], reset: list[str]) -> None:
        """Change some, and let others be as the settings say."""
        update = {
            operator: values
            for operator, values in (("$set", fields_of(fields)), ("$unset", dict.fromkeys(reset, "")))
            if values
        }
        if update:
            with translated():
                await self._settings.update_one({"_id": _ID}, update, upsert=True)
