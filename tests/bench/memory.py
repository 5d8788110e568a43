"""What a transfer costs in memory and on disk: a small file, a large one, three that are remuxed at once.

Memory is the proportional set size of the bot and its media children together, in MB of 10^6 bytes; the
database runs apart. Bytes on disk are those that the kernel counted for all these processes, with the bot's
log and its session, which are small.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from statistics import median
from typing import Any

import psutil

from tests.bench.report import Say
from tests.bench.world import World, world
from tests.dc.remote_chats import RemotePerson

SMALL, LARGE, REMUXED = "big-50.mp4", "big-2000.mp4", "big-300-late.mp4"
SMALL_ROUNDS, LARGE_ROUNDS = 3, 2
JOBS = 3
SAMPLE_SECONDS = 0.05


@dataclass
class Peak:
    """The most that was seen, in bytes."""

    tree: int = 0
    bot: int = 0


async def run(say: Say) -> dict[str, Any]:
    """The last line of `./scripts/bench memory --json`."""
    async with world(SMALL, LARGE, REMUXED, MAX_CONCURRENT_JOBS=str(JOBS)) as stage:
        ann = await stage.person("Ann")
        await _measured(stage, ann, say, SMALL)
        written = _written(stage)
        small = [await _measured(stage, ann, say, SMALL) for _ in range(SMALL_ROUNDS)]
        large = [await _measured(stage, ann, say, LARGE) for _ in range(LARGE_ROUNDS)]
        three = await _measured(stage, ann, say, *[REMUXED] * JOBS)
        written = _written(stage) - written
    peak_small, peak_large = median(one.tree for one in small), median(one.tree for one in large)
    return {
        "peak_small_mb": _mb(peak_small),
        "peak_large_mb": _mb(peak_large),
        "growth_mb": _mb(peak_large - peak_small),
        "three_jobs_pss_mb": _mb(three.tree),
        "parent_mb": _mb(three.bot),
        "disk_bytes": written,
    }


async def _measured(stage: World, person: RemotePerson, say: Say, *names: str) -> Peak:
    """Send the links of these files at once; the peak until nothing runs for them any more."""
    async with _watched(stage) as peak, asyncio.TaskGroup() as group:
        for number, name in enumerate(names):
            # A link of its own for each, as if from three pages.
            group.create_task(stage.fetch(person, stage.site.url(name, copy=number)))
    await stage.quiet()
    say(f"{' + '.join(names)}: all together {_mb(peak.tree)} MB, the bot itself {_mb(peak.bot)} MB")
    return peak


@asynccontextmanager
async def _watched(stage: World) -> AsyncIterator[Peak]:
    """Look again and again while the context is open."""
    peak = Peak()

    async def watch() -> None:
        while True:
            sizes = [_pss(process) for process in stage.processes()]
            peak.tree, peak.bot = max(peak.tree, sum(sizes)), max(peak.bot, sizes[0])
            await asyncio.sleep(SAMPLE_SECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield peak
    finally:
        watching.cancel()
        await asyncio.wait([watching])
        if not watching.cancelled():
            watching.result()


def _pss(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_full_info().pss)
    return 0


def _written(stage: World) -> int:
    """Bytes that the bot has written to disk, and every child of it that has ended."""
    return int(stage.processes()[0].io_counters().write_bytes)


def _mb(size: float) -> float:
    return round(size / 1e6, 1)
