"""Whose part is next: the files that wait take turns, so that a small one is not stuck behind a large one."""

import asyncio
from collections import deque

from medusa.upload.window import Window


class Turns:
    """Admission to a window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._waiting: dict[int, deque[asyncio.Future[None]]] = {}
        """By file; the first is the next to be served."""

    async def take(self, file_id: int) -> None:
        """Return when this file may put one more part under way."""
        if self._window.is_open and not self._waiting:
            self._window.under_way += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(file_id, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()
            else:
                self._forget(file_id, turn)
            raise

    def give_back(self) -> None:
        """A part is no longer under way."""
        self._window.under_way -= 1
        self.admit()

    def admit(self) -> None:
        """Let in as many as there is room for; to be called when the window has grown."""
        while self._waiting and self._window.is_open:
            file_id = next(iter(self._waiting))
            waiting = self._waiting.pop(file_id)
            turn = waiting.popleft()
            if waiting:
                self._waiting[file_id] = waiting  # behind the others
            if not turn.done():
                self._window.under_way += 1
                turn.set_result(None)

    def _forget(self, file_id: int, turn: asyncio.Future[None]) -> None:
        waiting = self._waiting.get(file_id)
        if waiting is not None and turn in waiting:
            waiting.remove(turn)
            if not waiting:
                del self._waiting[file_id]
