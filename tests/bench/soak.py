"""The bot works for an hour's worth of people: does anything that it has grow with how many jobs it has done?

Rounds of jobs of every kind and every end are sent by several people at once. Now and then all comes to rest,
and what the bot and the mother of its media children have is read. What counts is the slope of a line through
these readings; those before the bot is warm are left out.

The log channels decide how long it takes: a bot may write 20 messages a minute into one.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from statistics import linear_regression, median
from typing import Any, NamedTuple

from medusa.storage.mongo import Store, open_store
from tests.bench.report import Say
from tests.bench.varied import JOBS as OF_A_ROUND
from tests.bench.varied import KINDS
from tests.database import Database
from tests.dc import Options
from tests.dc.person import Person
from tests.stage import Stage

JOBS, WARM_UP = 300, 60
ROUNDS_TO_A_REST = 2
PEOPLE = 12
SLOTS = "4"
REST_SECONDS = 32.0
"""Connections for file parts are closed after 15 s without one (medusa/upload/lanes.py), and free memory is
given back every 30 s (medusa/heap.py)."""
READINGS, READING_SECONDS = 5, 0.5
LOOK_SECONDS = 20.0
"""/health tells of the last minute."""
PATIENCE_SECONDS = 300.0
_LOOP = re.compile(r"at most (\d+) ms late, (\d+) task")


class Figures(NamedTuple):
    """What the bot and the mother of its media children have, at rest."""

    memory_mb: float
    """Their own (USS), in 10^6 bytes."""
    descriptors: int
    sockets: int
    threads: int
    tasks: int
    """Of asyncio, as /health tells."""
    processes: int
    files: int
    """In DATA_DIR and in TMPDIR."""
    mongo: int
    """Connections that MongoDB has."""


@dataclass
class Soak:
    """A bot that is soaked."""

    stage: Stage
    store: Store
    say: Say
    scratch: Path
    people: Sequence[Person]
    sent: int = 0
    """Jobs."""
    loop_block_ms: int = 0
    """The longest that /health has told of."""
    readings: list[tuple[int, Figures]] = field(default_factory=list)
    """After how many jobs, and what there was."""

    async def rounds(self, jobs: int, to_a_rest: int) -> None:
        """Work through at least so many, resting after so many rounds each time."""
        whole = ceil(jobs / OF_A_ROUND)
        for number in range(1, whole + 1):
            await self._round()
            if number % to_a_rest == 0 or number == whole:
                await self.rest()

    async def _round(self) -> None:
        first, kinds = self.sent, list(KINDS.values())
        async with asyncio.TaskGroup() as group:
            for number, kind in enumerate(kinds):
                person = self.people[(first + number) % len(self.people)]
                group.create_task(kind.act(self.stage, person, first + number))
        self.sent += OF_A_ROUND

    async def rest(self) -> None:
        """Wait until nothing is under way any more, and read what there is."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.stage.media_children() or self.stage.job_files() or await self._has_copies():
                await asyncio.sleep(0.2)
        await asyncio.sleep(REST_SECONDS)
        found = [await self._read() for _ in range(READINGS)]
        figures = Figures(*(median(one) for one in zip(*found, strict=True)))
        self.readings.append((self.sent, figures))
        told = ", ".join(f"{name} {value:g}" for name, value in figures._asdict().items())
        self.say(f"{self.sent} jobs: {told}")

    async def _has_copies(self) -> bool:
        return await self.store.copies.next_copy_time() is not None

    async def _read(self) -> Figures:
        await asyncio.sleep(READING_SECONDS)
        tasks = await self.look()
        family = self.stage.processes()
        places = (self.stage.home / "data", self.scratch)
        status = await self.store.database.command("serverStatus")
        return Figures(
            memory_mb=round(sum(one.memory_full_info().uss for one in family) / 1e6, 2),
            descriptors=sum(one.num_fds() for one in family),
            sockets=sum(len(one.net_connections("all")) for one in family),
            threads=sum(one.num_threads() for one in family),
            tasks=tasks,
            processes=len(family),
            files=sum(path.is_file() for place in places for path in place.rglob("*")),
            mongo=status["connections"]["current"],
        )

    async def look(self) -> int:
        """The tasks that the bot has, as it tells its owner; how late it was counts, too."""
        asked = await self.stage.ann.says("/health")
        told = await self.stage.ann.expect(lambda seen: seen.reply_to == asked.id and "🩺" in seen.text)
        found = _LOOP.search(told.text)
        assert found is not None, told.text
        self.loop_block_ms = max(self.loop_block_ms, int(found[1]))
        return int(found[2])

    async def watch(self) -> None:
        """Look again and again how late the bot is, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()

    def growth(self, name: str) -> float:
        """Of a figure for each 100 jobs."""
        jobs, values = zip(*((at, getattr(one, name)) for at, one in self.readings), strict=True)
        return round(100 * linear_regression(jobs, values).slope, 2) + 0.0


async def run(say: Say, *, jobs: int = JOBS) -> dict[str, Any]:
    """The last line of `./scripts/bench soak --json`."""
    async with soaking(say) as soak:
        await soak.rounds(WARM_UP, WARM_UP)
        warm = soak.sent
        watching = asyncio.create_task(soak.watch())
        await soak.rounds(jobs, ROUNDS_TO_A_REST)
        watching.cancel()
        await asyncio.wait([watching])
        if not watching.cancelled():
            watching.result()
    grown = {f"{name}_per_100": soak.growth(name) for name in Figures._fields}
    return {"jobs": soak.sent - warm, **grown, "loop_block_ms": soak.loop_block_ms}


@asynccontextmanager
async def soaking(say: Say, *, log_channels: int = 2) -> AsyncIterator[Soak]:
    """A bot with people who have opened their chats, and a database of its own."""
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        scratch = home / "tmp"
        scratch.mkdir()
        database = await stack.enter_async_context(Database(home / "db"))
        stage = Stage(
            log_channels=log_channels,
            options=Options(spool_above=2**18),
            MONGODB_URI=database.uri,
            TMPDIR=str(scratch),
            MAX_CONCURRENT_JOBS=SLOTS,
        )
        await stack.enter_async_context(stage)
        store = await stack.enter_async_context(open_store(database.uri, "medusa"))
        people = [stage.person(f"Person {number}", f"person{number}") for number in range(PEOPLE)]
        yield Soak(stage, store, say, scratch, people)
