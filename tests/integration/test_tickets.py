"""Tickets through a real Redis: whoever has a free slot takes one, and losing Redis loses nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from loguru import logger
from redis.asyncio import Redis

from medusa.jobs.tickets import Tickets, make_broker
from medusa.jobs.worker import Worker
from medusa.model import Download, State
from tests.redis_server import RedisServer
from tests.unit.jobs.memory import MemoryStore, queued
from tests.unit.jobs.test_worker import Announcements, Deliveries
from tests.unit.waiting import Time

STREAM = "medusa:7:tickets"


class Place:
    """A process that transfers, as far as tickets go: a worker, and its tickets."""

    def __init__(self, store: MemoryStore, redis: RedisServer, slots: int) -> None:
        self.deliveries = Deliveries()
        self.worker = Worker(
            store,
            self.deliveries,
            Announcements(),
            holder="me",
            slots=slots,
            on_done=lambda: None,
            grace_seconds=0,
        )
        self.time = Time()
        self.tickets = Tickets(make_broker(redis.url, "7"), self.worker, sleep=self.time.sleep)


class House:
    """Places that share a store and a Redis, and a front that only issues tickets."""

    def __init__(self, redis: RedisServer) -> None:
        self.redis = redis
        self.store = MemoryStore()
        self.front = Tickets(make_broker(redis.url, "7"), None)
        self._stack = AsyncExitStack()

    async def open(self, tickets: Tickets, *, worker: Worker | None = None) -> None:
        await self._stack.enter_async_context(running(tickets.run()))
        if worker is not None:
            await self._stack.enter_async_context(running(worker.run()))

    async def place(self, slots: int) -> Place:
        place = Place(self.store, self.redis, slots)
        await self.open(place.tickets, worker=place.worker)
        async with asyncio.timeout(10):
            await place.worker.idle()
        return place

    async def add(self, *jobs: str) -> None:
        """Accept links, and tell that they are there."""
        for number, job in enumerate(jobs):
            await self.store.add(queued(job, minute=number))
            self.front.issue()

    async def close(self) -> None:
        await self._stack.aclose()


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def house(redis: RedisServer) -> AsyncIterator[House]:
    house = House(redis)
    await house.open(house.front)
    yield house
    await house.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.fixture
def news() -> Iterator[list[str]]:
    """What was said about Redis."""
    lines: list[str] = []
    handler = logger.add(
        lambda message: lines.append(message.record["message"]),
        level="INFO",
        filter=lambda record: record["message"].startswith("Redis"),
    )
    yield lines
    logger.remove(handler)


async def until(condition: Callable[..., object], *arguments: object, seconds: float = 10) -> None:
    """Return when this is so; it has to be within this time."""
    async with asyncio.timeout(seconds):
        while not condition(*arguments):
            await asyncio.sleep(0.005)


async def test_a_ticket_brings_work_to_another_process_at_once(house: House) -> None:
    place = await house.place(slots=1)
    await house.add("job")
    await until(place.deliveries.running.__contains__, "job", seconds=2)  # long before it looks for itself


async def test_work_is_shared_and_nothing_is_done_twice(house: House) -> None:
    places = [await house.place(slots=2) for _ in range(2)]
    jobs = [f"job {number}" for number in range(10)]
    await house.add(*jobs)
    await until(lambda: all(len(place.deliveries.running) == 2 for place in places))
    for place in places:
        place.deliveries.go.set()
    await until(lambda: all(house.store.state(job) is State.DONE for job in jobs))
    first, second = (place.deliveries.taken for place in places)
    assert sorted(first + second) == jobs
    assert first
    assert second


async def test_a_busy_process_leaves_tickets_to_a_free_one(house: House) -> None:
    busy = await house.place(slots=1)
    await house.add("long")
    await until(lambda: busy.deliveries.running)
    free = await house.place(slots=5)
    for job in ("a", "b", "c", "d"):
        await house.add(job)
        await until(free.deliveries.running.__contains__, job, seconds=2)
    assert busy.deliveries.taken == ["long"]


async def test_a_ticket_that_comes_to_a_process_that_has_just_become_busy_is_passed_on(house: House) -> None:
    busy, free = await house.place(slots=1), await house.place(slots=1)
    # Both wait at Redis for a ticket. One becomes busy without one.
    await house.store.add(queued("long"))
    busy.worker.wake()
    await until(lambda: busy.deliveries.running)
    for job in ("a", "b"):
        free.deliveries.go.clear()
        await house.add(job)
        await until(free.deliveries.taken.__contains__, job, seconds=2)
        free.deliveries.go.set()
        async with asyncio.timeout(10):
            await free.worker.idle()


async def test_tickets_that_come_twice_or_for_nothing_do_no_harm(house: House) -> None:
    place = await house.place(slots=3)
    place.deliveries.go.set()
    await house.add("a")
    for _ in range(30):
        house.front.issue()
    await until(lambda: house.store.state("a") is State.DONE)
    await house.add("b")
    await until(lambda: house.store.state("b") is State.DONE)
    assert place.deliveries.taken == ["a", "b"]


async def test_what_is_no_ticket_of_ours_is_passed_over(house: House) -> None:
    place = await house.place(slots=1)
    async with Redis.from_url(house.redis.url) as client:
        await client.xadd(STREAM, {"data": b"not a ticket"})
    await house.add("job")
    await until(lambda: place.deliveries.running)


async def test_without_redis_work_is_found_and_when_it_is_back_tickets_go_on(
    house: House, news: list[str]
) -> None:
    place = await house.place(slots=3)
    await house.redis.stop()
    await until(lambda: news)
    await house.add("a")
    place.worker.wake()  # as it looks for itself, every few seconds
    await until(lambda: "a" in place.deliveries.running)
    for _ in range(5):
        await place.time.go_on(5)
        house.front.issue()
    await until(lambda: len(news) == 2)
    assert all(line.startswith("Redis is away") for line in news), "each of two tickets says it once"
    await house.redis.start()
    await place.time.go_on(10)
    await house.add("b")
    await until(lambda: "b" in place.deliveries.running)
    await until(lambda: len(news) == 4)
    assert news[2:] == ["Redis is back", "Redis is back"]


async def test_redis_that_is_not_there_at_the_start_is_found_later(redis: RedisServer) -> None:
    await redis.stop()
    house = House(redis)
    await house.open(house.front)
    place = await house.place(slots=1)
    await redis.start()
    await place.time.go_on(10)
    await house.add("job")
    await until(lambda: place.deliveries.running)
    await house.close()


async def test_a_process_that_serves_takes_up_its_own_work_while_redis_is_away(redis: RedisServer) -> None:
    await redis.stop()
    house = House(redis)
    place = await house.place(slots=1)
    await house.store.add(queued("job"))
    place.tickets.issue()
    async with asyncio.timeout(2):
        await until(lambda: place.deliveries.running)
    await house.close()


async def test_redis_does_not_keep_more_tickets_than_can_be_of_use(house: House) -> None:
    async with Redis.from_url(house.redis.url) as client:
        for _ in range(60):
            for _ in range(20):
                house.front.issue()
            await until(lambda: len(asyncio.all_tasks()) < 5)
        assert await client.xlen(STREAM) <= 1100


async def test_one_process_needs_no_redis() -> None:
    store, deliveries = MemoryStore(), Deliveries()
    worker = Worker(store, deliveries, Announcements(), holder="me", slots=2, on_done=lambda: None)
    tickets = Tickets(make_broker(None, "7"), worker)
    async with running(worker.run()), running(tickets.run()):
        await worker.idle()
        jobs: list[Download] = [queued(str(number)) for number in range(5)]
        for job in jobs:
            await store.add(job)
            tickets.issue()
        await until(lambda: len(deliveries.running) == 2)
        deliveries.go.set()
        await until(lambda: all(store.state(job.id) is State.DONE for job in jobs))
