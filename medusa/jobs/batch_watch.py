"""Shows how batches stand, and tells everybody when one is over."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from loguru import logger

from medusa.batch import Batch, BatchState, Failure, Tally, remaining
from medusa.errors import ChatUnavailable, MedusaError, StoreUnavailable
from medusa.jobs.batches import Batches
from medusa.jobs.store import BatchStore, ItemStore
from medusa.log_channel import LogChannel
from medusa.model import Download

LOOK_SECONDS = 3.0
"""How often the batches under way are looked at."""
SHOWN_AT_ONCE = 5
"""Items that run, by name."""
PATIENCE = timedelta(days=2)
"""After this a log channel that takes nothing gets no summary."""
AGAIN_SECONDS = 60.0
"""Until the next try to tell of an end."""


class Ended(NamedTuple):
    """A batch that is over."""

    batch: Batch
    tally: Tally
    size: int
    """Bytes of all files."""
    failures: Sequence[Failure]


class BatchPosts(Protocol):
    """Telegram, as the watch needs it."""

    def show(
        self, batch: Batch, tally: Tally, running: Sequence[Download], seconds_left: float | None
    ) -> None:
        """Show in the status message how a batch stands."""
        ...

    async def tell_person(self, ended: Ended) -> None:
        """Post the summary in the chat of the batch, once. Raises ChatUnavailable, SlowedDown,
        TelegramUnreachable."""
        ...

    async def tell_log_channel(self, ended: Ended, channel_id: int) -> None:
        """Post the summary in a log channel, once. Raises the same."""
        ...


class LogChannelStore(Protocol):
    """Raises StoreUnavailable when the database is down."""

    async def log_channels(self) -> list[LogChannel]:
        """All log channels, primary ones first."""
        ...


class BatchWatch:
    """Looks at all batches that are under way; there is one in the process that speaks with people."""

    def __init__(
        self,
        store: BatchStore,
        items: ItemStore,
        channels: LogChannelStore,
        posts: BatchPosts,
        *,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._store = store
        self._items = items
        self._channels = channels
        self._posts = posts
        self._look_seconds = look_seconds
        self._wake = asyncio.Event()
        self._not_before: dict[str, float] = {}
        """By batch: when its end is told again, on the loop's clock."""

    def changed(self) -> None:
        """Something is to be shown soon."""
        self._wake.set()

    async def run(self, batches: Batches) -> None:
        """Work until cancelled. What an earlier process has left unfilled is filled first."""
        unfilled = True
        while True:
            try:
                if unfilled:
                    await self._fill(batches)
                    unfilled = False
                await self._look()
            except StoreUnavailable as error:
                logger.warning("cannot look at the batches: {}", error.detail)
            try:
                async with asyncio.timeout(self._look_seconds):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()

    async def _fill(self, batches: Batches) -> None:
        for batch in await self._store.under_way():
            if not batch.is_filled:
                await batches.fill(batch)

    async def _look(self) -> None:
        for batch in await self._store.under_way():
            tally = await self._items.tally(batch.id)
            if batch.is_filled and not tally.queued + tally.running:
                await self._end(batch)
            else:
                running = await self._items.running(batch.id, SHOWN_AT_ONCE)
                self._posts.show(batch, tally, running, remaining(batch, tally, datetime.now(UTC)))
        for batch in await self._store.unshown():
            if asyncio.get_running_loop().time() >= self._not_before.get(batch.id, 0.0):
                await self._tell(batch)

    async def _end(self, batch: Batch) -> None:
        channels = [channel.id for channel in await self._channels.log_channels() if not channel.backup]
        await self._store.move(
            batch.id,
            [BatchState.RUNNING, BatchState.PAUSED],
            BatchState.OVER,
            finished=datetime.now(UTC),
            unshown=True,
            untold=tuple(channels),
        )

    async def _tell(self, batch: Batch) -> None:
        """Everybody who was not told yet. Each post is made once, however often it is tried."""
        tally = await self._items.tally(batch.id)
        ended = Ended(
            batch, tally, await self._items.delivered_bytes(batch.id), await self._items.failures(batch.id)
        )
        self._posts.show(batch, tally, (), None)
        told = await self._told_person(ended)
        untold = [channel for channel in batch.untold if not await self._told_channel(ended, channel)]
        assert batch.finished is not None
        is_late = datetime.now(UTC) - batch.finished > PATIENCE
        done = told and (not untold or is_late)
        await self._store.note(batch.id, untold=tuple(untold), unshown=not done)
        if done:
            self._not_before.pop(batch.id, None)
        else:
            self._not_before[batch.id] = asyncio.get_running_loop().time() + AGAIN_SECONDS

    async def _told_person(self, ended: Ended) -> bool:
        try:
            await self._posts.tell_person(ended)
        except ChatUnavailable as error:
            logger.info("{} cannot be told of a batch: {}", ended.batch.person.id, error.detail)
        except MedusaError as error:
            logger.info("the end of a batch is told later: {} {}", error, error.detail)
            return False
        return True

    async def _told_channel(self, ended: Ended, channel_id: int) -> bool:
        try:
            await self._posts.tell_log_channel(ended, channel_id)
        except MedusaError as error:
            logger.info("the log channel {} is told later: {} {}", channel_id, error, error.detail)
            return False
        return True
