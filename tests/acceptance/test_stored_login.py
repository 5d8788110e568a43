"""The bot's session with Telegram outlives its disk, and one process at a time uses it."""

import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio

from tests.acceptance.talk import answers, end, fetch, logged, send, status
from tests.bot import BotProcess
from tests.dc.seen import Seen
from tests.stage import Stage

WAITING = b"another process still uses this session; waiting"


@pytest_asyncio.fixture
async def stage(mongo_uri: str, mongo_database: str) -> AsyncIterator[Stage]:
    """A bot whose database is elsewhere."""
    async with Stage(MONGODB_URI=mongo_uri, DATABASE_NAME=mongo_database) as stage:
        yield stage


class Twin(BotProcess):
    """Another process of the same bot, on another disk."""

    def __init__(self, stage: Stage, home: Path) -> None:
        super().__init__()
        self.home, self.variables = home, stage.variables


@asynccontextmanager
async def twin(stage: Stage) -> AsyncIterator[Twin]:
    with tempfile.TemporaryDirectory(prefix="medusa-twin-") as home:
        other = Twin(stage, Path(home))
        try:
            yield other
        finally:
            await other.leave()


def logins(stage: Stage) -> int:
    """How often the bot has logged in with its token."""
    calls: dict[str, int] = stage.dc.stats()["calls"]
    return calls.get("auth.ImportBotAuthorization", 0)


def look_ups(stage: Stage) -> int:
    """How often the bot has asked who somebody is."""
    calls: dict[str, int] = stage.dc.stats()["calls"]
    return sum(calls.get(method, 0) for method in ("users.GetUsers", "channels.GetChannels"))


async def fetched_and_logged(stage: Stage, url: str) -> None:
    """A link is fetched, and its file is in every log channel."""
    await fetch(stage, stage.ann, url)
    for channel in stage.logs:
        await logged(channel, url)


async def arrived_once(stage: Stage, link: Seen, source: str) -> None:
    """One message with the exact file."""
    assert (await end(stage.ann, link)).text.startswith("✅"), stage.log_tail()
    (answer,) = answers(stage.ann, link)
    assert answer.media is not None
    assert stage.dc.file(answer.media.file_id).sha256 == stage.site.sha256(source)


async def test_an_emptied_disk_costs_neither_the_login_nor_the_peers(stage: Stage) -> None:
    await fetched_and_logged(stage, stage.site.url("mp4"))
    await stage.stop()
    asked_at_first = look_ups(stage)
    shutil.rmtree(stage.home / "data")
    await stage.start()
    await fetched_and_logged(stage, stage.site.url("mp3"))
    assert logins(stage) == 1
    assert look_ups(stage) == asked_at_first
    assert not list((stage.home / "data").glob("**/*.session"))


async def test_the_next_process_waits_and_takes_over_what_the_first_hands_back(stage: Stage) -> None:
    link = await send(stage.ann, stage.site.url("big-40.mp4", rate=6_000_000))
    await status(stage.ann, link, "MB of")
    async with twin(stage) as second:
        await second.launch()
        await second.logged(WAITING)
        assert await stage.stop() == 0
        await second.ready()
        await arrived_once(stage, link, "big-40.mp4")
        await fetch(stage, stage.ann, stage.site.url("mp3"))
        assert logins(stage) == 1
        assert await second.stop() == 0


async def test_a_process_that_is_stopped_while_it_waits_ends_at_once(stage: Stage) -> None:
    async with twin(stage) as second:
        await second.launch()
        await second.logged(WAITING)
        began = time.monotonic()
        assert await second.stop() == 0, second.log_tail()
        assert time.monotonic() - began < 3
    await fetch(stage, stage.ann, stage.site.url("mp3"))


async def test_after_a_kill_neither_the_session_nor_the_work_is_waited_for(stage: Stage) -> None:
    link = await send(stage.ann, stage.site.url("big-40.mp4", rate=6_000_000))
    await status(stage.ann, link, "MB of")
    await stage.kill()
    began = time.monotonic()
    await stage.start()
    assert WAITING not in stage.log_bytes()
    await arrived_once(stage, link, "big-40.mp4")
    assert time.monotonic() - began < 15, "the lease of the work would have lasted 20 s"
    assert logins(stage) == 1


async def test_a_session_that_telegram_has_ended_is_replaced_at_the_next_start(stage: Stage) -> None:
    await stage.stop()
    stage.dc.end_sessions(stage.bot)
    link = await send(stage.ann, stage.site.url("mp3"))
    await stage.start()
    assert (await end(stage.ann, link)).text.startswith("✅")
    assert logins(stage) == 2
