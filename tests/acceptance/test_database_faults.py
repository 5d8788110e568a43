"""A database that loses its primary, is slow, or is not there when the bot starts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.acceptance.talk import PATIENCE, answers, fetch, send, status
from tests.acceptance.test_restart import arrived, logged_once
from tests.bot import BotFailed
from tests.database import HeldLine, database
from tests.replica_set import ReplicaSet, replica_set
from tests.stage import Stage

pytestmark = pytest.mark.slow

SLOW_SECONDS = 1.0
"""For each answer."""


@asynccontextmanager
async def replicated() -> AsyncIterator[tuple[Stage, ReplicaSet]]:
    """A bot with a replica set."""
    async with replica_set() as members, Stage(MONGODB_URI=members.uri) as stage:
        yield stage, members


@pytest.mark.timeout(180)
@pytest.mark.parametrize("how", ["killed", "stepped down"])
async def test_a_primary_that_is_lost_costs_nothing(how: str) -> None:
    async with replicated() as (stage, members):
        url = stage.site.url("big-8.mp4", rate=700_000)
        link = await send(stage.ann, url)
        await status(stage.ann, link, "MB of")
        await (members.kill_primary() if how == "killed" else members.step_down())
        other = stage.site.url("mp4")
        meanwhile = await send(stage.ann, other)
        await arrived(stage, meanwhile, "mp4")
        await arrived(stage, link, "big-8.mp4")
        await logged_once(stage, url)
        await logged_once(stage, other)


@pytest.mark.timeout(180)
async def test_a_database_that_is_full_refuses_links_and_loses_nothing() -> None:
    async with replica_set(1) as members, Stage(MONGODB_URI=members.uri) as stage:
        url = stage.site.url("big-8.mp4", rate=2_000_000)
        link = await send(stage.ann, url)
        await status(stage.ann, link, "MB of")
        await members.fill()
        refused = await send(stage.ann, stage.site.url("mp3"))
        told = await stage.ann.expect(lambda seen: seen.reply_to == refused.id, timeout=PATIENCE)
        assert "no room" in told.text
        assert "accepted nothing" in told.text
        await stage.logged(b"an end waits for the database", timeout=PATIENCE)
        assert answers(stage.ann, link)
        await members.empty()
        await arrived(stage, link, "big-8.mp4")
        await logged_once(stage, url)
        await fetch(stage, stage.ann, stage.site.url("mp3"))


@pytest.mark.timeout(180)
async def test_a_database_that_takes_a_second_for_each_answer() -> None:
    async with database() as kept, HeldLine(kept) as line, Stage(MONGODB_URI=line.uri) as stage:
        line.pause = SLOW_SECONDS
        url = stage.site.url("big-8.mp4", rate=1_000_000)
        link = await send(stage.ann, url)
        await status(stage.ann, link, "Queued")
        await arrived(stage, link, "big-8.mp4")
        await stage.ann.says("/health")
        told = await stage.ann.expect(lambda seen: "MongoDB" in seen.text, timeout=PATIENCE)
        assert "slow" in told.text or "does not answer" in told.text
        line.pause = 0.0
        await logged_once(stage, url)
        await fetch(stage, stage.ann, stage.site.url("mp4"))


@pytest.mark.timeout(120)
async def test_a_database_that_is_not_there_at_the_start() -> None:
    async with database() as kept, Stage(MONGODB_URI=kept.uri) as stage:
        await stage.stop()
        link = await send(stage.ann, stage.site.url("mp4"))
        await kept.stop()
        with pytest.raises(BotFailed, match="ended with 2"):
            await stage.start()
        assert "My database does not answer" in stage.log_tail()
        await kept.start()
        # As whoever looks after processes does.
        async with asyncio.timeout(PATIENCE):
            await stage.start()
        await arrived(stage, link, "mp4")
