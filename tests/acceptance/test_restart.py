"""The bot is stopped and killed in the middle of everything: what was begun is ended, once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from medusa.storage.mongo import open_store
from tests.acceptance.talk import PATIENCE, answers, end, logged, send, status
from tests.database import Database, HeldLine, database
from tests.dc.conversation import Conversation
from tests.dc.seen import Seen
from tests.site.inspect import track_md5s
from tests.stage import Stage

RATE = 8_000_000
"""Bytes a second of a source; where it is two, of each."""


@asynccontextmanager
async def lasting(grace: int = 5) -> AsyncIterator[tuple[Stage, Database]]:
    """A bot whose database outlives it, and that may use so many seconds to stop."""
    async with database() as kept, Stage(MONGODB_URI=kept.uri, STOP_GRACE=str(grace)) as stage:
        yield stage, kept


async def arrived(stage: Stage, link: Seen, source: str) -> int:
    """The link's one file is there, and is what was there; its size in bytes."""
    last = await end(stage.ann, link)
    assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
    (answer,) = answers(stage.ann, link)
    assert answer.media is not None
    file = stage.dc.file(answer.media.file_id)
    if file.sha256 != stage.site.sha256(source):
        tracks = await asyncio.to_thread(track_md5s, file.bytes)
        assert tracks == await asyncio.to_thread(stage.site.track_md5, source)
    return file.size


async def logged_once(stage: Stage, url: str) -> None:
    """One copy of the file is in every log channel."""
    for channel in stage.logs:
        await logged(channel, url)
    assert [len(copies(channel, url)) for channel in stage.logs] == [1 for _ in stage.logs]


def copies(channel: Conversation, url: str) -> list[Seen]:
    """The copies of a link's file in a log channel."""
    return [seen for seen in channel.messages if seen.media is not None and url in seen.text]


# --- uploads go on --------------------------------------------------------------------------------


async def uploaded(stage: Stage, size: int) -> None:
    """Return when Telegram has so many bytes."""
    async with asyncio.timeout(PATIENCE):
        while stage.dc.stats()["uploaded"] < size:
            await asyncio.sleep(0.02)


slow = pytest.mark.slow  # ten seconds each, and like the others


@pytest.mark.parametrize(
    ("source", "size", "signal"),
    [
        pytest.param("big-24.mp4", 18_000_000, "SIGTERM", id="passed on, SIGTERM", marks=slow),
        pytest.param("big-24.mp4", 18_000_000, "SIGKILL", id="passed on, SIGKILL", marks=slow),
        pytest.param("big-24-late.mp4", 18_000_000, "SIGTERM", id="its index moved, SIGTERM", marks=slow),
        pytest.param("big-24-late.mp4", 18_000_000, "SIGKILL", id="its index moved, SIGKILL", marks=slow),
        pytest.param("dash-files", 28_000_000, "SIGTERM", id="put together, SIGTERM"),
        pytest.param("dash-files", 28_000_000, "SIGKILL", id="put together, SIGKILL", marks=slow),
    ],
)
async def test_an_upload_goes_on_where_it_was(source: str, size: int, signal: str) -> None:
    async with lasting(grace=0) as (stage, _):
        url = stage.site.url(source, rate=RATE)
        link = await send(stage.ann, url)
        await uploaded(stage, size)
        began = time.monotonic()
        if signal == "SIGTERM":
            assert await stage.stop() == 0, stage.log_tail()
            assert stage.leftovers() == []
            assert stage.job_files() == []
        else:
            await stage.kill()
        assert time.monotonic() - began < 10
        assert answers(stage.ann, link) == []
        await stage.start()
        whole = await arrived(stage, link, source)
        assert stage.dc.stats()["arrived"] - whole <= 0.25 * whole, stage.log_tail()
        await logged_once(stage, url)


async def test_a_file_is_taken_up_again_although_nobody_knows_that_telegram_has_its_end() -> None:
    async with lasting(grace=0) as (stage, _):
        url = stage.site.url("big-8.mp4", rate=RATE)
        # Its last part, the one that carries the total, arrives, and the bot never learns of it.
        last = stage.dc.faults.lose_reply(method="upload.*", total=12)
        link = await send(stage.ann, url)
        async with asyncio.timeout(PATIENCE):
            while not last.fired:
                await asyncio.sleep(0.005)
        await stage.kill()
        await stage.start()
        await arrived(stage, link, "big-8.mp4")
        await logged_once(stage, url)


# --- nothing is sent twice ------------------------------------------------------------------------


async def test_a_message_that_was_sent_and_not_recorded_is_not_sent_again() -> None:
    async with lasting() as (stage, _):
        # It is posted, and its answer is on its way for longer than the bot lives.
        stage.dc.faults.delay(PATIENCE, method="messages.SendMedia")
        url = stage.site.url("mp4")
        link = await send(stage.ann, url)
        await stage.ann.until(lambda messages: answers(stage.ann, link), timeout=PATIENCE)
        await stage.kill()
        await stage.start()
        await arrived(stage, link, "mp4")
        await logged_once(stage, url)


async def after_the_claims_of_the_outbox(kept: Database) -> None:
    """Let it be two minutes later for copies that somebody took up."""
    async with open_store(kept.uri, "medusa") as store:
        now = {"$set": {"log_copies.$[].next_try": datetime.now(UTC)}}
        await store.database["downloads"].update_many({}, now)


async def test_a_log_copy_that_was_sent_and_not_recorded_is_not_sent_again() -> None:
    async with lasting() as (stage, kept):
        stage.dc.faults.delay(PATIENCE, method="messages.SendMedia", after=1, times=2)
        url = stage.site.url("mp4")
        await send(stage.ann, url)
        for channel in stage.logs:
            await logged(channel, url)
        await stage.kill()
        await after_the_claims_of_the_outbox(kept)
        await stage.start()
        async with asyncio.timeout(PATIENCE):
            while stage.dc.stats().get("duplicates", 0) < len(stage.logs):  # posted again, and refused
                await asyncio.sleep(0.02)
        assert [len(copies(channel, url)) for channel in stage.logs] == [1 for _ in stage.logs]


@pytest.mark.slow  # like the question below
async def test_an_end_that_nobody_was_told_of_is_told_after_the_restart() -> None:
    async with lasting() as (stage, _):
        url = stage.site.url("mp4")
        link = await send(stage.ann, url)
        await stage.ann.until(lambda messages: answers(stage.ann, link), timeout=PATIENCE)
        stage.dc.faults.ignore(method="messages.EditMessage")
        await stage.logs[0].until(lambda messages: copies(stage.logs[0], url), timeout=PATIENCE)
        await stage.kill()
        stage.dc.faults.clear()
        await stage.start()
        await arrived(stage, link, "mp4")
        await logged_once(stage, url)


async def test_a_question_that_nobody_was_asked_is_asked_after_the_restart() -> None:
    async with lasting() as (stage, _):
        stage.dc.faults.ignore(method="messages.EditMessage")
        link = await send(stage.ann, stage.site.url("watch"))
        await stage.logged(b"asking after attempt 1")
        await stage.kill()
        stage.dc.faults.clear()
        await stage.start()
        await stage.ann.press(await status(stage.ann, link, "Which quality?"), "90p")
        assert (await end(stage.ann, link)).text.startswith("✅")


async def test_a_link_that_was_heard_and_not_recorded_is_heard_again() -> None:
    async with database() as kept, HeldLine(kept) as line, Stage(MONGODB_URI=line.uri) as stage:
        line.hold("insert", "downloads")
        url = stage.site.url("mp4")
        link = await send(stage.ann, url)
        await line.holds.wait()
        await stage.kill()
        line.release()
        await stage.start()
        await arrived(stage, link, "mp4")
        await logged_once(stage, url)


async def test_a_status_message_that_nobody_has_noted_is_found_again() -> None:
    async with database() as kept, HeldLine(kept) as line, Stage(MONGODB_URI=line.uri) as stage:
        line.hold("findAndModify", "downloads")
        url = stage.site.url("mp4")
        link = await send(stage.ann, url)
        await status(stage.ann, link, "Queued")
        await line.holds.wait()
        await stage.kill()
        line.release()
        await stage.start()
        await arrived(stage, link, "mp4")
        replies = {seen.id for seen in stage.ann.messages if seen.reply_to == link.id and seen.media is None}
        assert len(replies) == 1
        await logged_once(stage, url)
