"""The bot is killed again and again while people send it links: is anything lost, or done twice?

Every moment is drawn from a seed: when links are sent, and when SIGKILL strikes, be it while the bot starts,
at its first breath, or in the middle of its work. It is started again at once. When nothing is left to do,
everything that people and log channels have is counted, and held against what was there.
"""

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random, randrange
from typing import Any

import psutil

from medusa.storage.mongo import Store, open_store
from tests.bench.load import MAX_PARTS, Link, Source, is_whole, mixed
from tests.bench.report import Say
from tests.database import Database
from tests.dc import Options
from tests.dc.seen import Attachment, Seen
from tests.stage import Stage

KILLS, LINKS = 60, 35
PEOPLE = ("Ann", "Bob", "Cleo", "Dan")
WHILE_STARTING, AT_ONCE = 0.2, 0.3
"""Shares of the kills: before the bot is ready, and within its first second; the others come later."""
LATEST_SECONDS = 6.0
"""After the bot is ready."""
STARTING_SECONDS = 1.5
SENDING_SHARE = 0.75
"""The last links are sent before the last of so many kills."""
ORPHAN_SECONDS = 3.0
"""How long a child may outlive the bot."""
LINE = 10_000_000
"""Bytes a second that Telegram takes from everybody together, so that uploads last some seconds."""
QUIET_SECONDS = 3.0
PATIENCE_SECONDS = 300.0
"""Until all is quiet, after the last kill."""


@dataclass(frozen=True)
class Tally:
    """What came of it."""

    kills: int
    links: int
    delivered: int
    """Links of which every file is in the person's chat, and is what was there."""
    duplicates: int
    """Files that are in a chat or in a log channel once more than they should be."""
    log_copies_missing: int
    bytes_resent_ratio: float
    """Bytes that were sent to Telegram beyond those of the files, as a share of those."""
    orphans: int
    """Processes that outlived a kill, and files of jobs that are still there at the end."""


async def run(say: Say, *, kills: int = KILLS, links: int = LINKS, seed: int | None = None) -> dict[str, Any]:
    """The last line of `./scripts/bench chaos --json`."""
    return asdict(await chaos(say, kills=kills, links=links, seed=seed))


async def chaos(say: Say, *, kills: int, links: int, seed: int | None = None) -> Tally:
    """Kill the bot so often while so many links are sent. Fails when the bot broke a rule of Telegram."""
    seed = randrange(1_000_000) if seed is None else seed
    say(f"seed {seed}: {kills} kills, {links} links")
    async with _stage() as (stage, store):
        storm = Storm(stage, Random(seed), say)
        began = time.monotonic()
        await storm.rage(kills, links)
        say(
            f"{kills} kills in {time.monotonic() - began:.0f} s, {storm.struck} in the middle of a job; "
            "waiting until nothing is left to do"
        )
        await _quiet(stage, store)
        say(f"quiet after {time.monotonic() - began:.0f} s")
        tally = await asyncio.to_thread(_count, stage, storm, kills, say)
        # A bot that was killed has forgotten how fast it wrote, so Telegram may have to slow the next.
        stage.flood_waits_made = stage.dc.stats().get("flood_waits", 0)
        say(f"{tally}, {stage.flood_waits_made} flood waits")
    return tally


@asynccontextmanager
async def _stage() -> AsyncIterator[tuple[Stage, Store]]:
    """A bot with two log channels, and a database that outlives it."""
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        scratch = home / "tmp"
        scratch.mkdir()
        database = await stack.enter_async_context(Database(home / "db"))
        options = Options(max_parts=MAX_PARTS, spool_above=2**20, bandwidth=LINE)
        stage = Stage(options=options, MONGODB_URI=database.uri, TMPDIR=str(scratch))
        await stack.enter_async_context(stage)
        yield stage, await stack.enter_async_context(open_store(database.uri, "medusa"))
        left = [path for path in scratch.rglob("*") if path.is_file()]
        assert not left, f"the bot has left temporary files behind: {left}"


class Storm:
    """Sends links and kills the bot, at moments of chance."""

    def __init__(self, stage: Stage, chance: Random, say: Say) -> None:
        self._stage = stage
        self._chance = chance
        self._say = say
        self._people = [stage.ann, *(stage.person(name, name.lower()) for name in PEOPLE[1:])]
        self.links: list[Link] = []
        """Those that were sent."""
        self.struck = 0
        """Kills that hit media children too."""
        self.orphans = 0

    async def rage(self, kills: int, links: int) -> None:
        """Returns with the bot running."""
        waves = self._waves(kills, links)
        async with asyncio.TaskGroup() as watching:
            for number in range(kills):
                await self._live(waves[number])
                victims = self._stage.processes()
                self.struck += bool(self._stage.media_children())
                await self._stage.kill()
                watching.create_task(self._watch(victims))
                await self._stage.launch()
        await self._stage.ready()

    def _waves(self, kills: int, links: int) -> list[list[tuple[str, Source]]]:
        """What is sent in each of the bot's lives: now and then several links at once."""
        waves: list[list[tuple[str, Source]]] = [[] for _ in range(kills)]
        load = list(mixed(self._stage.site, links, self._chance))
        while load:
            size = self._chance.randint(1, 4)
            life = self._chance.randrange(max(1, round(kills * SENDING_SHARE)))
            waves[life] += load[:size]
            del load[:size]
        return waves

    async def _live(self, wave: list[tuple[str, Source]]) -> None:
        """One life of the bot, from its launch to the moment of its death."""
        kind = self._chance.random()
        if kind < WHILE_STARTING:
            seconds = self._chance.uniform(0.05, STARTING_SECONDS)
        else:
            await self._stage.ready()
            seconds = self._chance.uniform(0.05, 1.0 if kind < WHILE_STARTING + AT_ONCE else LATEST_SECONDS)
        # Half of the waves come right before the end, when the bot has only just heard of them.
        before = seconds * self._chance.random() if self._chance.random() < 0.5 else seconds - 0.05
        await asyncio.sleep(before)
        for url, source in wave:
            person = self._chance.choice(self._people)
            self.links.append(Link(person, await person.says(url), url, source))
        await asyncio.sleep(seconds - before)

    async def _watch(self, victims: list[psutil.Process]) -> None:
        """Count who outlives the bot."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ORPHAN_SECONDS):
                while any(_is_alive(victim) for victim in victims):
                    await asyncio.sleep(0.05)
        for victim in filter(_is_alive, victims):
            self._say(f"an orphan: {victim}")
            self.orphans += 1


async def _quiet(stage: Stage, store: Store) -> None:
    """Return when the bot has had nothing to do for a while, or will never be done."""
    quiet_since = time.monotonic()
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while time.monotonic() - quiet_since < QUIET_SECONDS:
                await asyncio.sleep(0.2)
                if await _is_busy(stage, store):
                    quiet_since = time.monotonic()


async def _is_busy(stage: Stage, store: Store) -> bool:
    if stage.media_children() or await store.copies.next_copy_time():
        return True
    people = {account.id for account in stage.dc.core.world.accounts.values() if not account.is_bot}
    return any([await store.downloads.active_of(person) for person in people])


def _count(stage: Stage, storm: Storm, kills: int, say: Say) -> Tally:
    """Look at everything that is there. Blocking."""
    files = [link.answers for link in storm.links]
    whole = [_is_delivered(stage, link) for link in storm.links]
    for link, sent, is_there in zip(storm.links, files, whole, strict=True):
        if not is_there or len(_distinct(sent)) != len(sent):
            say("\n  ".join([f"{link.url} has {len(sent)} files: {link.status!r}", *_story(stage, link)]))
    stale = [link for link, is_there in zip(storm.links, whole, strict=True) if is_there and not link.is_over]
    say(f"{len(stale)} files are there, and their status messages do not say so")
    duplicates, missing = sum(len(sent) - len(_distinct(sent)) for sent in files), 0
    for link, copies in _copies(stage, storm.links):
        duplicates += len(copies) - len(_distinct(copies))
        missing += max(0, max(1, len(_distinct(link.answers))) - len(_distinct(copies)))
    size = sum(file.size for sent in files for file in _distinct(sent))
    return Tally(
        kills=kills,
        links=len(storm.links),
        delivered=sum(whole),
        duplicates=duplicates,
        log_copies_missing=missing,
        bytes_resent_ratio=round(stage.dc.stats()["arrived"] / size - 1, 3) if size else 0.0,
        orphans=storm.orphans + len(_strays(stage)) + len(stage.job_files()),
    )


def _story(stage: Stage, link: Link) -> list[str]:
    """What the bot logged of a link."""
    lines = stage.log_bytes().decode().splitlines()
    accepted = next((line for line in lines if f"accepted {link.url} " in line), "")
    job = re.search(r"\[\S+\]", accepted)
    return [line for line in lines if job and job[0] in line]


def _is_delivered(stage: Stage, link: Link) -> bool:
    data = [stage.dc.file(file.file_id).bytes for file in _distinct(link.answers)]
    return is_whole(link.source, stage.site.library.file(link.source.original), data)


def _copies(stage: Stage, links: Sequence[Link]) -> Iterator[tuple[Link, list[Seen]]]:
    """The copies of each link in each log channel."""
    for channel in stage.logs:
        cards = [seen for seen in channel.messages if seen.media is not None]
        for link in links:
            yield link, [seen for seen in cards if link.url in seen.text]


def _distinct(messages: Sequence[Seen]) -> list[Attachment]:
    """The files of these messages, each once; the files of one link differ by their names."""
    return list({seen.media.name: seen.media for seen in messages if seen.media is not None}.values())


def _strays(stage: Stage) -> list[psutil.Process]:
    """Processes that work in the bot's directory and do not belong to it."""
    family = {process.pid for process in stage.processes()}
    strays = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid not in family and Path(process.cwd()).is_relative_to(stage.home):
                strays.append(process)
    return strays


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
