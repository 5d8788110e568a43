"""A process of which everything is known, for what tells of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from medusa.counters import Counters
from medusa.health import Health, Look
from medusa.release import Release
from medusa.versions import Versions
from medusa.vitals import (
    GB,
    BrokerState,
    CopiesState,
    DatabaseState,
    DiskState,
    DownloadsState,
    LoopState,
    MemoryState,
    TelegramState,
    UptimeState,
    Vital,
    VitalState,
)
from medusa.web.status import Status, Subject

VERSIONS = Versions("1.0.0", "3.11.9", "2.2.26", Release(version="2026.10.26"), "18.1.0")
WELL: Mapping[Vital, VitalState] = {
    Vital.TELEGRAM: TelegramState(True, 20.0, 4),
    Vital.DATABASE: DatabaseState(3.0, "7.0", 5000),
    Vital.BROKER: BrokerState(is_shared=True, reachable=True),
    Vital.DISK: DiskState(2 * GB, 9 * GB),
    Vital.MEMORY: MemoryState(bot=100, children=200, processes=3, limit=512),
    Vital.LOOP: LoopState(12.0, tasks=40),
    Vital.DOWNLOADS: DownloadsState(running=2, queued=7),
    Vital.COPIES: CopiesState(waiting=4, failed=1, broken=1),
    Vital.UPTIME: UptimeState(60.0),
}


def saying(state: VitalState) -> Callable[[], Awaitable[VitalState]]:
    async def look() -> VitalState:
        return state

    return look


def status(
    states: Mapping[Vital, VitalState] = WELL,
    *,
    looks: Mapping[Vital, Look] | None = None,
    stop: asyncio.Event | None = None,
    counters: Counters | None = None,
    seconds: float = 2.0,
) -> Status:
    """One that has begun. `looks`: instead of the states."""
    made = Status(stop or asyncio.Event())
    all_looks = {**{vital: saying(state) for vital, state in states.items()}, **(looks or {})}
    made.begin(
        Subject(Health(all_looks, seconds=seconds), counters or Counters(), lambda: VERSIONS, "worker")
    )
    return made
