"""The cookies of people, sealed."""

from typing import Any

from medusa.storage.errors import translated
from medusa.vault import Sealed


class Cookies:
    """vault.py's CookieStore."""

    def __init__(self, database: Any) -> None:
        self._cookies = database["cookies"]

    async def load(self, person_id: int) -> Sealed | None:
        """What this person has given."""
        with translated():
            found = await self._cookies.find_one({"_id": person_id})
        return Sealed(bytes(found["sealed"]), found["changed"]) if found else None

    async def save(self, person_id: int, sealed: Sealed) -> None:
        """Keep it in place of what was there."""
        document = {"_id": person_id, "sealed": sealed.data, "changed": sealed.changed}
        with translated():
            await self._cookies.replace_one({"_id": person_id}, document, upsert=True)

    async def remove(self, person_id: int) -> bool:
        """Forget it."""
        with translated():
            result = await self._cookies.delete_one({"_id": person_id})
        return bool(result.deleted_count)
