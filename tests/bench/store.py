"""The database with a million downloads: how long the reads and writes take that a message waits for.

The figures are those of the reads on the path of a message, all together, as the bot itself sees them:
through its own store and driver, with the time in which documents become values. The database has a cache of
256 MB.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient

from medusa.storage.embedded import embedded_mongod
from medusa.storage.mongo import Store
from tests.bench.report import Say
from tests.filling import fill, known, waiting
from tests.paths import LINE, Known, Operation, reads, writes
from tests.plans import Overheard, stages

DATABASE = "medusa"
SAMPLES, WARM = 1000, 100
"""How often each is done and measured, and before that."""
DAYS = 30
CROWD = range(10_000, 12_000)
"""Links, by their numbers."""
SEVERAL = 3
"""How often each is done while the database is asked for its plans."""


async def run(say: Say, *, downloads: int = 1_000_000, users: int = 100_000) -> dict[str, Any]:
    """The last line of `./scripts/bench store --json`."""
    with tempfile.TemporaryDirectory(prefix="medusa-bench-") as home:
        async with embedded_mongod(Path(home)) as uri:
            began = time.monotonic()
            await asyncio.to_thread(fill, uri, DATABASE, downloads, users)
            say(f"{downloads:,} downloads of {users:,} people written in {time.monotonic() - began:.0f} s")
            overheard = Overheard()
            async with _store(uri, overheard) as store:
                began = time.monotonic()
                await store.prepare()
                # What it has still to write would be counted against what is measured.
                await store.database.client.admin.command("fsync")
                say(f"indexes made in {time.monotonic() - began:.0f} s")
                figures = await _measured(say, store, known(downloads, users))
                await _crowded(say, uri, store, known(downloads, users), users)
                scans = await _scans(say, uri, store, known(downloads, users), overheard)
                await _count_days(say, store)
    return {"downloads": downloads, "users": users, **figures, "collection_scans": scans}


@asynccontextmanager
async def _store(uri: str, overheard: Overheard) -> AsyncIterator[Store]:
    """The store as the bot has it, but for somebody who listens."""
    client: Any = AsyncIOMotorClient(uri, event_listeners=[overheard])
    try:
        yield Store(client.get_database(DATABASE, CodecOptions(tz_aware=True)))
    finally:
        client.close()


async def _measured(say: Say, store: Store, there: Known) -> dict[str, float]:
    together = list[float]()
    say(f"{'':34}{'p50':>9}{'p99':>9}  ms")
    for operation in reads(store, there):
        times = await _times(operation)
        together += times
        say(_line(operation.name, times))
    for name, times in (await _rounds(writes(store, there))).items():
        say(_line(name, times))
    p50, p99 = _percentiles(together)
    say(_line("all reads", together))
    return {"p50_ms": round(p50, 3), "p99_ms": round(p99, 3)}


async def _crowded(say: Say, uri: str, store: Store, there: Known, users: int) -> None:
    """The only ones whose time grows with how many people wait, once more with many of them."""
    async with AsyncMongoClient[dict[str, Any]](uri) as client:
        await client[DATABASE]["downloads"].insert_many([*waiting(CROWD, users)])
    say(f"while {len(CROWD):,} more links of {len(CROWD) // 4} people wait:")
    for operation in reads(store, there):
        if operation.name == LINE:
            say(_line(operation.name, await _times(operation)))
    say(_line("a claim", (await _rounds(writes(store, there), 2 * SAMPLES))["a claim"]))


async def _times(operation: Operation) -> list[float]:
    """Milliseconds of each."""
    for number in range(WARM):
        await operation.run(SAMPLES + number)
    return [await _time(operation, number) for number in range(SAMPLES)]


async def _rounds(operations: Sequence[Operation], first: int = 0) -> dict[str, list[float]]:
    """The same of several, one after the other: what is taken up comes to its end before the next is."""
    found: dict[str, list[float]] = {operation.name: [] for operation in operations}
    for number in range(first, first + SAMPLES):
        for operation in operations:
            found[operation.name].append(await _time(operation, number))
    return found


async def _time(operation: Operation, number: int) -> float:
    began = time.perf_counter()
    await operation.run(number)
    return 1000 * (time.perf_counter() - began)


def _line(name: str, times: Sequence[float]) -> str:
    p50, p99 = _percentiles(times)
    return f"{name:34}{p50:9.3f}{p99:9.3f}"


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    cuts = quantiles(times, n=100)
    return cuts[49], cuts[98]


async def _scans(say: Say, uri: str, store: Store, there: Known, overheard: Overheard) -> int:
    """How many of the queries have a plan that reads a whole collection, as the database explains them."""
    found = 0
    async with AsyncMongoClient[dict[str, Any]](uri) as client:
        for operation in [*reads(store, there), *writes(store, there)]:
            with overheard.listening() as commands:
                for number in range(SEVERAL):
                    await operation.run(5 * SAMPLES + number)
            for command in list(commands):
                if "COLLSCAN" in await stages(client[DATABASE], command):
                    say(f"{operation.name} reads a whole collection: {command}")
                    found += 1
    return found


async def _count_days(say: Say, store: Store) -> None:
    """What nobody waits for: the days are counted, once."""
    now, first = datetime.now(UTC), await store.analytics.earliest()
    assert first is not None
    began, days = time.perf_counter(), [first + timedelta(days=number) for number in range(1, DAYS + 1)]
    counted = [await store.analytics.count(day, now, complete=True) for day in days]
    seconds, total = (time.perf_counter() - began) / DAYS, sum(day.total for day in counted) // DAYS
    say(f"a day of {total:,} downloads is counted in {seconds:.2f} s")
    began = time.perf_counter()
    (users,) = await store.analytics.different_users([(days[0], days[-1])])
    say(f"the {users:,} people of {DAYS} days are told apart in {time.perf_counter() - began:.2f} s")
