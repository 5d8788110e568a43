"""Takes up downloads, as many at a time as it may, and sees each one to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import random

from loguru import logger

from medusa.counters import Counters
from medusa.errors import ChatUnavailable, GaveUp, MedusaError, StoreUnavailable
from medusa.jobs.outcome import Announcer, Outcome
from medusa.jobs.retry import is_poison, retry_delay
from medusa.jobs.store import DownloadStore
from medusa.jobs.turns import PARKED
from medusa.log import job_context
from medusa.model import Download, State
from medusa.recordings import Recordings
from medusa.turn import Order, OutOfTurn

LEASE = timedelta(seconds=20)
"""How long nobody else takes up what a worker holds that is not heard of any more."""
HEARTBEAT_SECONDS = 5.0
GRACE_SECONDS = 5.0
"""What is nearly ready when the bot is stopped may end within this time."""
POLL_SECONDS = 5.0
"""What nobody told the worker about (an expired lease, a retry whose time has come) is found after this."""
SLACK_SECONDS = 0.1
"""uvloop counts from the beginning of its turn, so a timer may ring a little before its time."""
LAST_SECONDS = 1.0
"""For a record when the bot is stopped. Without it, the download is taken up again when its lease ends."""
RECORD_SECONDS = 1.0
"""Between attempts to record an end, on top of the time for which the driver waits for the database."""


Deliver = Callable[[Download], Awaitable[Outcome]]


class Worker:
    """Runs `deliver` for one download after another, up to `slots` at a time.

    Each download has two tasks: its delivery, which may be stopped at any moment, and the one that holds the
    download and records how the delivery ended, which nobody stops.
    """

    def __init__(
        self,
        store: DownloadStore,
        deliver: Deliver,
        announcer: Announcer,
        *,
        holder: str,
        slots: int,
        most_per_person: int | None = None,
        on_done: Callable[[], None],
        turns: Order | None = None,
        recordings: Recordings | None = None,
        counters: Counters | None = None,
        grace_seconds: float = GRACE_SECONDS,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        """`holder` names this process, and no other ever. `most_per_person`: in all processes together."""
        self._store = store
        self._holder = holder
        self._counters = counters or Counters()
        self._grace_seconds = grace_seconds
        self._stopping = False
        self._deliver = deliver
        self._announcer = announcer
        self._on_done = on_done
        self._turns = turns
        self._recordings = recordings or Recordings()
        self._heartbeat_seconds = heartbeat_seconds
        self._free_slots = slots
        self._most_per_person = most_per_person
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._deliveries: dict[str, asyncio.Task[Outcome]] = {}
        self._holding: set[asyncio.Task[None]] = set()
        self._stopped_by_people: set[str] = set()

    def wake(self) -> None:
        """There is something to take up."""
        self._idle.clear()
        self._wake.set()

    @property
    def is_full(self) -> bool:
        """There is no free slot."""
        return self._free_slots == 0

    async def idle(self) -> None:
        """Return when there is a free slot, and nothing to take up."""
        await self._idle.wait()

    def interrupt(self, job: str) -> bool:
        """Stop a job because somebody asked for it; False when it does not run here (any more)."""
        delivery = self._deliveries.get(job)
        if delivery is None or delivery.done():
            return False
        if job not in self._stopped_by_people:  # a second time it would stop the tidying
            self._stopped_by_people.add(job)
            delivery.cancel()
        return True

    async def run(self) -> None:
        """Work until cancelled; what is under way then, and does not end soon, goes back to the queue."""
        try:
            while True:
                self._wake.clear()
                await self._look()
                await self._wait_for_work()
        finally:
            self._stopping = True
            self._recordings.finish_all()
            if self._holding:
                await asyncio.wait(self._holding, timeout=self._grace_seconds)
            for delivery in self._deliveries.values():
                delivery.cancel()
            await asyncio.gather(*self._holding, return_exceptions=True)

    async def _wait_for_work(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()

    async def _look(self) -> None:
        """Take up what waits, as long as there is a free slot."""
        while not self.is_full:
            download = await self._claim()
            if download is None:
                if not self._wake.is_set():
                    self._idle.set()
                return
            self._take_up(download)
        self._idle.clear()

    async def _claim(self) -> Download | None:
        now = datetime.now(UTC)
        try:
            return await self._store.claim(
                now, now + LEASE, holder=self._holder, running=self._deliveries, most=self._most_per_person
            )
        except StoreUnavailable as error:
            logger.warning("cannot look for work: {} {}", error, error.detail)
            return None

    def _take_up(self, download: Download) -> None:
        with job_context(download.id):
            delivery = asyncio.create_task(self._begin(download), name=f"job {download.id}")
            holding = asyncio.create_task(self._hold(download, delivery))
        self._free_slots -= 1
        self._deliveries[download.id] = delivery
        self._holding.add(holding)
        holding.add_done_callback(self._holding.discard)
        if download.cancel_requested:
            self.interrupt(download.id)

    async def _begin(self, download: Download) -> Outcome:
        if is_poison(download):
            raise GaveUp
        if download.parked and self._turns is not None:
            # It looks for itself, and what it has fetched may be of no use before its turn.
            await self._turns.check(download)
        self._announcer.announce(download)
        return await self._deliver(download)

    async def _hold(self, download: Download, delivery: asyncio.Task[Outcome]) -> None:
        """One download from its claim to the record of its end."""
        heart = asyncio.create_task(self._heartbeat(download, delivery))
        try:
            await self._see_through(download, delivery)
        except StoreUnavailable as error:
            # Nothing is lost: the lease ends, and the download is taken up again.
            logger.error("the end of this attempt could not be recorded: {} {}", error, error.detail)
        finally:
            heart.cancel()
            await asyncio.wait([heart])
            if self._deliveries.get(download.id) is delivery:
                del self._deliveries[download.id]
                self._stopped_by_people.discard(download.id)
            self._free_slots += 1
            self.wake()

    async def _heartbeat(self, download: Download, delivery: asyncio.Task[Outcome]) -> None:
        """Keep the lease; carry the request to cancel from wherever it was made."""
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            try:
                held = await self._store.renew(download, datetime.now(UTC) + LEASE)
            except StoreUnavailable as error:
                logger.warning("the lease could not be renewed: {} {}", error, error.detail)
                continue
            if held is None:
                # Not by its id: this process may have taken it up again.
                delivery.cancel()
                return
            if held.finish_requested:
                self._recordings.finish(download.id)
            if held.cancel_requested:
                self.interrupt(download.id)
                return

    async def _see_through(self, download: Download, delivery: asyncio.Task[Outcome]) -> None:
        try:
            outcome = await delivery
        except asyncio.CancelledError:
            await self._interrupted(download)
        except OutOfTurn:
            later = datetime.now(UTC) + PARKED
            await self._end(
                download, State.QUEUED, not_before=later, parked=True, attempts=download.attempts - 1
            )
        except MedusaError as error:
            await self._failed(download, error)
        except Exception:
            logger.exception("a fault in the program ended this download")
            await self._failed(download, MedusaError("Something went wrong inside me; it has been noted."))
        else:
            await self._delivered(download, outcome)

    async def _interrupted(self, download: Download) -> None:
        if download.id in self._stopped_by_people:
            await self._end(download, State.CANCELLED)
        else:
            # A stop of the bot is no fault of the download.
            spared = download.attempts - 1
            await self._end(download, State.QUEUED, not_before=datetime.now(UTC), attempts=spared)

    async def _delivered(self, download: Download, outcome: Outcome) -> None:
        await self._end(download, outcome.state, **outcome.changes)
        self._on_done()

    async def _failed(self, download: Download, error: MedusaError) -> None:
        delay = retry_delay(error, download.attempts, random())
        logger.warning("{}: {} {} (again in {} s)", type(error).__name__, error, error.detail, delay)
        if isinstance(error, ChatUnavailable) and self._turns is not None:
            await self._turns.refused(download)
        if delay is None:
            fields = {"error": error.sentence, "reason": type(error).__name__}
            ended = await self._settle(download, State.FAILED, **fields)
        else:
            later = datetime.now(UTC) + timedelta(seconds=delay)
            ended = await self._settle(download, State.QUEUED, not_before=later)
            asyncio.get_running_loop().call_later(delay + SLACK_SECONDS, self.wake)
        if ended is not None:
            self._announcer.announce_failure(ended, error, delay)

    async def _end(self, download: Download, state: State, **changes: object) -> None:
        ended = await self._settle(download, state, **changes)
        if ended is not None:
            logger.info("{} after attempt {}", state, download.attempts)
            self._announcer.announce(ended)

    async def _settle(self, download: Download, state: State, **changes: object) -> Download | None:
        """Record how a claim ended, however long the database is down; None when another has taken it over.

        Raises StoreUnavailable when the bot is stopped meanwhile.
        """
        # Of an item, its batch tells.
        shown = {"unshown": False} if download.request.item else {}
        fields: dict[str, object] = {"losses": 0, "parked": False, **shown, **changes}
        while True:
            try:
                async with asyncio.timeout(LAST_SECONDS if self._stopping else None):
                    ended = await self._store.settle(download, state, **fields)
                    break
            except (StoreUnavailable, TimeoutError) as error:
                if self._stopping:
                    raise StoreUnavailable(detail=repr(error)) from error
                logger.warning("an end waits for the database: {!r}", error)
            await asyncio.sleep(RECORD_SECONDS)
        if ended is not None:
            self._counters.end(state.value)
            if self._turns is not None:
                await self._turns.settled(ended)
        return ended
