"""A bandwidth shared by all connections, as a queue in virtual time."""

from dataclasses import dataclass

LATENESS = 0.05
"""Seconds that the line makes up for: timers ring late, and only several connections together hide that."""


@dataclass
class Bandwidth:
    """`rate` bytes a second for everybody together; None means as fast as the machine can."""

    rate: float | None = None
    _free_at: float = 0.0

    def take(self, size: int, now: float) -> float:
        """Account for `size` bytes at time `now` and return the seconds until the line is free again."""
        if self.rate is None:
            return 0.0
        self._free_at = max(self._free_at, now - LATENESS) + size / self.rate
        return self._free_at - now
