"""The owner looks at the yt-dlp that is used, puts others in its place, and goes back."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.acceptance.talk import PATIENCE, end, fetch, send
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.releases import NEWER, SHIPPED, UNLOADABLE, fill
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A bot whose package index is a directory."""
    index = fill(tmp_path_factory.mktemp("index"))
    async with Stage(log_channels=0, premium=None, options=None, duty="worker", **index) as stage:
        yield stage


async def asks(person: Person, words: str, *ends: str) -> Seen:
    """The answer to a command, in its last state."""
    asked = await person.says(words)
    return await person.expect(
        lambda seen: seen.reply_to == asked.id and any(end in seen.text for end in ends), timeout=PATIENCE
    )


async def fetched_with(stage: Stage, version: str) -> None:
    """A link is looked at with this release from now on, and its file arrives."""
    before = len(stage.log_bytes())
    media, _ = await fetch(stage, stage.ann, stage.site.url("mp4"))
    assert media.name == "video.mp4"
    said = [line for line in stage.log_bytes()[before:].splitlines() if b"looked at with yt-dlp" in line]
    assert len(said) == 1
    assert said[0].endswith(f"yt-dlp {version}".encode())


async def test_another_release_is_installed_tried_used_and_left_again(stage: Stage) -> None:
    ann = stage.ann
    page = await asks(ann, "/ytdlp", f"yt-dlp {SHIPPED}")
    assert "It came with me." in page.text
    assert "days ago" in page.text
    assert "once a week: off" in page.text
    assert page.button("Install the newest").data == b"ytdlp:it:update:"
    last = await asks(ann, f"/ytdlp update {NEWER}", "✅", "❌")
    assert f"yt-dlp {NEWER} is in use from now on, in the place of {SHIPPED}" in last.text, stage.log_tail()
    await fetched_with(stage, NEWER)
    refused = await asks(ann, f"/ytdlp update {UNLOADABLE}", "✅", "❌")
    assert "does not work here: ImportError: a module is missing." in refused.text
    assert f"yt-dlp {NEWER} stays in use." in refused.text
    page = await asks(ann, "/ytdlp", f"yt-dlp {NEWER}")
    assert f"installed beside {SHIPPED}" in page.text
    assert f"{UNLOADABLE} did not work" in page.text
    await stage.stop()
    await stage.start()
    await fetched_with(stage, NEWER)
    assert SHIPPED in (await asks(ann, "/ytdlp reset", "which came with me, is in use")).text
    await fetched_with(stage, SHIPPED)
    assert f"yt-dlp by {ann.id}: the yt-dlp in use {SHIPPED} → {NEWER}".encode() in stage.log_bytes()
    assert f"yt-dlp by {ann.id}: the yt-dlp in use {NEWER} → {SHIPPED}".encode() in stage.log_bytes()


async def test_one_that_breaks_down_while_it_is_used_is_left_by_itself(stage: Stage) -> None:
    ann = stage.ann
    await asks(ann, f"/ytdlp update {NEWER}", "is in use from now on")
    (broken,) = stage.home.glob(f"data/yt-dlp/{NEWER}/yt_dlp/globals.py")
    broken.write_text("raise ImportError('a file is damaged')\n")
    link = await send(ann, stage.site.url("mp4"))
    assert (await end(ann, link)).text.startswith("✅"), stage.log_tail()
    told = await ann.expect(f"yt-dlp {NEWER} broke down", timeout=PATIENCE)
    assert f"back to {SHIPPED}" in told.text
    assert "a file is damaged" in told.text
    await fetched_with(stage, SHIPPED)
    page = await asks(ann, "/ytdlp", f"yt-dlp {SHIPPED}")
    assert "It came with me." in page.text
    assert len([seen for seen in ann.messages if "broke down" in seen.text]) == 1


async def test_what_cannot_be_had_changes_nothing(stage: Stage) -> None:
    ann = stage.ann
    missing = await asks(ann, "/ytdlp update 2026.1.2", "✅", "❌")
    assert "The package index has no yt-dlp 2026.1.2" in missing.text
    assert f"yt-dlp {SHIPPED} stays in use." in missing.text
    for words in ("/ytdlp update --index-url=http://evil.example", "/ytdlp update 2026.13.1"):
        assert "is a date, like" in (await asks(ann, words, "❌", "⏳")).text
    assert "Behind /ytdlp stands" in (await asks(ann, "/ytdlp upgrade", "❌")).text
    page = await asks(ann, "/ytdlp", "yt-dlp")
    await ann.press(page, "Weekly: turn on")
    await ann.expect(lambda seen: seen.id == page.id and "once a week: on" in seen.text)
    eve = stage.person("Eve", "eve")
    assert "may not" in (await asks(eve, "/ytdlp", "❌")).text
