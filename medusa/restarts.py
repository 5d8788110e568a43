"""The owner has the bot start again: what is under way is handed back first, as at every stop.

Whoever speaks with the owner notes it in the database; there each process sees it, and starts again too.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol

from loguru import logger

from medusa.errors import StoreUnavailable
from medusa.value import Value

LOOK_SECONDS = 2.0
"""How often a process looks whether a restart was asked for in another one."""


class Restart(Value):
    """One that was asked for."""

    chat_id: int
    message_id: int
    """The message that says so, and later that it is over."""
    at: datetime


class RestartStore(Protocol):
    """Keeps it over the restart. Each method raises StoreUnavailable when the database is down."""

    async def ask_restart(self, restart: Restart) -> bool:
        """Note who is to be told of a restart; False when it was asked for by the same message before."""
        ...

    async def last_restart(self) -> Restart | None:
        """The last one that was asked for, over or not."""
        ...

    async def take_restart(self) -> Restart | None:
        """The restart that was asked for, once."""
        ...


class Restarts:
    """Stops the process so that app.py begins anew in its place."""

    def __init__(
        self,
        store: RestartStore,
        stop: asyncio.Event,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._stop = stop
        self._sleep = sleep
        self.is_wanted = False
        """app.py is to start again when it has stopped."""

    async def note(self, chat_id: int, message_id: int) -> bool:
        """Keep who is to be told when it is over; False when this message has led to a restart before: the
        press came twice. Raises StoreUnavailable."""
        return await self._store.ask_restart(
            Restart(chat_id=chat_id, message_id=message_id, at=datetime.now(UTC))
        )

    async def run(self) -> None:
        """Begin when a restart is asked for that was not when this process began to look."""
        before = await self._last()
        while await self._last() == before:
            await self._sleep(LOOK_SECONDS)
        logger.info("a restart was asked for")
        self.begin()

    async def _last(self) -> Restart | None:
        while True:
            try:
                return await self._store.last_restart()
            except StoreUnavailable as error:
                logger.info("whether to restart cannot be told: {}", error.detail)
                await self._sleep(LOOK_SECONDS)

    def begin(self) -> None:
        """Stop, and start again."""
        self.is_wanted = True
        self._stop.set()

    async def finished(self) -> Restart | None:
        """The restart that this process is the end of; its person is to be told. Raises StoreUnavailable."""
        return await self._store.take_restart()
