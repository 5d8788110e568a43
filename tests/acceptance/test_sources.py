"""Every kind of source, from the link to the file in the chat and in the log channels."""

import asyncio

import pytest

from tests.acceptance.talk import answers, end, fetch, logged, nothing_left, send, status
from tests.site.inspect import Report, inspect
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

AS_IT_IS = ["mp4", "mp4-noranges", "mp4-nolength", "page-video", "page-og", "mp4-late-noranges"]
REMUXED = ["mp4-late", "mp4-fragmented", "hls-ts", "hls-fmp4", "hls-split", "hls-big", "dash", "webm-vp9"]
BROKEN = {
    "a cut, and no ranges": ("big-40.mp4", {"cut": 9_000_000, "ranges": 0}),
    "a segment that is not there": ("hls-big", {"missing": 3}),
    "a length that is a lie": ("big-40.mp4", {"length": 50_000_000, "ranges": 0}),
}


async def _look(data: bytes) -> Report:
    return await asyncio.to_thread(inspect, data)


@pytest.mark.parametrize("source", AS_IT_IS)
async def test_a_file_arrives_bit_for_bit(stage: Stage, source: str) -> None:
    media, file = await fetch(stage, stage.ann, stage.site.url(source))
    assert file.sha256 == stage.site.sha256(source)
    assert (media.kind, media.mime, media.width, media.height) == ("video", "video/mp4", 320, 180)
    assert media.supports_streaming
    assert media.duration == pytest.approx(10, abs=0.1)
    assert media.thumb is not None
    assert media.thumb.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("source", REMUXED)
async def test_streams_become_one_seekable_file(stage: Stage, source: str) -> None:
    media, file = await fetch(stage, stage.ann, stage.site.url(source))
    report = await _look(file.bytes)
    assert report.is_faststart
    assert report.seeks
    assert report.errors == 0
    assert report.md5s == stage.site.track_md5(source)
    assert set(report.md5s) == {"video", "audio"}
    assert media.duration == pytest.approx(report.duration, abs=0.1)
    assert (media.width, media.height) == (report.width, report.height)
    assert media.supports_streaming


async def test_music_has_its_tags(stage: Stage) -> None:
    media, file = await fetch(stage, stage.ann, stage.site.url("mp3"))
    assert file.sha256 == stage.site.sha256("mp3")
    assert (media.kind, media.title, media.performer) == ("audio", "Café del Mar", "The Örchestra")
    assert media.duration == 10


@pytest.mark.parametrize(("source", "name"), [("zip", "archive.zip"), ("pdf", "paper.pdf")])
async def test_a_file_that_is_no_media_keeps_its_name_and_bytes(stage: Stage, source: str, name: str) -> None:
    media, file = await fetch(stage, stage.ann, stage.site.url(source))
    assert file.sha256 == stage.site.sha256(source)
    assert (media.kind, media.name) == ("document", name)


async def test_every_log_channel_gets_the_same_file_with_a_card(stage: Stage) -> None:
    url = stage.site.url("mp4", rate=50_000_000)
    media, _ = await fetch(stage, stage.ann, url)
    for channel in stage.logs:
        card = await logged(channel, url)
        for piece in (
            "📁 FILE DOWNLOAD LOG",
            "Ann (@ann)",
            str(stage.ann.id),
            "video.mp4",
            "192.6 kB",
            "0:10",
        ):
            assert piece in card.text
        assert card.text.endswith("#download #log #video")
        assert card.media is not None
        assert card.media.file_id == media.file_id, "it was uploaded again"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("redirect-private", "private"),
        ("hls-private", "private"),
        ("drm", "DRM"),
        ("gone", "does not exist"),
        ("page/empty", "no media"),
    ],
)
async def test_what_cannot_be_fetched_is_said_plainly(stage: Stage, source: str, words: str) -> None:
    link = await send(stage.ann, stage.site.url(source))
    last = await end(stage.ann, link)
    assert last.text.startswith("❌")
    assert words in last.text
    assert answers(stage.ann, link) == []
    assert stage.site.internal_hits == 0
    await nothing_left(stage)


@pytest.mark.parametrize("fault", BROKEN)
async def test_what_arrives_broken_is_never_delivered(stage: Stage, fault: str) -> None:
    source, how = BROKEN[fault]
    link = await send(stage.ann, stage.site.url(source, **how))
    again = await status(stage.ann, link, "Trying again", "✅", "❌")
    assert "Trying again" in again.text
    assert "only a part" in again.text
    assert answers(stage.ann, link) == []
    await nothing_left(stage)
    await stage.ann.press(again, "Cancel")
    assert (await end(stage.ann, link)).text.startswith("🚫")


async def test_a_connection_that_breaks_is_resumed_where_the_site_can(stage: Stage) -> None:
    media, file = await fetch(stage, stage.ann, stage.site.url("big-40.mp4", cut=9_000_000, cut_times=2))
    assert file.sha256 == stage.site.sha256("big-40.mp4")
    assert media.size == file.size
