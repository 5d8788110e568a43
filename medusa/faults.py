"""Faults in the program reach the owner: each once, and once a day how often they came again.

Every process records what it sees; the one that speaks with people tells. Nothing in here raises, and
nothing in here is an error in the log: that would be a fault to be told of.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from loguru import logger

from medusa.errors import MedusaError, StoreUnavailable, WrongArgument
from medusa.fault import Fault
from medusa.fault_box import FaultBox
from medusa.policy import PolicySource
from medusa.upload.pacing import Sleep

LOOK_SECONDS = 2.0
OTHERS_ROUNDS = 10
"""Looks until the next one at what other processes have recorded."""
DAY = timedelta(days=1)
MOST_MESSAGES = 3
"""Faults that the owner is told of one by one; of more that are new at the same time, in one message."""
MOST = 50
LAST_SECONDS = 2.0
"""For what is in the box when the process ends."""
PAGE = 8
"""Of /errors."""
SUMMARY = "faults"


class FaultStore(Protocol):
    """The records. Each method raises StoreUnavailable when the database is down."""

    async def add(self, fault: Fault) -> None:
        """Keep a new one; of one that is known, that it was seen again."""
        ...

    async def get(self, fault_id: str) -> Fault | None:
        """One of them."""
        ...

    async def latest(self, skip: int, most: int) -> list[Fault]:
        """Those that were seen last, the newest first."""
        ...

    async def untold(self, most: int) -> list[Fault]:
        """Those that the owner was never told of."""
        ...

    async def again(self, told_before: datetime, most: int) -> list[Fault]:
        """Those that were seen again since the owner was told of them, which is some time ago."""
        ...

    async def tell(self, fault: Fault, now: datetime) -> None:
        """The owner knows of one as it was."""
        ...

    async def forget(self, fault_id: str) -> bool:
        """Let go of one; False when it was gone."""
        ...


class Moments(Protocol):
    """What is done once in a while."""

    async def take(self, name: str, now: datetime, pause: timedelta) -> bool:
        """Whether this was not done for so long; it counts as done now. Raises StoreUnavailable."""
        ...


class FaultPosts(Protocol):
    """Telegram, as the reports need it. Each method raises SlowedDown, TelegramUnreachable."""

    async def tell(self, fault: Fault) -> None:
        """Tell the owner of a new one, once."""
        ...

    async def tell_many(self, faults: Sequence[Fault]) -> None:
        """Tell the owner of many new ones at the same time, once."""
        ...

    async def summarise(self, faults: Sequence[Fault]) -> None:
        """Tell the owner how often some have come again."""
        ...


class Faults:
    """Records what is in the box, and tells of it."""

    def __init__(
        self,
        box: FaultBox,
        store: FaultStore,
        moments: Moments,
        policies: PolicySource,
        posts: FaultPosts | None,
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`posts`: None where another process tells."""
        self._box = box
        self._store = store
        self._moments = moments
        self._policies = policies
        self._posts = posts
        self._sleep = sleep

    async def run(self) -> None:
        """Work until cancelled."""
        rounds = 0
        while True:
            recorded = await self._try_record()
            if recorded or rounds % OTHERS_ROUNDS == 0:
                await self._try_tell()
            rounds += 1
            await self._sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """Record what has ended the process. Call it while the database is still there."""
        try:
            async with asyncio.timeout(LAST_SECONDS):
                await self._try_record()
        except TimeoutError:
            logger.warning("what went wrong last is told of in the log only")

    # --- what the owner does -------------------------------------------------------------------------

    async def page(self, number: int) -> tuple[list[Fault], bool]:
        """A page of them, the newest first, and whether there is another. Raises StoreUnavailable."""
        found = await self._store.latest(number * PAGE, PAGE + 1)
        return found[:PAGE], len(found) > PAGE

    async def get(self, fault_id: str) -> Fault:
        """One of them. Raises WrongArgument when it is gone, StoreUnavailable."""
        found = await self._store.get(fault_id)
        if found is None:
            raise WrongArgument("This error is forgotten.")
        return found

    async def forget(self, fault_id: str) -> bool:
        """Let go of one; False when it was gone. When it comes again it is a new one. Raises
        StoreUnavailable."""
        return await self._store.forget(fault_id)

    # --- what goes on by itself ----------------------------------------------------------------------

    async def _try_record(self) -> bool:
        """Whether there was anything new."""
        waiting = self._box.take()
        for place, fault in enumerate(waiting):
            try:
                await self._store.add(fault)
            except StoreUnavailable as error:
                logger.info("a fault is recorded later: {}", error.detail)
                for left in waiting[place:]:
                    self._box.put(left)
                return False
            except Exception as error:  # see above; the log has the fault itself
                logger.warning("a fault cannot be recorded: {!r}", error)
        return bool(waiting)

    async def _try_tell(self) -> None:
        if self._posts is None:
            return
        try:
            await self._tell(self._posts)
        except MedusaError as error:
            logger.info("the owner is told of faults later: {} {}", error, error.detail)
        except Exception as error:  # see above
            logger.warning("the owner cannot be told of faults: {!r}", error)

    async def _tell(self, posts: FaultPosts) -> None:
        now = datetime.now(UTC)
        is_wanted = (await self._policies.current()).error_reports
        new = await self._store.untold(MOST)
        if is_wanted and len(new) > MOST_MESSAGES:
            await posts.tell_many(new)
        for fault in new:
            if is_wanted and len(new) <= MOST_MESSAGES:
                await posts.tell(fault)
            await self._store.tell(fault, now)
        again = await self._store.again(now - DAY, MOST) if is_wanted else []
        if again and await self._moments.take(SUMMARY, now, DAY):
            await posts.summarise(again)
            for fault in again:
                await self._store.tell(fault, now)
