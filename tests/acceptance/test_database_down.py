"""The database goes away in the middle of everything, and comes back."""

import asyncio

import pytest

from medusa.storage.mongo import open_store
from tests.acceptance.talk import PATIENCE, answers, fetch, send, status
from tests.acceptance.test_restart import arrived, lasting, logged_once
from tests.database import Database
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.stage import Stage

AWAY_SECONDS = 30
"""Longer than a lease."""


async def idle(uri: str, person: Person) -> bool:
    """Whether no download of this person is under way any more."""
    async with open_store(uri, "medusa") as store:
        return not await store.downloads.active_of(person.id)


async def refused(stage: Stage, url: str) -> None:
    """A link is answered with the sentence that it was not accepted."""
    link = await send(stage.ann, url)
    answer = await stage.ann.expect(lambda seen: seen.reply_to == link.id, timeout=PATIENCE)
    assert "accepted nothing" in answer.text
    assert "Try again" in answer.text


async def test_a_job_goes_on_without_the_database_and_links_are_not_accepted_meanwhile() -> None:
    async with lasting() as (stage, kept):
        url = stage.site.url("big-8.mp4", rate=300_000)  # for 20 s
        link = await send(stage.ann, url)
        await status(stage.ann, link, "MB of")
        await kept.stop()
        async with asyncio.timeout(AWAY_SECONDS + PATIENCE):
            away = asyncio.create_task(asyncio.sleep(AWAY_SECONDS))
            await refused(stage, stage.site.url("mp3"))
            await away
        await kept.start()
        assert answers(stage.ann, link)  # it was delivered meanwhile
        await arrived(stage, link, "big-8.mp4")
        await logged_once(stage, url)
        assert await idle(kept.uri, stage.ann)
        await fetch(stage, stage.ann, stage.site.url("mp3"))


async def sent_and_not_recorded(stage: Stage, kept: Database) -> tuple[str, Seen]:
    """A link whose file is there, while its end waits for a database that is down."""
    stage.dc.faults.delay(3, method="messages.SendMedia")
    url = stage.site.url("mp4")
    link = await send(stage.ann, url)
    await stage.ann.until(lambda messages: answers(stage.ann, link), timeout=PATIENCE)
    await kept.stop()
    await stage.logged(b"an end waits for the database")
    return url, link


async def test_an_end_that_could_not_be_recorded_is_recorded_later() -> None:
    async with lasting() as (stage, kept):
        url, link = await sent_and_not_recorded(stage, kept)
        await kept.start()
        await arrived(stage, link, "mp4")
        await logged_once(stage, url)
        assert await idle(kept.uri, stage.ann)


@pytest.mark.slow  # like the one without a stop
async def test_an_end_that_could_not_be_recorded_before_a_stop_is_not_sent_again() -> None:
    async with lasting() as (stage, kept):
        url, link = await sent_and_not_recorded(stage, kept)
        assert await stage.stop() == 0, stage.log_tail()
        await kept.start()
        await stage.start()
        await arrived(stage, link, "mp4")
        await logged_once(stage, url)
