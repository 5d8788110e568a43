"""How soon the bot answers while it is at work: eight transfers run, and people say /start.

The load of the figures is eight sources of 4 MB/s each, 32 MB/s together. The same at full speed is told
besides: there the site and the data centre compete with the bot for the processors of this machine, and an
answer waits for them too.
"""

import asyncio
import time
from statistics import quantiles
from typing import Any

from tests.bench.report import Say
from tests.bench.world import World, world
from tests.dc.remote_chats import RemotePerson

TRANSFERS = 8
RATE = 4_000_000
"""Bytes a second of each source."""
FILE, LARGE_FILE = "big-400.mp4", "big-2000.mp4"
"""They outlast the questions, the large one also at full speed."""
PEOPLE = 10
ANSWERS = 120
PAUSE_SECONDS = 0.4
"""From one question to the next; people take turns, so each asks every 4 s."""
BEGIN_SECONDS = 30.0


async def run(say: Say) -> dict[str, Any]:
    """The last line of `./scripts/bench loop --json`."""
    await _measured(say, "no transfer", 0, FILE)
    figures = await _measured(say, f"{TRANSFERS} of {RATE / 1e6:.0f} MB/s", TRANSFERS, FILE, rate=RATE)
    await _measured(say, f"{TRANSFERS} at full speed", TRANSFERS, LARGE_FILE)
    return figures


async def _measured(say: Say, load: str, transfers: int, file: str, **speed: int) -> dict[str, Any]:
    """A bot under this load, asked; its transfers are broken off at the end."""
    async with world(file, MAX_CONCURRENT_JOBS=str(TRANSFERS)) as stage:
        people = [await stage.person(f"Person{number}") for number in range(PEOPLE)]
        for person in people:
            await _ask(person)
        async with asyncio.TaskGroup() as group:
            for person in people[:transfers]:
                group.create_task(_begin(person, stage.site.url(file, **speed)))
        before = await _uploaded(stage)
        began = time.monotonic()
        times = await _answers(people)
        rate = (await _uploaded(stage) - before) / (time.monotonic() - began) / 1e6
        assert len(stage.media_children()) == transfers, "a transfer was over before the questions were"
    figures = {"transfers": transfers, "answers": len(times), **_percentiles(times)}
    say(f"{load}, {rate:.0f} MB/s together: {figures}")
    return figures


async def _begin(person: RemotePerson, url: str) -> None:
    """Send a link; return when its bytes are on their way."""
    asked = await person.says(url)
    await person.expect(lambda seen: seen.reply_to == asked.id and " of " in seen.text, timeout=BEGIN_SECONDS)


async def _answers(people: list[RemotePerson]) -> list[float]:
    """Seconds until each answer. A question does not wait for the answer to the one before."""
    asking = []
    for number in range(ANSWERS):
        asking.append(asyncio.create_task(_ask(people[number % len(people)])))
        await asyncio.sleep(PAUSE_SECONDS)
    return await asyncio.gather(*asking)


async def _ask(person: RemotePerson) -> float:
    began = time.perf_counter()
    await person.says("/start")
    await person.expect("Hello")
    return time.perf_counter() - began


async def _uploaded(stage: World) -> int:
    return int((await stage.dc.stats())["uploaded"])


def _percentiles(times: list[float]) -> dict[str, float]:
    cuts = quantiles(times, n=100)
    return {"p50_ms": round(cuts[49] * 1000, 1), "p95_ms": round(cuts[94] * 1000, 1)}
