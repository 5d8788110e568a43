"""Releases of yt-dlp: what their versions say, and which one is to be used. Pure."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from medusa.errors import WrongArgument
from medusa.value import Value

STALE_DAYS = 60
"""From then on sites have changed too much: yt-dlp itself warns after 90 days, which is late."""

_VERSION = re.compile(r"(20\d\d)\.(\d{1,2})\.(\d{1,2})(?:\.(\d{1,6}))?(?:\.?dev(\d{0,2}))?", re.ASCII)
_EJS = re.compile(r"yt[-_.]dlp[-_.]ejs\s*\(?==\s*([0-9]+(?:\.[0-9]+){0,3})\)?\s*(?:;|$)", re.IGNORECASE)


class Step(StrEnum):
    """What is done with another release before it is used."""

    INSTALLING = "installing"
    TRYING = "trying"


class Release(Value):
    """A yt-dlp that can be used."""

    version: str
    is_shipped: bool = True
    """It came with the bot; others lie beside it."""

    @property
    def day(self) -> date:
        """When it was released: its version says so."""
        year, month, day = _numbers(self.version)[:3]
        return date(year, month, day)

    def age(self, today: date) -> int:
        """In days; 0 for one of a time zone that is ahead."""
        return max(0, (today - self.day).days)

    def is_stale(self, today: date) -> bool:
        """Whether it is so old that sites do not work with it any more."""
        return self.age(today) > STALE_DAYS


class Failure(Value):
    """A release that does not work."""

    version: str
    why: str
    at: datetime


class Decision(Value):
    """What was decided about the release, for all processes."""

    version: str = ""
    """Which one; empty: the shipped one."""
    over: str = ""
    """What was shipped at that time."""
    at: datetime | None = None
    failed: Failure | None = None
    """The last one that did not work."""
    looked_at: datetime | None = None
    """When a newer one was last looked for by itself."""


class Overview(Value):
    """How it stands."""

    in_use: Release
    shipped: str
    decision: Decision
    weekly: bool
    """A newer one is installed by itself."""


def parsed(text: str) -> str:
    """A version in the one form that packages are found by, without the zeros of "2026.08.19". Raises
    WrongArgument."""
    match = _VERSION.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError(text)
        date(*(int(part) for part in match.groups()[:3]))
    except ValueError:
        raise WrongArgument("A version of yt-dlp is a date, like 2026.10.26.") from None
    numbers = ".".join(str(int(part)) for part in match.groups()[:4] if part is not None)
    return numbers if match[5] is None else f"{numbers}.dev{int(match[5] or 0)}"


def is_same(text: str, version: str) -> bool:
    """Whether a package that says this of itself is of this version: they leave "dev" out, and keep zeros."""
    try:
        return _numbers(parsed(text)) == _numbers(version)
    except WrongArgument:
        return False


def is_newer(version: str, other: str) -> bool:
    """Whether a version is of a later time."""
    return _numbers(version) > _numbers(other)


def wanted(decision: Decision, shipped: str) -> str:
    """The version that is to be used beside the shipped one; empty: none.

    A decision ends when the bot is shipped with a newer one than was decided on.
    """
    chosen = decision.version
    if chosen == shipped or (decision.over != shipped and chosen and is_newer(shipped, chosen)):
        return ""
    return chosen


def ejs_pin(requirements: Iterable[str]) -> str | None:
    """The version of yt-dlp-ejs that a release was made for, of its Requires-Dist; None: it needs none."""
    return next((match[1] for line in requirements if (match := _EJS.match(line.strip()))), None)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
