"""A restart: once for each time that somebody is sure."""

import asyncio
from datetime import UTC, datetime

import pytest

from medusa.errors import StoreUnavailable
from medusa.restarts import LOOK_SECONDS, Restart, Restarts


class Record:
    """A RestartStore in memory."""

    def __init__(self) -> None:
        self.last: Restart | None = None
        self.pending = False
        self.problems: list[StoreUnavailable] = []

    async def ask_restart(self, restart: Restart) -> bool:
        if self.last is not None and self.last.message_id == restart.message_id:
            return False
        self.last, self.pending = restart, True
        return True

    async def last_restart(self) -> Restart | None:
        if self.problems:
            raise self.problems.pop()
        return self.last

    async def take_restart(self) -> Restart | None:
        found, self.pending = self.last if self.pending else None, False
        return found


async def test_the_process_stops_to_begin_anew_and_the_next_one_knows_why() -> None:
    store, stop = Record(), asyncio.Event()
    restarts = Restarts(store, stop)
    assert await restarts.note(7, 40)
    assert not stop.is_set()
    restarts.begin()
    assert stop.is_set()
    assert restarts.is_wanted
    after = Restarts(store, asyncio.Event())
    assert not after.is_wanted
    found = await after.finished()
    assert found is not None
    assert (found.chat_id, found.message_id) == (7, 40)
    assert await after.finished() is None
    # The press that led to it comes once more: Telegram was not told that it was handled.
    assert not await after.note(7, 40)
    assert await after.note(7, 41)


@pytest.mark.parametrize("earlier", [None, Restart(chat_id=7, message_id=39, at=datetime.now(UTC))])
async def test_a_restart_that_another_process_notes_is_one_of_this_process_too(
    earlier: Restart | None,
) -> None:
    store, stop = Record(), asyncio.Event()
    store.last = earlier
    looks: list[float] = []

    async def sleep(seconds: float) -> None:
        looks.append(seconds)
        assert not stop.is_set()
        if len(looks) == 2:
            store.problems.append(StoreUnavailable())
        if len(looks) == 4:
            await Restarts(store, asyncio.Event()).note(7, 40)

    store.problems.append(StoreUnavailable())
    restarts = Restarts(store, stop, sleep=sleep)
    await restarts.run()
    assert looks == [LOOK_SECONDS] * 4
    assert stop.is_set()
    assert restarts.is_wanted
