"""What is free goes back to the system."""

import asyncio
import gc
import sys

import psutil
import pytest

from medusa.heap import SECONDS, give_back, settle, trimmer
from tests.unit.waiting import Time, until

BLOCKS, BLOCK = 4000, 20_000


@pytest.mark.skipif(sys.platform != "linux", reason="glibc")
def test_what_lies_between_what_lasts_is_given_back() -> None:
    trim = trimmer()
    assert trim is not None
    process = psutil.Process()
    blocks = [bytes(b"x" * BLOCK) for _ in range(BLOCKS)]
    lasting = blocks[::10]
    del blocks
    gc.collect()
    before = process.memory_info().rss
    trim()
    given = before - process.memory_info().rss
    assert given > BLOCKS * BLOCK // 3
    assert len(lasting) == BLOCKS // 10


async def test_it_is_done_again_and_again() -> None:
    time, done = Time(), list[float]()
    running = asyncio.create_task(give_back(lambda: done.append(time.now), sleep=time.sleep))
    for number in (1, 2):
        await time.go_on(SECONDS)
        await until(lambda: len(done) == number)  # noqa: B023
    assert done == [SECONDS, 2 * SECONDS]
    running.cancel()
    await asyncio.wait([running])


def test_what_lasts_is_not_searched_again() -> None:
    lasting = [[number] for number in range(50_000)]
    settle()
    try:
        assert gc.get_freeze_count() > len(lasting)
        assert len(gc.get_objects()) < len(lasting), "all that a search goes through"
    finally:
        gc.unfreeze()
