"""The queue knows when everything that came is handled."""

import asyncio

import pytest

from medusa.telegram.arrivals import Arrivals


class Workers:
    """As many as Pyrogram's; each handles one update when it is told to."""

    def __init__(self, count: int) -> None:
        self.rests: list[bool] = []
        self.queue = Arrivals(lambda: self.rests.append(self.queue.are_handled))
        self.go = asyncio.Semaphore(0)
        self.tasks = [asyncio.create_task(self._work()) for _ in range(count)]

    def handled(self) -> bool:
        return self.queue.are_handled

    async def _work(self) -> None:
        while await self.queue.get() is not None:
            await self.go.acquire()


async def turns() -> None:
    """Let every task come to where it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.parametrize("count", [1, 3])
async def test_an_update_is_handled_when_its_worker_wants_the_next(count: int) -> None:
    workers = Workers(count)
    await turns()
    assert workers.handled()
    for number in range(4):
        workers.queue.put_nowait(number)
        assert not workers.handled()
    for _ in range(4):
        await turns()
        assert not workers.handled()
        workers.go.release()
    await turns()
    assert workers.handled()
    assert workers.rests[-1]
    assert workers.rests.count(True) == count + 1, "only those at the beginning, and the last"
    for _ in workers.tasks:
        workers.queue.put_nowait(None)
    await asyncio.gather(*workers.tasks)
    assert workers.handled()


async def test_what_nobody_takes_any_more_is_not_handled() -> None:
    workers = Workers(1)
    workers.queue.put_nowait(None)
    await asyncio.gather(*workers.tasks)
    workers.queue.put_nowait("late")
    assert not workers.handled()


async def test_few_workers_do_what_few_can() -> None:
    queue = Arrivals(lambda: None)
    busy = list[int]()

    async def work(number: int) -> None:
        while (update := await queue.get()) is not None:
            busy.append(number)
            await update

    tasks = [asyncio.create_task(work(number)) for number in range(5)]
    await turns()
    for _ in range(4):
        queue.put_nowait(asyncio.sleep(0))
        await turns()
    assert len(set(busy)) == 1
    for _ in tasks:
        queue.put_nowait(None)
    await asyncio.gather(*tasks)
