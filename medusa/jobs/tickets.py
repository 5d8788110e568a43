"""How one process tells the others that there is work. taskiq carries it, between machines through Redis.

A ticket says "there is work", and nothing else: what is to be done is in the database, whose claim is atomic
and fair. So a ticket that comes twice, late or never does no harm: what nobody was told of is found when a
process looks for itself, every few seconds.

Tickets are taken one at a time, and only while there is a free slot and nothing known to fill it: what a busy
process does not take, a free one may. That is why taskiq's own listener, which fetches ahead and never rests
between two attempts, is not used; its receiver handles each ticket.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import Any, Protocol

from loguru import logger
from redis.asyncio import Redis
from redis.exceptions import RedisError

from medusa.errors import SettingsError
from medusa.jobs.taskiq_alone import (
    AckableMessage,
    AsyncBroker,
    InMemoryBroker,
    Receiver,
    RedisStreamBroker,
    SendTaskError,
)
from medusa.upload.pacing import Sleep
from medusa.vitals import BrokerState

MOST_TICKETS = 1000
"""Kept by Redis. More than there are slots are of no use: who has finished one download looks for another."""
BLOCK_MS = 2000
"""How long Redis waits for a ticket before it says that there is none."""
ANSWER_SECONDS = 10
"""How long Redis may be silent before it counts as away."""
AGAIN_SECONDS = 5.0
"""Between attempts to reach a Redis that is away."""
LAST_SECONDS = 1.0
"""For the tickets that are on their way when the process is stopped."""


class Server(Protocol):
    """Who does the work of this process."""

    @property
    def is_full(self) -> bool:
        """There is no free slot."""
        ...

    def wake(self) -> None:
        """There is something to take up."""
        ...

    async def idle(self) -> None:
        """Return when there is a free slot, and nothing to take up."""
        ...


class Streams(RedisStreamBroker):
    """Tickets in a stream of Redis, of which each goes to one of the processes that listen."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(
            url,
            queue_name=name,
            consumer_group_name=name,
            # One name for all: Redis never forgets a consumer, and every start would leave another.
            consumer_name=name,
            consumer_id="0",
            maxlen=MOST_TICKETS,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
            driver_info=None,  # else each new connection reads the client's version from the disk
        )

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        """One ticket after the other, each fetched when the one before is dealt with.

        Redis takes it as acknowledged when it hands it out (NOACK). taskiq's own would bring back those that
        nobody acknowledged; of a ticket there is nothing to bring back, and on Redis 6 it fails for ever at
        one that was dropped meanwhile.
        """
        async with Redis(connection_pool=self.connection_pool) as client:
            while True:
                streams: Any = await client.xreadgroup(
                    self.consumer_group_name,
                    self.consumer_name,
                    {self.queue_name: ">"},
                    count=1,
                    block=BLOCK_MS,
                    noack=True,
                )
                for _, tickets in streams:
                    for _, ticket in tickets:
                        yield AckableMessage(data=ticket.get(b"data", b""), ack=lambda: None)


def make_broker(redis_url: str | None, name: str) -> AsyncBroker:
    """Through Redis, or within this process. `name`: what the processes of one bot have in common. Raises
    SettingsError for an address that cannot be read."""
    if redis_url is None:
        return InMemoryBroker()
    try:
        return Streams(redis_url, f"medusa:{name}:tickets")
    except ValueError:
        # What it says may quote a piece of the password, which it takes for a port.
        raise SettingsError(
            "REDIS_URL cannot be read. Write / as %2F, : as %3A, @ as %40, # as %23 and % as %25 in its "
            "password."
        ) from None


class Tickets:
    """The tickets of one process: those that it issues, and those that `server`, if it has one, takes."""

    def __init__(self, broker: AsyncBroker, server: Server | None, *, sleep: Sleep = asyncio.sleep) -> None:
        self._broker = broker
        self._server = server
        self._sleep = sleep
        self._ticket = broker.register_task(_calling(self._take), task_name="work")
        self._sending: set[asyncio.Task[None]] = set()
        self._away = False

    def issue(self) -> None:
        """Tell whoever has a free slot. Returns at once."""
        sending = asyncio.create_task(self._send())
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)

    async def look(self) -> BrokerState:
        """Whether what carries them is there."""
        if not isinstance(self._broker, Streams):
            return BrokerState(is_shared=False, reachable=True)
        try:
            async with Redis(connection_pool=self._broker.connection_pool) as client:
                await client.ping()
        except (RedisError, OSError):
            return BrokerState(is_shared=True, reachable=False)
        return BrokerState(is_shared=True, reachable=True)

    async def run(self) -> None:
        """Take tickets until cancelled; then send those that are on their way, and hang up."""
        serving = asyncio.create_task(self._serve())
        try:
            await asyncio.shield(serving)
        finally:
            await _end(serving)
            if self._sending:
                await asyncio.wait(self._sending, timeout=LAST_SECONDS)
            for sending in list(self._sending):
                await _end(sending)
            await self._broker.shutdown()

    async def _serve(self) -> None:
        while self._server is not None and not isinstance(self._broker, InMemoryBroker):
            try:
                await self._listen(self._server)
            except (RedisError, OSError) as error:
                self._report(error)
            await self._sleep(AGAIN_SECONDS)
        await asyncio.Event().wait()

    async def _listen(self, server: Server) -> None:
        """Take one ticket after the other, until something goes wrong."""
        # Each time: a Redis that was started anew knows nothing of us.
        await self._broker.startup()
        receiver = Receiver(self._broker, max_async_tasks=1)
        await server.idle()
        async with aclosing(self._broker.listen()) as tickets:
            async for ticket in tickets:
                self._report(None)
                if server.is_full:
                    # The last slot was taken while we waited; another process may have one.
                    self.issue()
                await receiver.callback(ticket)
                await server.idle()

    def _take(self) -> None:
        """What a ticket calls."""
        if self._server is not None:
            self._server.wake()

    async def _send(self) -> None:
        try:
            await self._ticket.kiq()
        except SendTaskError as error:
            self._report(error.__cause__ or error)
            self._take()
        else:
            self._report(None)

    def _report(self, error: BaseException | None) -> None:
        """Say once that Redis is away, and once that it is back."""
        if error is None and self._away:
            logger.info("Redis is back")
        elif error is not None and not self._away:
            logger.warning("Redis is away, so work is taken up a few seconds later: {!r}", error)
        self._away = error is not None


def _calling(take: Callable[[], None]) -> Callable[[], Coroutine[Any, Any, None]]:
    """A function, because taskiq cannot register a method. It never waits: taskiq swallows a cancellation."""

    async def work() -> None:
        take()

    return work


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel a task until it is over: before Python 3.12, `asyncio.wait_for`, with which the client of Redis
    sends, may lose a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.1)
