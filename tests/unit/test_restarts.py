"""A restart: once for each time that somebody is sure."""

import asyncio

from medusa.restarts import Restart, Restarts


class Record:
    """A RestartStore in memory."""

    def __init__(self) -> None:
        self.last: Restart | None = None
        self.pending = False

    async def ask_restart(self, restart: Restart) -> bool:
        if self.last is not None and self.last.message_id == restart.message_id:
            return False
        self.last, self.pending = restart, True
        return True

    async def take_restart(self) -> Restart | None:
        found, self.pending = self.last if self.pending else None, False
        return found


async def test_the_process_stops_to_begin_anew_and_the_next_one_knows_why() -> None:
    store, stop = Record(), asyncio.Event()
    restarts = Restarts(store, stop, is_alone=True)
    assert await restarts.note(7, 40)
    assert not stop.is_set()
    restarts.begin()
    assert stop.is_set()
    assert restarts.is_wanted
    after = Restarts(store, asyncio.Event(), is_alone=True)
    assert not after.is_wanted
    found = await after.finished()
    assert found is not None
    assert (found.chat_id, found.message_id) == (7, 40)
    assert await after.finished() is None
    # The press that led to it comes once more: Telegram was not told that it was handled.
    assert not await after.note(7, 40)
    assert await after.note(7, 41)
