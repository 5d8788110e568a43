"""Channels and groups of which only the id is known, as when they were taken over from another bot."""

from typing import Any

from medusa.storage.documents import Document
from medusa.storage.errors import translated

_PLACES = {
    "channels": ("_id", "title"),
    "chats": ("_id", "title"),
    "targets": ("target.chat_id", "target.title"),
}
"""Collections, and where they have id and title."""


class Unnamed:
    """telegram/titles.py's UnnamedStore."""

    def __init__(self, database: Any) -> None:
        self._database = database

    async def unnamed(self) -> list[int]:
        """Their ids: where there is no title, the id stands for it."""
        found = set[int]()
        with translated():
            for name, (number, title) in _PLACES.items():
                found |= {*await self._database[name].distinct(number, _nameless(number, title))}
        return sorted(found)

    async def name(self, chat_id: int, title: str) -> None:
        """Give a chat its title, wherever it has none."""
        with translated():
            for name, (number, field) in _PLACES.items():
                nameless = {number: chat_id, **_nameless(number, field)}
                await self._database[name].update_many(nameless, {"$set": {field: title}})


def _nameless(number: str, title: str) -> Document:
    return {"$expr": {"$eq": [f"${title}", {"$toString": f"${number}"}]}}
