"""Files take turns; nobody is forgotten, and no place is lost."""

import asyncio
import random

import pytest

from medusa.upload.turns import Turns
from medusa.upload.window import Window
from tests.unit.waiting import turns as pass_turns

BIG, SMALL, OTHER = 1, 2, 3


def make(room: int) -> tuple[Window, Turns]:
    window = Window(room, clock=lambda: 0.0)
    window.size = room
    return window, Turns(window)


async def test_there_is_room_for_so_many() -> None:
    window, turns = make(2)
    await turns.take(BIG)
    await turns.take(BIG)
    third = asyncio.create_task(turns.take(BIG))
    await pass_turns()
    assert not third.done()
    turns.give_back()
    await third
    assert window.under_way == 2


async def test_a_small_file_is_not_stuck_behind_a_large_one() -> None:
    _, turns = make(1)
    order = list[int]()

    async def wait(file_id: int) -> None:
        await turns.take(file_id)
        order.append(file_id)

    await turns.take(BIG)
    waiting = [asyncio.create_task(wait(BIG)) for _ in range(20)]
    await pass_turns()
    waiting += [asyncio.create_task(wait(one)) for one in (SMALL, OTHER, SMALL)]
    await pass_turns()
    for _ in waiting:
        turns.give_back()
        await pass_turns(3)
    assert order[:6] == [BIG, SMALL, OTHER, BIG, SMALL, BIG]
    assert len(order) == len(waiting)
    await asyncio.gather(*waiting)


async def test_a_window_that_has_grown_lets_more_in() -> None:
    window, turns = make(1)
    await turns.take(BIG)
    waiting = [asyncio.create_task(turns.take(BIG)) for _ in range(3)]
    await pass_turns()
    window.size = 3
    turns.admit()
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    assert window.under_way == 3
    window.size = 4
    turns.admit()
    await asyncio.gather(*waiting)


@pytest.mark.parametrize("seed", range(20))
async def test_cancelling_at_any_moment_loses_no_place(seed: int) -> None:
    rng = random.Random(seed)
    window, turns = make(3)
    inside = 0

    async def work(file_id: int) -> None:
        nonlocal inside
        await turns.take(file_id)
        inside += 1
        assert inside <= 3
        try:
            await pass_turns(rng.randrange(4))
        finally:
            inside -= 1
            turns.give_back()

    tasks = [asyncio.create_task(work(rng.randrange(5))) for _ in range(60)]
    for task in rng.sample(tasks, 30):
        await pass_turns(rng.randrange(3))
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert (window.under_way, inside, turns._waiting) == (0, 0, {})
