"""Subtitles, as people set them: in the video, or as a file behind it, in the log channels too."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.acceptance.talk import answers, end, fetch, logged, send, status
from tests.site.inspect import subtitles
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


def archive_stage() -> Stage:
    """A bot with two log channels, which are an archive."""
    return Stage(ARCHIVE="true")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with archive_stage() as stage:
        yield stage


async def choose(stage: Stage, *buttons: str) -> None:
    """Press these on the page of subtitles."""
    await stage.ann.says("/settings")
    await stage.ann.press(await stage.ann.expect("Your settings"), "Subtitles")
    shown = await stage.ann.expect("Subtitles:")
    for label in buttons:
        await stage.ann.press(shown, label)
        marked = f"✓ {label}"
        shown = await stage.ann.expect(lambda seen: marked in seen.labels)  # noqa: B023


async def test_in_the_video(stage: Stage) -> None:
    await choose(stage, "Deutsch")
    _, file = await fetch(stage, stage.ann, stage.site.url("subtitles"))
    language, said = subtitles(file.bytes)
    assert (language, [one.text for one in said]) == ("deu", ["Ein Spaziergang am Meer.", "Schön & gut."])


async def test_as_a_file(stage: Stage) -> None:
    await choose(stage, "As a file")
    url = stage.site.url("subtitles")
    link = await send(stage.ann, url)
    last = await end(stage.ann, link)
    assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
    assert "part" not in last.text
    video, texts = answers(stage.ann, link)
    assert video.media is not None
    assert texts.media is not None
    assert (video.media.kind, texts.media.kind) == ("video", "document")
    assert texts.media.name == (video.media.name or "").replace(".mp4", ".de.srt")
    assert "Schön & gut.".encode() in stage.dc.file(texts.media.file_id).bytes
    for channel in stage.logs:
        copy = await channel.expect(
            lambda seen: bool(seen.media and (seen.media.name or "").endswith(".srt"))
        )
        assert url in copy.text


async def test_both_come_from_the_archive(stage: Stage) -> None:
    link = await send(stage.ann, stage.site.url("subtitles"))
    last = await end(stage.ann, link)
    assert "from the archive" in last.text
    assert "no subtitles" not in last.text
    video, texts = answers(stage.ann, link)
    assert (video.media and video.media.kind, texts.media and texts.media.kind) == ("video", "document")
    assert "part" not in video.text + texts.text


async def test_there_are_none(stage: Stage) -> None:
    link = await send(stage.ann, stage.site.url("mp4"))
    assert "There are no subtitles in “de”." in (await end(stage.ann, link)).text
    assert len(answers(stage.ann, link)) == 1
    await logged(stage.logs[0], stage.site.url("mp4"))


async def test_chosen_with_the_quality(stage: Stage) -> None:
    bob = stage.person("Bob", "bob")
    link = await send(bob, stage.site.url("watch-subtitles"))
    question = await status(bob, link, "Which quality?")
    await bob.press(question, "💬 Subtitles: none")
    await bob.press(await status(bob, link, "Which subtitles?"), "Deutsch")
    again = await status(bob, link, "Which quality?")
    assert "💬 Subtitles: Deutsch, in the video" in again.labels
    await bob.press(again, "180p")
    await end(bob, link)
    (video,) = answers(bob, link)
    assert video.media is not None
    language, _ = subtitles(stage.dc.file(video.media.file_id).bytes)
    assert language == "deu"
