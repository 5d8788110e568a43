"""How the bot is: figures, and what is wrong with them. No I/O."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

MB, GB = 1_000_000, 1_000_000_000
SLOW_TELEGRAM_MS = 1500.0
SLOW_DATABASE_MS = 200.0
LITTLE_DISK, NO_DISK = GB, 100 * MB
MUCH_MEMORY = 0.85
"""Of what the bot may have."""
SLOW_LOOP_MS, STUCK_LOOP_MS = 500.0, 5000.0


class Mark(StrEnum):
    """How good something is."""

    GOOD = "good"
    DOUBTFUL = "doubtful"  # it works, and somebody should look at it
    BAD = "bad"


class Problem(StrEnum):
    """What may be wrong."""

    SILENT = "silent"  # it did not say how it is in time, or could not
    NOT_CONNECTED = "not connected"
    SLOW = "slow"
    AWAY = "away"
    LITTLE_DISK = "little disk"
    READ_ONLY = "read only"
    NO_DISK = "no disk"
    MUCH_MEMORY = "much memory"
    STUCK = "stuck"
    COPIES_FAILED = "copies failed"
    CHANNELS_BROKEN = "channels broken"


BAD = frozenset((Problem.SILENT, Problem.NOT_CONNECTED, Problem.READ_ONLY, Problem.NO_DISK, Problem.STUCK))
"""The others leave the bot at work."""


class TelegramState(NamedTuple):
    """The connection with Telegram."""

    connected: bool
    ping_ms: float | None
    media_sessions: int
    """Connections that carry files at this moment."""

    @property
    def problem(self) -> Problem | None:
        """What is wrong."""
        if not self.connected or self.ping_ms is None:
            return Problem.NOT_CONNECTED
        return Problem.SLOW if self.ping_ms > SLOW_TELEGRAM_MS else None


class DatabaseState(NamedTuple):
    """MongoDB."""

    latency_ms: float
    version: str
    size: int
    """Bytes of data and indexes."""
    is_private: bool = False
    """It is the bot's own."""

    @property
    def problem(self) -> Problem | None:
        """What is wrong."""
        return Problem.SLOW if self.latency_ms > SLOW_DATABASE_MS else None


class BrokerState(NamedTuple):
    """What tells the processes of work."""

    is_shared: bool
    """It is Redis; else it is in the memory of the one process."""
    reachable: bool

    @property
    def problem(self) -> Problem | None:
        """What is wrong."""
        return None if self.reachable else Problem.AWAY


class DiskState(NamedTuple):
    """Where DATA_DIR is; bytes."""

    free: int
    total: int
    is_writable: bool = True

    @property
    def problem(self) -> Problem | None:
        """What is wrong."""
        if not self.is_writable and self.free >= NO_DISK:
            return Problem.READ_ONLY
        if self.free < NO_DISK:
            return Problem.NO_DISK
        return Problem.LITTLE_DISK if self.free < LITTLE_DISK else None


class MemoryState(NamedTuple):
    """What the bot has of it; bytes."""

    bot: int
    children: int
    """Of the processes that fetch media."""
    processes: int
    """How many those are."""
    limit: int | None
    """What the platform lets it have; None: what the machine has."""

    @property
    def problem(self) -> Problem | None:
        """What is wrong."""
        used = self.bot + self.children
        return Problem.MUCH_MEMORY if self.limit and used > MUCH_MEMORY * self.limit else None


class LoopState(NamedTuple):
    """How promptly the process does what is next."""

    lag_ms: float
    """The longest delay of the last minute."""
    tasks: int
    """What it does at the same time, or waits for."""

    @property
    def problem(self) -> Problem | None:
        """What is wrong."""
        if self.lag_ms > STUCK_LOOP_MS:
            return Problem.STUCK
        return Problem.SLOW if self.lag_ms > SLOW_LOOP_MS else None


class DownloadsState(NamedTuple):
    """Downloads under way, of all processes."""

    running: int
    queued: int

    @property
    def problem(self) -> Problem | None:
        """Nothing is."""
        return None


class CopiesState(NamedTuple):
    """Log copies on their way."""

    waiting: int
    failed: int
    broken: int
    """Log channels that take nothing."""

    @property
    def problem(self) -> Problem | None:
        """What is wrong."""
        if self.broken:
            return Problem.CHANNELS_BROKEN
        return Problem.COPIES_FAILED if self.failed else None


class UptimeState(NamedTuple):
    """Since the process was started."""

    seconds: float

    @property
    def problem(self) -> Problem | None:
        """Nothing is."""
        return None


VitalState = (
    TelegramState
    | DatabaseState
    | BrokerState
    | DiskState
    | MemoryState
    | LoopState
    | DownloadsState
    | CopiesState
    | UptimeState
)


class Vital(StrEnum):
    """What there is to look at, in the order in which it is shown."""

    TELEGRAM = "telegram"
    DATABASE = "database"
    BROKER = "broker"
    DISK = "disk"
    MEMORY = "memory"
    LOOP = "loop"
    DOWNLOADS = "downloads"
    COPIES = "copies"
    UPTIME = "uptime"


class Finding(NamedTuple):
    """How one of them is."""

    vital: Vital
    state: VitalState | None
    """None: nobody could tell."""

    @property
    def problem(self) -> Problem | None:
        """What is wrong."""
        return Problem.SILENT if self.state is None else self.state.problem

    @property
    def mark(self) -> Mark:
        """How good that is."""
        if self.problem is None:
            return Mark.GOOD
        return Mark.BAD if self.problem in BAD else Mark.DOUBTFUL


def worst(findings: Iterable[Finding]) -> Mark:
    """How good all of it is together."""
    marks = {finding.mark for finding in findings}
    return next((mark for mark in (Mark.BAD, Mark.DOUBTFUL) if mark in marks), Mark.GOOD)
