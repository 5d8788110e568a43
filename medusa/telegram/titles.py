"""Asks Telegram for the titles of chats of which only the id is known."""

from typing import Protocol

from loguru import logger
from pyrogram.types import Chat

from medusa.errors import ChatUnavailable, MedusaError
from medusa.telegram.errors import translated
from medusa.telegram.pace import PacedClient


class UnnamedStore(Protocol):
    """Those chats. Each method raises StoreUnavailable when the database is down."""

    async def unnamed(self) -> list[int]:
        """Their ids."""
        ...

    async def name(self, chat_id: int, title: str) -> None:
        """Give a chat its title, wherever it has none."""
        ...


class Titles:
    """Completes what was taken over from another bot."""

    def __init__(self, client: PacedClient, store: UnnamedStore) -> None:
        self._client = client
        self._store = store

    async def complete(self) -> None:
        """Once. What does not work now is tried at the next start."""
        try:
            for chat_id in await self._store.unnamed():
                await self._complete(chat_id)
        except MedusaError as error:
            logger.info("not all titles are known yet: {} {}", error, error.detail)

    async def _complete(self, chat_id: int) -> None:
        try:
            with translated():
                chat = await self._client.get_chat(chat_id)
        except ChatUnavailable as error:
            logger.info("the title of {} cannot be read: {} {}", chat_id, error, error.detail)
            return
        if isinstance(chat, Chat) and chat.title:
            await self._store.name(chat_id, chat.title)
