"""What the bot has done, in numbers: days, what they add up to, and the columns of a picture. Pure.

A download counts on the day on which it was over, in UTC. The users of a day are those of its downloads.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from medusa.histogram import Histogram, merged
from medusa.value import Value

MOST_COLUMNS = 62
"""That are legible in one picture: two months of days."""
WEEK = 7
MOST_SHARES = 100
"""Sites that are told apart on a day; the others are counted together."""
OTHERS = ""
"""The name of what is counted together."""


class Period(StrEnum):
    """Of which time the numbers are."""

    DAY = "day"  # today, by the hour
    WEEK = "week"  # 7 days with today
    MONTH = "month"  # 30 days with today
    ALL = "all"  # from the first day on


class Step(StrEnum):
    """How long a column of a picture is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"


_DAYS = {Period.DAY: 1, Period.WEEK: WEEK, Period.MONTH: 30}


class Aspect(StrEnum):
    """What a picture shows."""

    DOWNLOADS = "downloads"
    BYTES = "bytes"
    USERS = "users"
    SOURCES = "sources"
    KINDS = "kinds"
    FAILURES = "failures"
    SPEEDS = "speeds"
    WAITS = "waits"


class Theme(StrEnum):
    """The colours of a picture."""

    LIGHT = "light"
    DARK = "dark"


class Wanted(NamedTuple):
    """A picture that somebody wants to see."""

    period: Period = Period.WEEK
    aspect: Aspect = Aspect.DOWNLOADS
    theme: Theme = Theme.LIGHT


class Counts(Value):
    """Downloads that are over."""

    done: int = 0
    failed: int = 0
    cancelled: int = 0
    bytes: int = 0
    """That were sent to people."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.done + self.failed + self.cancelled

    @property
    def success(self) -> float | None:
        """The share of what was delivered, between 0 and 1; what people cancelled does not count."""
        ended = self.done + self.failed
        return self.done / ended if ended else None


class Share(Counts):
    """The part of one site, kind or reason."""

    name: str


class Slot(Counts):
    """One column of a picture."""

    at: datetime
    """When it begins."""
    users: int = 0
    speeds: Histogram = Histogram()
    waits: Histogram = Histogram()


class Figures(Counts):
    """Everything that is counted of some time."""

    users: int = 0
    """Different people."""
    archived: int = 0
    """Of those that were delivered, what came from the archive."""
    sources: tuple[Share, ...] = ()
    kinds: tuple[Share, ...] = ()
    failures: tuple[Share, ...] = ()
    """By the names of the errors' classes."""
    speeds: Histogram = Histogram()
    """Bytes a second of what was delivered, but not from the archive."""
    waits: Histogram = Histogram()
    """Milliseconds from the link to its first claim. Items of batches, which wait for each other, do not
    count."""


class Day(Figures):
    """One day of the bot."""

    day: date
    made: datetime
    """When it was counted."""
    complete: bool
    """It was over then."""
    hours: tuple[Slot, ...] = ()
    """Those in which something ended."""


class Report(Value):
    """What is shown of a period."""

    period: Period
    first: date
    last: date
    total: Figures
    step: Step
    slots: tuple[Slot, ...]
    """The first and the last may be cut off."""
    days: tuple[Day, ...]
    """Those of which something is known, in order."""


class OwnFigures(Value):
    """What one person had."""

    week: Counts
    month: Counts
    total: Counts
    sources: tuple[Share, ...]


# --- the arithmetic -------------------------------------------------------------------------------


def begin(day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), UTC)


def first_day(period: Period, today: date, earliest: date) -> date:
    """Where a period begins; `earliest`: the first day of which anything is known."""
    return min(today, earliest) if period is Period.ALL else today - timedelta(days=_DAYS[period] - 1)


def columns(first: date, last: date) -> tuple[Step, list[tuple[date, date]]]:
    """The columns of these days, each with its first and its last day: days, else weeks, else months."""
    for step, follow in ((Step.DAY, _next_day), (Step.WEEK, _next_week)):
        found = _spans(first, last, follow)
        if len(found) <= MOST_COLUMNS:
            return step, found
    return Step.MONTH, _spans(first, last, _next_month)


def _spans(first: date, last: date, follow: Callable[[date], date]) -> list[tuple[date, date]]:
    found, at = list[tuple[date, date]](), first
    while at <= last:
        after = follow(at)
        found.append((at, min(last, after - timedelta(days=1))))
        at = after
    return found


def _next_day(day: date) -> date:
    return day + timedelta(days=1)


def _next_week(day: date) -> date:
    """The next Monday."""
    return day + timedelta(days=WEEK - day.weekday())


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def hours_of(day: date, known: Iterable[Slot]) -> tuple[Slot, ...]:
    """All 24 of a day."""
    found = {slot.at.hour: slot for slot in known}
    starts = (begin(day) + timedelta(hours=hour) for hour in range(24))
    return tuple(found.get(start.hour) or Slot(at=start) for start in starts)


def slot_of(first: date, last: date, days: Iterable[Day], users: int) -> Slot:
    """The column of some days, in which there were so many different people."""
    within = [one for one in days if first <= one.day <= last]
    return Slot(
        at=begin(first),
        **_counted(within),
        users=users,
        speeds=merged(one.speeds for one in within),
        waits=merged(one.waits for one in within),
    )


def added(days: Sequence[Day], users: int) -> Figures:
    """What days add up to, on which there were so many different people."""
    return Figures(
        **_counted(days),
        users=users,
        archived=sum(one.archived for one in days),
        sources=shares(share for one in days for share in one.sources),
        kinds=shares(share for one in days for share in one.kinds),
        failures=shares(share for one in days for share in one.failures),
        speeds=merged(one.speeds for one in days),
        waits=merged(one.waits for one in days),
    )


def shares(found: Iterable[Share], most: int | None = None) -> tuple[Share, ...]:
    """One of each name, the largest first; with `most`, the others behind them as one."""
    by_name = defaultdict[str, list[Share]](list)
    for share in found:
        by_name[share.name].append(share)
    others = by_name.pop(OTHERS, [])
    each = sorted(
        (_sum(name, some) for name, some in by_name.items()), key=lambda one: (-one.total, one.name)
    )
    kept, rest = (each, []) if most is None else (each[:most], each[most:])
    together = [*rest, *others]
    return (*kept, *([_sum(OTHERS, together)] if together else []))


def _sum(name: str, some: Sequence[Counts]) -> Share:
    return Share(name=name, **_counted(some))


def _counted(some: Sequence[Counts]) -> dict[str, int]:
    return {name: sum(getattr(one, name) for one in some) for name in Counts.model_fields}


def counted(some: Sequence[Counts]) -> Counts:
    """What these add up to."""
    return Counts(**_counted(some))
