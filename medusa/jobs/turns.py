"""The items of a batch take turns: fetched side by side, sent in order.

An item whose file is ready too early gives its slot back and waits, parked; what it has uploaded is kept.
When an earlier one is over, however it ended, the next that is parked is due. Should the process be killed
that would have released it, the watch does so; and a parked item looks for itself now and then.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from loguru import logger

from medusa.batch import Batch, BatchState
from medusa.errors import StoreUnavailable
from medusa.model import Download, State
from medusa.turn import OutOfTurn

PARKED = timedelta(minutes=10)
"""Until a parked item looks for itself."""
AHEAD = 50
"""Files of a batch that may wait for an earlier one: Telegram keeps what is not sent for some hours only."""
BREATH = timedelta(minutes=2)
"""For which a batch with so many takes up no more."""
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""When an item of a paused batch is due."""


class TurnStore(Protocol):
    """The items of batches. Each method raises StoreUnavailable when the database is down."""

    async def is_first(self, batch_id: str, number: int) -> bool:
        """Whether all items before this one are over."""
        ...

    async def release(self, batch_id: str, now: datetime) -> None:
        """Let the first item that is not over be due, if it waits for its turn."""
        ...

    async def hold_back(self, batch_id: str, number: int, most: int, until: datetime) -> None:
        """Let nothing behind this item be due before then, if `most` before it are queued."""
        ...

    async def set_due(self, batch_id: str, when: datetime) -> None:
        """Let all items that are queued be due then."""
        ...


class Batches(Protocol):
    """The batches themselves. Each method raises StoreUnavailable when the database is down."""

    async def get(self, batch_id: str) -> Batch | None:
        """One batch."""
        ...

    async def move(
        self, batch_id: str, leaving: Sequence[BatchState], to: BatchState, **changes: object
    ) -> Batch | None:
        """Change state and fields in one step; None when it is in none of these states."""
        ...


class BatchTurns:
    """turn.py's Order: who may send, and what follows when an item has come to rest."""

    def __init__(self, items: TurnStore, batches: Batches) -> None:
        self._items = items
        self._batches = batches

    async def check(self, download: Download) -> None:
        """Return when this download may send its files."""
        item = download.request.item
        if item is not None and not await self._items.is_first(item.batch, item.number):
            raise OutOfTurn

    async def settled(self, download: Download) -> None:
        """An item has been given back, or is over: whoever may go on now goes on."""
        item = download.request.item
        if item is None:
            return
        try:
            batch = await self._batches.get(item.batch)
            if batch is not None and batch.state is BatchState.PAUSED:
                await self._items.set_due(item.batch, FOREVER)
            # Also when it is this one that waits: what it waited for may be over meanwhile.
            elif await self._may_release(download):
                await self._items.release(item.batch, datetime.now(UTC))
            elif download.parked:
                until = datetime.now(UTC) + BREATH
                await self._items.hold_back(item.batch, item.number, AHEAD, until)
        except StoreUnavailable as error:
            logger.info("a parked item will look for itself: {}", error.detail)

    async def refused(self, download: Download) -> None:
        """Pause its batch: whoever blocks the bot gets nothing, and may come back."""
        item = download.request.item
        if item is None:
            return
        try:
            await self._batches.move(item.batch, [BatchState.RUNNING], BatchState.PAUSED)
        except StoreUnavailable as error:
            logger.info("a batch that nobody can be brought goes on: {}", error.detail)

    async def _may_release(self, download: Download) -> bool:
        item = download.request.item
        assert item is not None
        return download.state is not State.QUEUED or await self._items.is_first(item.batch, item.number)
