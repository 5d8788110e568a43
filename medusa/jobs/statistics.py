"""Counts what the bot has done, day by day, and tells of it.

A day is counted for good once it is over; today again and again. Counting twice does no harm, so it does not
matter who does it or what was interrupted.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from loguru import logger

from medusa.errors import StoreUnavailable, WrongArgument
from medusa.figures import (
    Day,
    OwnFigures,
    Period,
    Report,
    Step,
    added,
    begin,
    columns,
    first_day,
    hours_of,
    slot_of,
)
from medusa.upload.pacing import Sleep

LOOK_SECONDS = 300.0
FRESH = timedelta(seconds=10)
"""Today is not counted again for whoever turns a picture that quickly."""
GRACE = timedelta(minutes=10)
"""After its end, a day may still get downloads of a machine whose clock is behind."""


class DayStore(Protocol):
    """The days. Each method raises StoreUnavailable when the database is down."""

    async def earliest(self) -> date | None:
        """The day on which the first download was over that is kept; None when there is none."""
        ...

    async def last_complete(self) -> date | None:
        """The last day that was counted after its end."""
        ...

    async def count(self, day: date, now: datetime, *, complete: bool) -> Day:
        """Count a day anew, and keep it in place of what was kept of it."""
        ...

    async def days(self, first: date, last: date) -> list[Day]:
        """What is known of these days, in order."""
        ...

    async def first(self) -> date | None:
        """The first day of which anything is known."""
        ...

    async def different_users(self, spans: Sequence[tuple[date, date]]) -> list[int]:
        """How many different people there were between each of these days, ends included."""
        ...

    async def own(self, person_id: int, today: date) -> OwnFigures:
        """What one person had until today."""
        ...


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Statistics:
    """The numbers of the bot."""

    def __init__(
        self, store: DayStore, *, now: Callable[[], datetime] = utc_now, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._store = store
        self._now = now
        self._sleep = sleep
        self._shown_at: datetime | None = None
        """When today was counted for somebody."""

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.catch_up()
            except StoreUnavailable as error:
                logger.info("days cannot be counted: {}", error.detail)
            await self._sleep(LOOK_SECONDS)

    async def catch_up(self) -> None:
        """Count the days that are over and were not counted then, and today. Raises StoreUnavailable."""
        last = await self._store.last_complete()
        day = last + timedelta(days=1) if last else await self._store.earliest()
        while day is not None and day < self._now().date():
            await self._count(day)
            day += timedelta(days=1)
        await self._count(self._now().date())

    async def report(self, period: Period) -> Report:
        """What is shown of a period. Raises StoreUnavailable."""
        now = self._now()
        today = now.date()
        if self._shown_at is None or self._shown_at.date() != today or now - self._shown_at > FRESH:
            await self._count(today)
            self._shown_at = now
        first = first_day(period, today, await self._store.first() or today)
        days = await self._store.days(first, today)
        step, spans = columns(first, today)
        whole, *users = await self._users([(first, today), *spans], days)
        slots = tuple(slot_of(*span, days, count) for span, count in zip(spans, users, strict=True))
        if period is Period.DAY:
            step, slots = Step.HOUR, hours_of(today, days[-1].hours if days else ())
        return Report(
            period=period,
            first=first,
            last=today,
            total=added(days, whole),
            step=step,
            slots=slots,
            days=tuple(days),
        )

    async def own(self, person_id: int) -> OwnFigures:
        """What one person had. Raises StoreUnavailable."""
        return await self._store.own(person_id, self._now().date())

    async def rebuild(self, written: str) -> Day:
        """Count the day in "rebuild 2026-11-27" anew, from the downloads that are kept. Raises WrongArgument,
        StoreUnavailable."""
        try:
            day = date.fromisoformat(written.split()[-1])
        except (ValueError, IndexError):
            raise WrongArgument("Name the day: /stats rebuild 2026-11-27") from None
        if day > self._now().date():
            raise WrongArgument("That day is still to come.")
        await self._check_kept(day)
        return await self._count(day)

    async def _check_kept(self, day: date) -> None:
        """Raises WrongArgument for a day before all downloads: what is known of it would become nothing."""
        earliest = await self._store.earliest()
        if earliest is None:
            raise WrongArgument("I know no downloads from which I could count a day.")
        if day < earliest:
            raise WrongArgument(f"The first download that I know was over on {earliest}.")

    async def _users(self, spans: Sequence[tuple[date, date]], days: Sequence[Day]) -> list[int]:
        """How many different people there were between each of these days."""
        alone = {one.day: one.users for one in days}
        united = iter(await self._store.different_users([span for span in spans if span[0] < span[1]]))
        return [next(united) if first < last else alone.get(first, 0) for first, last in spans]

    async def _count(self, day: date) -> Day:
        now = self._now()
        counted = await self._store.count(day, now, complete=now >= begin(day + timedelta(days=1)) + GRACE)
        logger.debug("{}: {} downloads were over", day, counted.total)
        return counted
