"""The updates that wait for their handlers, in a queue that knows whether any is still at work."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from pyrogram import raw

_MESSAGES = (raw.types.UpdateNewMessage, raw.types.UpdateNewChannelMessage)
_OTHERS = (
    raw.types.UpdateBotCallbackQuery,
    raw.types.UpdateInlineBotCallbackQuery,
    raw.types.UpdateChatParticipant,
    raw.types.UpdateChannelParticipant,
)


class Arrivals(asyncio.Queue[Any]):
    """Pyrogram's workers take from it for ever; one that takes the next has done with the one before."""

    def __init__(self, on_rest: Callable[[], None]) -> None:
        """`on_rest` is called whenever a worker has done with one."""
        super().__init__()
        self._on_rest = on_rest
        self._busy: set[asyncio.Task[Any] | None] = set()

    @property
    def are_handled(self) -> bool:
        """Whether none waits and none is at work."""
        return self.empty() and not self._busy

    def put_nowait(self, item: Any) -> None:
        """Let an update wait. What no handler takes is not even read: Pyrogram fails at some of it."""
        if item is None or is_heard(item[0]):
            super().put_nowait(item)

    def _wakeup_next(self, waiters: deque[asyncio.Future[None]]) -> None:
        """The worker that has rested for the shortest time takes the next: each remembers the update that it
        had last, with all that belongs to it, so most of them had better never have any."""
        while waiters:
            waiter = waiters.pop()
            if not waiter.done():
                waiter.set_result(None)
                return

    async def get(self) -> Any:
        """The next update; None for a worker that is to end."""
        worker = asyncio.current_task()
        self._busy.discard(worker)
        self._on_rest()
        update = await super().get()
        if update is not None:
            self._busy.add(worker)
        return update


def is_heard(update: Any) -> bool:
    """Whether the bot listens to such an update: to what somebody writes, to presses, and to where people,
    and it itself, are let in."""
    if isinstance(update, _MESSAGES):
        # Not to who has joined, what was pinned …: an admin without a name who does it breaks the parser.
        return isinstance(update.message, raw.types.Message)
    return isinstance(update, _OTHERS)
