"""How much somebody may ask for. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from medusa.value import Value

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Allowance(Value):
    """The most that somebody may have of everything. None: not decided here; 0: as much as they like."""

    jobs: int | None = None
    """Downloads at the same time."""
    links_per_hour: int | None = None
    links_per_day: int | None = None
    bytes_per_day: int | None = None
    size: int | None = None
    """Bytes of one link's files."""
    duration: int | None = None
    """Seconds of one link."""
    entries: int | None = None
    """Links of one batch or playlist."""

    @property
    def of_links(self) -> tuple["Window", ...]:
        """How many links, in which time."""
        return _windows((HOUR, self.links_per_hour), (DAY, self.links_per_day))

    @property
    def of_bytes(self) -> tuple["Window", ...]:
        """How many bytes, in which time."""
        return _windows((DAY, self.bytes_per_day))


class Window(NamedTuple):
    """So much within any stretch of so long."""

    length: timedelta
    most: int


class Use(NamedTuple):
    """So much, at that time."""

    at: datetime
    amount: int


def merged(*levels: Allowance) -> Allowance:
    """What counts where several have decided, the first before the others."""
    return Allowance(
        **{
            name: next((value for level in levels if (value := getattr(level, name)) is not None), None)
            for name in Allowance.model_fields
        }
    )


def used(uses: Iterable[Use], window: Window, now: datetime) -> int:
    """How much of a window is used up."""
    return sum(use.amount for use in uses if use.at > now - window.length)


def free_at(uses: Sequence[Use], windows: Iterable[Window], amount: int, now: datetime) -> datetime | None:
    """When so much more is possible; None: never, for it is more than may ever be had at once."""
    when = now
    for window in windows:
        if amount > window.most:
            return None
        excess = used(uses, window, now) + amount - window.most
        for use in sorted(uses):
            if excess <= 0:
                break
            if use.at > now - window.length:
                excess -= use.amount
                when = max(when, use.at + window.length)
    return when


def _windows(*limits: tuple[timedelta, int | None]) -> tuple[Window, ...]:
    return tuple(Window(length, most) for length, most in limits if most)
