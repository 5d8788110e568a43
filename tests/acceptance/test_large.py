"""Files that are too large for the bot: a Premium user brings them, or they come in parts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from medusa.storage.mongo import open_store
from tests.acceptance.talk import answers, end, fetch, logged, nothing_left, send, status
from tests.dc import Options
from tests.dc.channel import ChannelChat
from tests.dc.seen import Seen
from tests.site.inspect import inspect
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

SMALL = Options(max_parts=8, max_parts_premium=24)
"""4 MiB for the bot, 12 MiB for people with Premium."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def relay() -> AsyncIterator[Stage]:
    """A bot that has the session of a Premium user."""
    async with Stage(premium=True, options=SMALL) as stage:
        yield stage


def passed_through(channel: ChannelChat) -> int:
    """How many files were in a channel on their way to somebody."""
    return len({seen.id for seen in channel.states if "on its way" in seen.text})


def leftovers(channel: ChannelChat) -> list[Seen]:
    """What is in a channel and does not belong there."""
    return [seen for seen in channel.messages if "FILE DOWNLOAD LOG" not in seen.text]


async def arrived_once(stage: Stage, link: Seen, source: str) -> None:
    """One message with the exact file, and nothing left in the relay."""
    last = await end(stage.ann, link)
    assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
    sent = answers(stage.ann, link)
    assert len(sent) == 1, stage.log_tail()
    answer = sent[0]
    assert answer.media is not None
    assert stage.dc.file(answer.media.file_id).sha256 == stage.site.sha256(source)
    assert [leftovers(channel) for channel in stage.logs] == [[] for _ in stage.logs]


async def arrived_in_parts(stage: Stage, link: Seen) -> list[Seen]:
    """Several messages, numbered and playable, and nothing left in the relay."""
    last = await end(stage.ann, link)
    assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
    parts = answers(stage.ann, link)
    assert f"{len(parts)} parts" in last.text
    for number, part in enumerate(parts, 1):
        assert f"part {number}" in part.text
        assert part.media is not None
        report = inspect(stage.dc.file(part.media.file_id).bytes)
        assert (report.errors, report.is_faststart, report.seeks) == (0, True, True)
        assert part.media.duration == pytest.approx(report.duration, abs=0.1)
    assert [leftovers(channel) for channel in stage.logs] == [[] for _ in stage.logs]
    return parts


async def logged_in_order(stage: Stage, parts: list[Seen], url: str) -> None:
    """A copy of each part, in order, in every log channel. Channels may not be written fast."""
    last = f"(part {len(parts)} of {len(parts)})"
    files = [part.media.file_id for part in parts if part.media]
    for channel in stage.logs:
        await channel.expect(lambda seen: url in seen.text and last in seen.text, timeout=30)
        copies = [seen.media for seen in channel.messages if url in seen.text]
        assert [copy.file_id for copy in copies if copy] == files


# --- with a Premium user --------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "through"), [("film-8.mp4", 1), ("mp4-nolength", 1), ("mp4", 0)])
async def test_what_is_or_may_be_too_large_for_the_bot_is_brought_by_the_user(
    relay: Stage, source: str, through: int
) -> None:
    before = passed_through(relay.logs[0])
    url = relay.site.url(source, rate=50_000_000)
    media, file = await fetch(relay, relay.ann, url)
    if source != "mp4-nolength":  # it might be cut, so it is rewritten
        assert file.sha256 == relay.site.sha256(source)
    assert (media.kind, media.supports_streaming) == ("video", True)
    for channel in relay.logs:
        copy = await logged(channel, url)
        assert copy.media is not None
        assert copy.media.file_id == media.file_id
        assert leftovers(channel) == []
    assert passed_through(relay.logs[0]) - before == through


FAULTS = {
    # The first, for later the bot's other messages, copies for the log channels, wait for their turns.
    "a lost answer to the message": lambda stage: stage.dc.faults.drop(
        executed=True, method="messages.SendMedia", account=stage.bot.id
    ),
    "a lost answer to the relay post": lambda stage: stage.dc.faults.drop(
        executed=True, method="messages.SendMedia", account=stage.pam.id
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_file_of_the_user_arrives_once_in_spite_of(relay: Stage, fault: str) -> None:
    programmed = FAULTS[fault](relay)
    try:
        url = relay.site.url("film-8.mp4", rate=40_000_000 + list(FAULTS).index(fault))
        await arrived_once(relay, await send(relay.ann, url), "film-8.mp4")
        assert programmed.fired
    finally:
        relay.dc.faults.clear()


async def test_what_is_too_large_even_for_the_user_comes_in_parts(relay: Stage) -> None:
    url = relay.site.url("film-20.mp4", rate=60_000_000)
    assert len(await arrived_in_parts(relay, await send(relay.ann, url))) == 2


async def test_a_post_that_cannot_be_deleted_stops_nobody(relay: Stage) -> None:
    relay.dc.faults.error(403, "MESSAGE_DELETE_FORBIDDEN", method="channels.DeleteMessages")
    await fetch(relay, relay.ann, relay.site.url("film-8.mp4", rate=45_000_000))
    await relay.logged(b"a post may stay in the relay channel")
    (post,) = leftovers(relay.logs[0])
    await relay.logs[0].deletes(post)


async def test_cancelling_leaves_nothing_in_the_relay(relay: Stage) -> None:
    relay.dc.faults.ignore(method="channels.GetMessages", account=relay.bot.id)
    link = await send(relay.ann, relay.site.url("film-8.mp4", rate=46_000_000))
    await relay.logs[0].until(lambda messages: leftovers(relay.logs[0]) != [], timeout=30)
    await relay.ann.says("/cancel")
    assert (await end(relay.ann, link)).text.startswith("🚫")
    assert answers(relay.ann, link) == []
    assert leftovers(relay.logs[0]) == []
    await nothing_left(relay)
    relay.dc.faults.clear()


async def test_a_relay_that_closes_and_opens_needs_no_restart(relay: Stage) -> None:
    assert relay.pam is not None
    for channel in relay.logs:
        channel.kick(relay.pam)
    url = relay.site.url("film-8.mp4", rate=47_000_000)
    await arrived_in_parts(relay, await send(relay.ann, url))
    await relay.ann.expect("No log channel lets both me and the account")
    relay.logs[1].restore(relay.pam)
    url = relay.site.url("film-8.mp4", rate=48_000_000)
    await arrived_once(relay, await send(relay.ann, url), "film-8.mp4")
    assert passed_through(relay.logs[1]) == 1


async def test_a_session_that_is_ended_on_the_way_is_replaced_by_the_bot(relay: Stage) -> None:
    assert relay.pam is not None
    url = relay.site.url("film-8.mp4", rate=3_000_000)
    link = await send(relay.ann, url)
    await status(relay.ann, link, "B of")
    relay.dc.end_sessions(relay.pam)
    await arrived_in_parts(relay, link)
    another = await send(relay.ann, relay.site.url("film-8.mp4", rate=49_000_000))
    assert "parts" in (await end(relay.ann, another)).text
    await relay.ann.expect("does not accept USER_SESSION_STRING")


async def test_a_bot_that_is_killed_before_it_sends_sends_once(mongo_uri: str, mongo_database: str) -> None:
    async with Stage(
        premium=True, options=SMALL, MONGODB_URI=mongo_uri, DATABASE_NAME=mongo_database
    ) as stage:
        stage.dc.faults.ignore(method="messages.SendMedia", account=stage.bot.id)
        url = stage.site.url("film-8.mp4", rate=50_000_000)
        link = await send(stage.ann, url)
        await stage.logs[0].until(lambda messages: leftovers(stage.logs[0]) != [], timeout=30)
        await stage.kill()
        stage.dc.faults.clear()
        async with open_store(mongo_uri, mongo_database) as store:
            (download,) = await store.downloads.active_of(stage.ann.id)
            await store.downloads.renew(download, datetime.now(UTC) - timedelta(seconds=1))
        await stage.start()
        await arrived_once(stage, link, "film-8.mp4")


# --- without one ----------------------------------------------------------------------------------


async def test_without_premium_the_owner_is_told_and_large_files_come_in_parts() -> None:
    async with Stage(premium=False, options=SMALL) as stage:
        await stage.ann.says("/start")
        await stage.ann.expect("Hello")
        await stage.stop()
        await stage.start()
        assert "./scripts/session" not in (await stage.ann.expect("has no Telegram Premium")).text
        url = stage.site.url("film-8.mp4", rate=50_000_000)
        parts = await arrived_in_parts(stage, await send(stage.ann, url))
        await logged_in_order(stage, parts, url)
        assert passed_through(stage.logs[0]) == 0


@pytest.mark.slow  # like the one before
async def test_without_a_usable_session_too() -> None:
    async with Stage(options=SMALL, USER_SESSION_STRING="A" * 362) as stage:
        assert b"does not accept USER_SESSION_STRING" in stage.log_bytes()
        url = stage.site.url("hls-film/index.m3u8")
        assert len(await arrived_in_parts(stage, await send(stage.ann, url))) >= 2
        await cut_by_bytes(stage)


async def cut_by_bytes(stage: Stage) -> None:
    """What cannot be cut by time comes in documents that are the file when they are joined."""
    link = await send(stage.ann, stage.site.url("film-8-late.mp4", ranges=0))
    last = await end(stage.ann, link)
    assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
    parts = [seen.media for seen in answers(stage.ann, link) if seen.media]
    assert [(part.name or "")[-4:] for part in parts] == [".001", ".002"]
    whole = b"".join(stage.dc.file(part.file_id).bytes for part in parts)
    assert whole == stage.site.original("film-8-late.mp4").read_bytes()
