"""Shows how batches stand, and tells everybody when one is over."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
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
"""After this whoever could not be told gets no summary."""
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
    """Looks at all batches that are under way; there is one in the process that speaks with people.

    It also finishes what was begun with a batch and not carried through: by a process that was killed, or
    when the database was down.
    """

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
        """By batch: when something is tried with it again, on the loop's clock."""

    def changed(self) -> None:
        """Something is to be shown soon."""
        self._wake.set()

    async def run(self, batches: Batches) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self._look(batches)
            except StoreUnavailable as error:
                logger.warning("cannot look at the batches: {}", error.detail)
            try:
                async with asyncio.timeout(self._look_seconds):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()

    async def _look(self, batches: Batches) -> None:
        for batch in await self._store.under_way():
            await self._unless_later(batch, partial(self._attend, batches, batch))
        for batch in await self._store.unshown():
            await self._unless_later(batch, partial(self._tell, batch))

    async def _unless_later(self, batch: Batch, work: Callable[[], Awaitable[None]]) -> None:
        """One batch that makes trouble does not stop the others."""
        if asyncio.get_running_loop().time() < self._not_before.get(batch.id, 0.0):
            return
        try:
            await work()
        except StoreUnavailable:
            raise
        except Exception:
            logger.exception("a fault in the program: batch {}", batch.id)
            self._put_off(batch)

    def _put_off(self, batch: Batch) -> None:
        self._not_before[batch.id] = asyncio.get_running_loop().time() + AGAIN_SECONDS

    async def _attend(self, batches: Batches, batch: Batch) -> None:
        if not batch.is_filled:
            await batches.fill(batch)
        tally = await self._items.tally(batch.id)
        if batch.is_filled and not tally.queued + tally.running:
            await self._end(batch)
            return
        await batches.mend(batch, tally)
        running = await self._items.running(batch.id, SHOWN_AT_ONCE)
        self._posts.show(batch, tally, running, remaining(batch, tally, datetime.now(UTC)))

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
        # Telegram recognises a post that is repeated, but nobody knows for how many days.
        is_told = batch.is_told or await self._told_person(ended)
        there = {channel.id for channel in await self._channels.log_channels()}
        untold = [one for one in batch.untold if one in there and not await self._told_channel(ended, one)]
        assert batch.finished is not None
        is_late = datetime.now(UTC) - batch.finished > PATIENCE
        done = is_late or (is_told and not untold)
        await self._store.note(batch.id, is_told=is_told, untold=tuple(untold), unshown=not done)
        if done:
            self._not_before.pop(batch.id, None)
        else:
            self._put_off(batch)

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
