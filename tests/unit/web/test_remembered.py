"""Many ask, one looks."""

import asyncio

import pytest

from medusa.web.remembered import Remembered
from tests.unit.waiting import turns


class Looks:
    """An answer that comes when it is let go."""

    def __init__(self) -> None:
        self.count = 0
        self.now = 0.0
        self.answer = asyncio.Event()
        self.failure: Exception | None = None
        self.remembered = Remembered(self.look, seconds=1.0, clock=lambda: self.now)

    async def look(self) -> int:
        self.count += 1
        await self.answer.wait()
        if self.failure is not None:
            raise self.failure
        return self.count


async def test_all_who_ask_at_the_same_time_get_one_answer() -> None:
    looks = Looks()
    asking = [asyncio.ensure_future(looks.remembered.get()) for _ in range(5)]
    await turns()
    asking[0].cancel()  # who began it loses interest
    await turns()
    looks.answer.set()
    assert await asyncio.gather(*asking[1:]) == [1, 1, 1, 1]


async def test_an_answer_is_good_for_a_while_from_when_it_came() -> None:
    looks = Looks()
    first = asyncio.ensure_future(looks.remembered.get())
    await turns()
    looks.now = 5.0  # it took that long
    looks.answer.set()
    assert await first == 1
    looks.now = 5.9
    assert await looks.remembered.get() == 1
    looks.now = 6.0
    assert await looks.remembered.get() == 2


async def test_a_failure_is_remembered_like_an_answer() -> None:
    looks = Looks()
    looks.answer.set()
    looks.failure = OSError("no")
    for _ in range(3):
        with pytest.raises(OSError, match="no"):
            await looks.remembered.get()
    assert looks.count == 1
    looks.now, looks.failure = 2.0, None
    assert await looks.remembered.get() == 2


async def test_nothing_is_looked_at_after_the_end() -> None:
    looks = Looks()
    asking = asyncio.ensure_future(looks.remembered.get())
    await turns()
    looks.remembered.close()
    with pytest.raises(asyncio.CancelledError):
        await asking
