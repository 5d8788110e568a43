"""Brings a copy of every finished message into every log channel, however long that takes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

from loguru import logger

from medusa.errors import ChatUnavailable, MedusaError, SlowedDown, StoreUnavailable
from medusa.jobs.retry import copy_retry_delay
from medusa.jobs.store import CopyStore
from medusa.log import job_context
from medusa.model import CopyState, Download, LogCopy
from medusa.upload.pacing import Sleep

CLAIM = timedelta(seconds=120)
"""A copy that was taken up and not recorded within this time is tried again."""

IDLE_SECONDS = 60.0

STORE_SECONDS = 5.0
"""Until the next look when the database was down."""


class Copier(Protocol):
    """Makes one copy."""

    async def copy(self, download: Download, copy: LogCopy) -> int | None:
        """Copy a finished message with its log card; the new message's id, None when it was there already.

        Raises ChatUnavailable, SlowedDown, TelegramUnreachable.
        """
        ...


class ChannelStates(Protocol):
    """Remembers how log channels are."""

    async def set_log_channel_error(self, channel_id: int, error: str | None) -> None:
        """None: the last copy arrived."""
        ...


class Outbox:
    """Sends the copies that are due: into one channel one after the other, since channels may not be written
    fast, and into several side by side, so that none waits for another."""

    def __init__(
        self, store: CopyStore, channels: ChannelStates, copier: Copier, *, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._store = store
        self._channels = channels
        self._copier = copier
        self._sleep = sleep
        self._wake = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """There may be a new copy."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled. What was not recorded as sent is tried again after a restart."""
        try:
            while True:
                self._wake.clear()
                await self._wait(await self._take_up_all())
        finally:
            tasks = list(self._busy.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _take_up_all(self) -> float:
        """Take up what is due, in every channel that is free; seconds until something else is."""
        try:
            while True:
                now = datetime.now(UTC)
                due = await self._store.due_copy(now, now + CLAIM, busy=self._busy)
                if due is None:
                    return await self._seconds_until_next()
                download, copy = due
                with job_context(download.id):
                    self._busy[copy.channel_id] = asyncio.create_task(self._bring(download, copy))
        except StoreUnavailable as error:
            logger.warning("cannot look for log copies: {} {}", error, error.detail)
            return STORE_SECONDS

    async def _seconds_until_next(self) -> float:
        due = await self._store.next_copy_time(busy=self._busy)
        if due is None:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.1, (due - datetime.now(UTC)).total_seconds()))

    async def _bring(self, download: Download, copy: LogCopy) -> None:
        """Try one copy and record it, and leave its channel alone for as long as Telegram asks."""
        try:
            tried, pause = await self._try(download, copy)
            await self._store.put_copy(download.id, tried)
            await self._sleep(pause)
        except StoreUnavailable as error:
            logger.warning("a log copy was not recorded, so it comes again: {} {}", error, error.detail)
        finally:
            del self._busy[copy.channel_id]
            self.wake()

    async def _try(self, download: Download, copy: LogCopy) -> tuple[LogCopy, float]:
        """How the copy stands after this attempt, and the pause that its channel needs."""
        try:
            message_id = await self._copier.copy(download, copy)
        except SlowedDown as wait:
            logger.info("log copies to {} pause for {} s", copy.channel_id, wait.seconds)
            return _after_failure(copy, wait, copy.attempts), wait.seconds
        except MedusaError as error:
            logger.warning("log copy to {}: {} {}", copy.channel_id, error, error.detail)
            if isinstance(error, ChatUnavailable):
                await self._channels.set_log_channel_error(copy.channel_id, error.sentence)
            return _after_failure(copy, error, copy.attempts + 1), 0.0
        except Exception:
            logger.exception("a fault in the program ended this log copy")
            return _after_failure(copy, MedusaError(), copy.attempts + 1), 0.0
        await self._channels.set_log_channel_error(copy.channel_id, None)
        sent = copy.evolve(
            state=CopyState.SENT,
            message_id=message_id,
            attempts=copy.attempts + 1,
            next_try=None,
            error=None,
        )
        return sent, 0.0


def _after_failure(copy: LogCopy, error: MedusaError, attempts: int) -> LogCopy:
    delay = copy_retry_delay(error, attempts)
    if delay is None:
        return copy.evolve(state=CopyState.FAILED, attempts=attempts, next_try=None, error=error.sentence)
    later = datetime.now(UTC) + timedelta(seconds=delay)
    return copy.evolve(attempts=attempts, next_try=later, error=error.sentence)
