"""What somebody wants made of a link, from the words beside it to the file in the chat."""

import asyncio
import io

import av
import pytest

from tests.acceptance.talk import answers, end, send
from tests.dc.files import File
from tests.dc.seen import Attachment
from tests.site.inspect import inspect
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fetch(stage: Stage, words: str) -> tuple[Attachment, File]:
    """Say this and wait until the one file that answers it is there."""
    said = await send(stage.ann, words)
    last = await end(stage.ann, said)
    assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
    (answer,) = answers(stage.ann, said)
    assert answer.media is not None
    return answer.media, stage.dc.file(answer.media.file_id)


async def test_a_part_of_a_film_under_another_name(stage: Stage) -> None:
    media, file = await fetch(stage, f"{stage.site.url('hls-ts')} 0:04.5-0:07 | Sea/side.avi")
    assert (media.kind, media.name, media.mime) == ("video", "Sea_side.mp4", "video/mp4")
    # From the key frame at 4 s, with the pictures that follow the last one.
    assert media.duration == pytest.approx(3.1, abs=0.2)
    assert media.thumb is not None
    report = await asyncio.to_thread(inspect, file.bytes)
    assert report.is_faststart
    assert report.errors == 0
    assert report.duration == pytest.approx(media.duration, abs=0.15)


async def test_another_name(stage: Stage) -> None:
    media, file = await fetch(stage, f"{stage.site.url('zip')} | Holiday pictures")
    assert (media.kind, media.name) == ("document", "Holiday pictures.zip")
    assert file.sha256 == stage.site.sha256("zip")


async def test_a_part_that_there_is_not(stage: Stage) -> None:
    said = await send(stage.ann, f"{stage.site.url('mp4')} 40-50")
    assert "only 0:10 long" in (await end(stage.ann, said)).text
    assert answers(stage.ann, said) == []


async def test_the_sound_of_a_page_with_its_tags(stage: Stage) -> None:
    media, file = await fetch(stage, f"/ytm {stage.site.url('watch')} 2-8")
    assert (media.kind, media.mime) == ("audio", "audio/mpeg")
    assert media.name == "A walk _by_ the sea & back.mp3"
    assert media.title == "A walk <by> the sea & back"
    assert media.duration == 6
    assert media.thumb is not None
    with av.open(io.BytesIO(file.bytes), "r") as song:
        assert song.streams.audio[0].codec_context.name.startswith("mp3")
        assert song.metadata["title"] == media.title
        assert len(song.streams.video) == 1  # the cover
        assert song.duration == pytest.approx(6 * av.time_base, rel=0.01)
