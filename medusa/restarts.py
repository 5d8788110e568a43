"""The owner has the bot start again: what is under way is handed back first, as at every stop."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol

from medusa.value import Value


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

    async def take_restart(self) -> Restart | None:
        """The restart that was asked for, once."""
        ...


class Restarts:
    """Stops the process so that app.py begins anew in its place."""

    def __init__(self, store: RestartStore, stop: asyncio.Event, *, is_alone: bool) -> None:
        """`is_alone`: there are no other processes, which would go on."""
        self._store = store
        self._stop = stop
        self.is_alone = is_alone
        self.is_wanted = False
        """app.py is to start again when it has stopped."""

    async def note(self, chat_id: int, message_id: int) -> bool:
        """Keep who is to be told when it is over; False when this message has led to a restart before: the
        press came twice. Raises StoreUnavailable."""
        return await self._store.ask_restart(
            Restart(chat_id=chat_id, message_id=message_id, at=datetime.now(UTC))
        )

    def begin(self) -> None:
        """Stop, and start again."""
        self.is_wanted = True
        self._stop.set()

    async def finished(self) -> Restart | None:
        """The restart that this process is the end of; its person is to be told. Raises StoreUnavailable."""
        return await self._store.take_restart()
