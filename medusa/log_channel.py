"""A log channel: how it is, when it is tried again, and whether its owner has to hear of it. No I/O."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from medusa.value import Value

FIRST_PROBE_SECONDS = 10
LONGEST_PROBE_SECONDS = 3600
"""Between two attempts at a channel that does not work."""


class LogChannel(Value):
    """A channel that gets a copy of every finished message."""

    id: int
    title: str
    backup: bool = False
    """Used only while no primary works."""
    error: str | None = None
    """Why nothing can be posted there; None: it works."""
    since: datetime | None = None
    """When that was first seen."""
    failures: int = 0
    """Attempts in a row that failed for that reason."""
    next_probe: datetime | None = None
    """Until then it is left alone."""
    told: bool = False
    """The owner was last told that it does not work."""
    last_copy: datetime | None = None
    """When the last copy arrived."""

    @property
    def works(self) -> bool:
        """Nothing is known against it."""
        return self.error is None

    @property
    def has_news(self) -> bool:
        """It works, and its owner thinks that it does not, or the other way round."""
        return self.told == self.works

    def may_be_tried(self, now: datetime) -> bool:
        """It works, or it is time to see whether it does again."""
        return self.works or self.next_probe is None or self.next_probe <= now

    def failing(self, error: str, now: datetime) -> dict[str, object]:
        """What changes when nothing could be posted there; it is tried again less and less often."""
        delay = min(FIRST_PROBE_SECONDS * 4 ** min(self.failures, 9), LONGEST_PROBE_SECONDS)
        return {
            "error": error,
            "since": self.since or now,
            "failures": self.failures + 1,
            "next_probe": now + timedelta(seconds=delay),
        }


WORKING: dict[str, object] = {"error": None, "since": None, "failures": 0, "next_probe": None}
"""What changes when it turns out to work."""


class Tally(NamedTuple):
    """Copies of one channel that did not arrive."""

    waiting: int = 0
    failed: int = 0


def due_channels(channels: Sequence[LogChannel]) -> list[LogChannel]:
    """The channels that every finished message is copied into: the primary ones, also while they do not work;
    the backups only where there is no other."""
    return [channel for channel in channels if not channel.backup] or list(channels)


def lost_channels(channels: Sequence[LogChannel]) -> list[LogChannel]:
    """The primary channels when none of them works, so that the backups take over; else nothing."""
    primary = [channel for channel in channels if not channel.backup]
    return [] if any(channel.works for channel in primary) else primary
