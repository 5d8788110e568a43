"""Two hundred people send a link at the same moment, while eight transfers run. When is each answered?

Telegram takes 30 messages a second of a bot, so the last of 200 status messages comes after seven seconds,
however fast the bot is; medusa/telegram/pace.py makes ten of it, so that Telegram need not say so. Who has
to wait sees that an answer is being written ("typing…"), which is no message: that, or the status message, is
the first answer. In the end everybody has their file, once.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from tests.bench.report import Say
from tests.bench.world import World, world
from tests.dc.remote_chats import RemotePerson
from tests.dc.seen import Seen

PEOPLE, TRANSFERS = 200, 8
LARGE, RATE = "big-400.mp4", 4_000_000
"""They outlast the first answers."""
SMALL = "tiny.mp4"
SLOTS = "10"
"""Eight are taken; the others deliver to the crowd."""
BEGIN_SECONDS = 30.0
DELIVERY_SECONDS = 600.0
LOOK_SECONDS = 0.2


@dataclass
class Waiting:
    """Somebody of the crowd, and what they have seen. Moments are those of time.perf_counter()."""

    person: RemotePerson
    asked: Seen | None = None
    asked_at: float = 0.0
    signs: list[float] = field(default_factory=list)
    """Of life: "typing…", or an answer."""
    status_at: float = 0.0

    def __post_init__(self) -> None:
        self.person.action_listeners.append(lambda _: self.signs.append(time.perf_counter()))
        self.person.listeners.append(self._see)

    async def ask(self, url: str) -> None:
        """Send a link."""
        self.asked = await self.person.says(url)
        self.asked_at = time.perf_counter()

    def _see(self, seen: Seen) -> None:
        if not seen.mine and not seen.edits:
            self.signs.append(time.perf_counter())
            self.status_at = self.status_at or time.perf_counter()

    @property
    def files(self) -> list[Seen]:
        """What answers their link."""
        assert self.asked is not None
        return [one for one in self.person.messages if one.media and one.reply_to == self.asked.id]

    async def delivered(self) -> None:
        """Return when their file is there and its status message says so."""
        assert self.asked is not None
        asked = self.asked.id
        await self.person.expect(
            lambda seen: seen.reply_to == asked and seen.media is not None, timeout=DELIVERY_SECONDS
        )
        await self.person.expect(
            lambda seen: seen.reply_to == asked and seen.text.startswith("✅"), timeout=DELIVERY_SECONDS
        )


async def run(say: Say) -> dict[str, Any]:
    """The last line of `./scripts/bench crowd --json`."""
    async with world(LARGE, SMALL, MAX_CONCURRENT_JOBS=SLOTS) as stage:
        busy = [await stage.person(f"Busy{number}") for number in range(TRANSFERS)]
        crowd = [Waiting(await stage.person(f"Person{number}")) for number in range(PEOPLE)]
        async with asyncio.TaskGroup() as group:
            for person in busy:
                group.create_task(_begin(person, stage.site.url(LARGE, rate=RATE)))
        say(f"{TRANSFERS} transfers run")
        watching = asyncio.create_task(_peak(stage))
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number, one in enumerate(crowd):
                group.create_task(one.ask(stage.site.url(SMALL, copy=number)))
        await asyncio.gather(*(one.delivered() for one in crowd))
        seconds = time.monotonic() - began
        watching.cancel()
        peak = await watching
        stats = await stage.dc.stats()
    return {
        "people": PEOPLE,
        "transfers": TRANSFERS,
        **_spread("first_answer", [one.signs[0] - one.asked_at for one in crowd]),
        **_spread("status_message", [one.status_at - one.asked_at for one in crowd]),
        "delivered": sum(len(one.files) > 0 for one in crowd),
        "duplicates": sum(len(one.files) - 1 for one in crowd),
        "delivered_s": round(seconds, 1),
        "flood_waits": stats.get("flood_waits", 0),
        "peak_mb": round(peak / 1e6, 1),
    }


async def _begin(person: RemotePerson, url: str) -> None:
    """Send a link; return when its bytes are on their way."""
    asked = await person.says(url)
    await person.expect(lambda seen: seen.reply_to == asked.id and " of " in seen.text, timeout=BEGIN_SECONDS)


async def _peak(stage: World) -> int:
    """The most memory that the bot itself has had, in bytes (RSS), when this is cancelled."""
    peak, bot = 0, stage.processes()[0]
    while True:
        try:
            peak = max(peak, bot.memory_info().rss)
            await asyncio.sleep(LOOK_SECONDS)
        except asyncio.CancelledError:
            return peak


def _spread(name: str, seconds: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=100)
    found = {"p50": cuts[49], "p95": cuts[94], "max": max(seconds)}
    return {f"{name}_{what}_ms": round(1000 * value) for what, value in found.items()}
