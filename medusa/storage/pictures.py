"""Small pictures that people have given for their files."""

from typing import Any

from medusa.storage.errors import translated


class Pictures:
    """telegram/pictures.py's PictureStore."""

    def __init__(self, database: Any) -> None:
        self._pictures = database["pictures"]

    async def keep(self, name: str, jpeg: bytes) -> None:
        """Keep a picture under this name, in place of any other."""
        with translated():
            await self._pictures.replace_one({"_id": name}, {"jpeg": jpeg}, upsert=True)

    async def get(self, name: str) -> bytes | None:
        """A picture; None when there is none of this name."""
        with translated():
            found = await self._pictures.find_one({"_id": name})
        return bytes(found["jpeg"]) if found else None

    async def forget(self, name: str) -> None:
        """Let go of a picture."""
        with translated():
            await self._pictures.delete_one({"_id": name})
