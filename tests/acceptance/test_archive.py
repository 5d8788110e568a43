"""What was delivered before comes from a log channel, at once."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.acceptance.talk import answers, end, logged, send, status
from tests.dc import Options
from tests.dc.channel import ChannelChat
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.site.inspect import inspect
from tests.stage import Stage

ARCHIVED = "from the archive"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """A bot that may use its archive."""
    async with Stage(ARCHIVE="true") as stage:
        yield stage


async def ends_well(stage: Stage, person: Person, link: Seen) -> Seen:
    last = await end(person, link)
    assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
    return last


async def in_the_archive(stage: Stage, source: str, **options: int) -> str:
    """A link that Ann has sent, and whose file is in both log channels."""
    url = stage.site.url(source, **options)
    assert ARCHIVED not in (await ends_well(stage, stage.ann, await send(stage.ann, url))).text
    for channel in stage.logs:
        await logged(channel, url)
    return url


def copies(stage: Stage, url: str) -> list[tuple[ChannelChat, Seen]]:
    """What the log channels have of a link."""
    return [
        (channel, seen)
        for channel in stage.logs
        for seen in channel.messages
        if seen.media is not None and url in seen.text.split()
    ]


def uploaded(stage: Stage) -> float:
    """Bytes that Telegram was sent."""
    return float(stage.dc.stats()["received"])


async def test_the_second_who_wants_it_gets_it_from_the_archive(stage: Stage) -> None:
    url = await in_the_archive(stage, "mp4")
    bob = stage.person("Bob", "bob")
    before = uploaded(stage)
    link = await send(bob, url)
    last = await ends_well(stage, bob, link)
    assert ARCHIVED in last.text
    assert uploaded(stage) - before < 100_000
    (answer,) = answers(bob, link)
    (first,) = [seen for seen in stage.ann.messages if seen.media is not None]
    assert answer.media is not None
    assert first.media is not None
    assert stage.dc.file(answer.media.file_id).sha256 == stage.site.sha256("mp4")
    assert (answer.text, answer.media.name) == (first.text, first.media.name)
    # It is logged as every other download: who, what, when.
    for channel in stage.logs:
        card = await channel.expect(
            lambda seen: seen.media is not None and url in seen.text and str(bob.id) in seen.text
        )
        assert card.media is not None


@pytest.mark.slow  # like the unit tests of identity
async def test_another_quality_is_another_file(stage: Stage) -> None:
    url = stage.site.url("watch")
    for quality, archived in (("360p", False), ("180p", False), ("360p", True)):
        link = await send(stage.ann, url)
        await stage.ann.press(await status(stage.ann, link, "Which quality?"), quality)
        assert (ARCHIVED in (await ends_well(stage, stage.ann, link)).text) is archived, quality
        (answer,) = answers(stage.ann, link)
        assert answer.media is not None
        shown = inspect(stage.dc.file(answer.media.file_id).bytes)
        assert f"{shown.height}p" == quality
        for channel in stage.logs:
            await logged(channel, url)


async def test_fresh_fetches_it_anew(stage: Stage) -> None:
    url = await in_the_archive(stage, "mp3")
    assert ARCHIVED not in (await ends_well(stage, stage.ann, await stage.ann.says(f"/fresh {url}"))).text
    assert ARCHIVED in (await ends_well(stage, stage.ann, await send(stage.ann, url))).text
    await stage.ann.says("/fresh")
    await stage.ann.expect("Tell me the link behind the command")


async def test_who_does_not_want_the_archive_says_so_once(stage: Stage) -> None:
    url = await in_the_archive(stage, "zip")
    eve = stage.person("Eve", "eve")
    await eve.says("/settings")
    question = await eve.expect("Archive: on")
    await eve.press(question, "Archive off")
    await eve.expect("Archive: off")
    assert ARCHIVED not in (await ends_well(stage, eve, await send(eve, url))).text
    await eve.says("/settings")
    await eve.press(await eve.expect("Archive: off"), "Archive on")
    await eve.expect("Archive: on")
    assert ARCHIVED in (await ends_well(stage, eve, await send(eve, url))).text


@pytest.mark.slow  # like what all have lost
async def test_what_one_channel_has_lost_comes_from_the_other(stage: Stage) -> None:
    url = await in_the_archive(stage, "mp4", n=1)
    (channel, post), _ = copies(stage, url)
    await channel.deletes(post)
    assert ARCHIVED in (await ends_well(stage, stage.ann, await send(stage.ann, url))).text


async def test_what_is_gone_from_all_channels_is_fetched_and_archived_again(stage: Stage) -> None:
    url = await in_the_archive(stage, "mp4", n=2)
    for channel, post in copies(stage, url):
        await channel.deletes(post)
    assert ARCHIVED not in (await ends_well(stage, stage.ann, await send(stage.ann, url))).text
    for channel in stage.logs:
        await logged(channel, url)
    assert ARCHIVED in (await ends_well(stage, stage.ann, await send(stage.ann, url))).text


async def test_a_file_in_several_parts_comes_whole() -> None:
    small = Options(max_parts=6)
    async with Stage(ARCHIVE="true", options=small) as stage:
        url = stage.site.url("film-8.mp4", rate=50_000_000)
        first = await send(stage.ann, url)
        await ends_well(stage, stage.ann, first)
        parts = answers(stage.ann, first)
        assert len(parts) > 1
        for channel in stage.logs:
            for _ in parts:
                await logged(channel, url)
        second = await send(stage.ann, url)
        assert ARCHIVED in (await ends_well(stage, stage.ann, second)).text
        assert [seen.text for seen in answers(stage.ann, second)] == [seen.text for seen in parts]
