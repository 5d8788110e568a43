"""Brings a copy of every finished message into every log channel, however long that takes.

A channel in which nothing can be posted is marked, and its owner told. Its copies wait: from time to time one
of them tries whether the channel works again, and when it does, all come, in their order.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

from loguru import logger

from medusa.errors import ChatUnavailable, MedusaError, SlowedDown, StoreUnavailable
from medusa.jobs.retry import copy_retry_delay
from medusa.jobs.store import ChannelStore, CopyStore
from medusa.log import job_context
from medusa.log_channel import WORKING, LogChannel, Tally, lost_channels
from medusa.model import CopyState, Download, LogCopy
from medusa.upload.pacing import Sleep

CLAIM = timedelta(seconds=30)
"""A copy that was taken up by a process that was killed is tried again after this time. One that is only slow
comes to no harm: Telegram takes the same copy once."""

IDLE_SECONDS = 5.0
"""What another process has finished is found after this at the latest."""
STORE_SECONDS = 5.0
"""Until the next look when the database was down."""

AGAIN_SECONDS = 10.0
"""Until the next try of what is neither a copy nor Telegram's flood wait."""

LONG_TRANSFER = timedelta(days=1)
"""A download that ends while the primary channels are lost may have come so long before."""

STRAY = "This log channel was removed."


class LogPosts(Protocol):
    """Telegram, as the outbox needs it."""

    async def copy(self, download: Download, copy: LogCopy) -> int | None:
        """Copy a finished message with its log card; the new message's id, None when it was there already.

        Raises ChatUnavailable when the channel does not take it, SlowedDown, TelegramUnreachable.
        """
        ...

    async def look(self, channel_id: int) -> None:
        """Return if the bot may post there. Raises ChatUnavailable, SlowedDown, TelegramUnreachable."""
        ...

    async def tell_owner(self, channel: LogChannel, waiting: int) -> None:
        """Tell the owner how a channel is now. Raises SlowedDown, TelegramUnreachable."""
        ...


class Outbox:
    """Sends the copies that are due: into one channel one after the other, since channels may not be written
    fast, and into several side by side, so that none waits for another."""

    def __init__(
        self,
        copies: CopyStore,
        channels: ChannelStore,
        posts: LogPosts,
        *,
        idle_seconds: float = IDLE_SECONDS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`idle_seconds`: until the next look for what other processes have finished."""
        self._copies = copies
        self._channels = channels
        self._posts = posts
        self._idle_seconds = idle_seconds
        self._sleep = sleep
        self._wake = asyncio.Event()
        self._checked: set[int] = set()
        """Channels that were looked at, since the start and since something happened to them."""
        self._busy: dict[int, asyncio.Task[None]] = {}
        """What is under way in which channel."""
        self._telling: dict[int, asyncio.Task[None]] = {}
        """About which channels the owner is being told."""

    def wake(self) -> None:
        """There may be a new copy."""
        self._wake.set()

    def look_at(self, channel_id: int) -> None:
        """Something has happened to this channel, if it is one of ours."""
        self._checked.discard(channel_id)
        self.wake()

    async def run(self) -> None:
        """Work until cancelled. What was not recorded as sent is tried again after a restart."""
        try:
            while True:
                self._wake.clear()
                await self._wait(await self._go_round())
        finally:
            tasks = [*self._busy.values(), *self._telling.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _go_round(self) -> float:
        """Begin what there is to do in every channel that is free; seconds until there is more."""
        # Before the records are read: what ends meanwhile is not in them yet, and would be done again.
        occupied, telling = {*self._busy}, {*self._telling}
        try:
            channels = await self._channels.log_channels()
            await self._copies.end_strays([channel.id for channel in channels], STRAY)
            await self._let_backups_take_over(channels)
            for channel in channels:
                if channel.id not in occupied:
                    await self._serve(channel, may_tell=channel.id not in telling)
            return await self._seconds_until_next(channels)
        except StoreUnavailable as error:
            logger.warning("cannot look for log copies: {} {}", error, error.detail)
            return STORE_SECONDS

    async def _let_backups_take_over(self, channels: list[LogChannel]) -> None:
        lost = lost_channels(channels)
        if not lost:
            return
        since = min((channel.since for channel in lost if channel.since), default=datetime.now(UTC))
        for backup in channels:
            if backup.backup and backup.works:
                number = await self._copies.take_over(
                    [channel.id for channel in lost], backup.id, since - LONG_TRANSFER
                )
                if number:
                    logger.info("{} gets copies of {} downloads that wait for others", backup.id, number)

    async def _serve(self, channel: LogChannel, *, may_tell: bool) -> None:
        """Begin what is to be done in one channel; `may_tell`: its owner is not being told just now."""
        now = datetime.now(UTC)
        if channel.id not in self._checked:
            self._checked.add(channel.id)
            return self._begin(self._busy, channel, partial(self._look, channel))
        if channel.has_news and may_tell:
            tally = (await self._copies.tallies()).get(channel.id, Tally())
            self._begin(self._telling, channel, partial(self._tell, channel, tally.waiting))
        if not channel.may_be_tried(now):
            return None
        due = await self._copies.due_copy(channel.id, now, now + CLAIM)
        if due is not None:
            with job_context(due[0].id):
                self._begin(self._busy, channel, partial(self._bring, channel, *due))
        elif not channel.works:
            self._begin(self._busy, channel, partial(self._look, channel))
        return None

    async def _seconds_until_next(self, channels: list[LogChannel]) -> float:
        free = [channel for channel in channels if channel.id not in self._busy]
        due = await self._copies.next_copy_time([channel.id for channel in free if channel.works])
        moments = [channel.next_probe for channel in free if channel.next_probe] + ([due] if due else [])
        if not moments:
            return self._idle_seconds
        return min(self._idle_seconds, max(0.1, (min(moments) - datetime.now(UTC)).total_seconds()))

    # --- in one channel --------------------------------------------------------------------------

    def _begin(
        self,
        under_way: dict[int, asyncio.Task[None]],
        channel: LogChannel,
        work: Callable[[], Awaitable[None]],
    ) -> None:
        async def see_through() -> None:
            try:
                await work()
            except StoreUnavailable as error:
                logger.warning("not recorded, so it is done again: {} {}", error, error.detail)
            except Exception:
                logger.exception("a fault in the program")
                await self._sleep(AGAIN_SECONDS)
            finally:
                del under_way[channel.id]
                self.wake()

        under_way[channel.id] = asyncio.create_task(see_through())

    async def _bring(self, channel: LogChannel, download: Download, copy: LogCopy) -> None:
        """Try one copy and record it, and leave its channel alone for as long as Telegram asks."""
        tried, pause = await self._try(channel, download, copy)
        await self._copies.put_copy(download.id, tried)
        await self._sleep(pause)

    async def _try(self, channel: LogChannel, download: Download, copy: LogCopy) -> tuple[LogCopy, float]:
        """How the copy stands after this attempt, and the pause that its channel needs."""
        try:
            message_id = await self._posts.copy(download, copy)
        except SlowedDown as wait:
            logger.info("log copies to {} pause for {} s", copy.channel_id, wait.seconds)
            return _after_failure(copy, wait, copy.attempts), wait.seconds
        except ChatUnavailable as error:
            await self._mark(channel, error)
            return copy.evolve(next_try=datetime.now(UTC), error=error.sentence), 0.0
        except MedusaError as error:
            logger.warning("log copy to {}: {} {}", copy.channel_id, error, error.detail)
            return _after_failure(copy, error, copy.attempts + 1), 0.0
        except Exception:
            logger.exception("a fault in the program ended this log copy")
            return _after_failure(copy, MedusaError(), copy.attempts + 1), 0.0
        await self._channels.note_log_channel(channel.id, **WORKING, last_copy=datetime.now(UTC))
        return _arrived(copy, message_id), 0.0

    async def _look(self, channel: LogChannel) -> None:
        """See whether a channel works."""
        try:
            await self._posts.look(channel.id)
        except MedusaError as error:
            if not error.retryable:
                return await self._mark(channel, error)
            logger.info("cannot look at {}: {} {}", channel.id, error, error.detail)
            await self._sleep(_pause(error))
            self._checked.discard(channel.id)
        else:
            await self._channels.note_log_channel(channel.id, **WORKING)

    async def _mark(self, channel: LogChannel, error: MedusaError) -> None:
        logger.warning("nothing can be posted in {}: {} {}", channel.id, error, error.detail)
        changes = channel.failing(error.sentence, datetime.now(UTC))
        await self._channels.note_log_channel(channel.id, **changes)

    async def _tell(self, channel: LogChannel, waiting: int) -> None:
        """Recorded afterwards: rather told twice than never."""
        try:
            await self._posts.tell_owner(channel, waiting)
        except MedusaError as error:
            logger.info("the owner cannot be told of {} yet: {} {}", channel.id, error, error.detail)
            await self._sleep(_pause(error))
        else:
            await self._channels.note_log_channel(channel.id, told=not channel.works)


def _pause(error: MedusaError) -> float:
    return error.seconds if isinstance(error, SlowedDown) else AGAIN_SECONDS


def _arrived(copy: LogCopy, message_id: int | None) -> LogCopy:
    attempts = copy.attempts + 1
    return copy.evolve(
        state=CopyState.SENT, message_id=message_id, attempts=attempts, next_try=None, error=None
    )


def _after_failure(copy: LogCopy, error: MedusaError, attempts: int) -> LogCopy:
    delay = copy_retry_delay(error, attempts)
    if delay is None:
        return copy.evolve(state=CopyState.FAILED, attempts=attempts, next_try=None, error=error.sentence)
    later = datetime.now(UTC) + timedelta(seconds=delay)
    return copy.evolve(attempts=attempts, next_try=later, error=error.sentence)
