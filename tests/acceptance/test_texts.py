"""Texts that become files, pages and lists; and the sound of a link."""

import pytest

from tests.acceptance.talk import PATIENCE, answers, end
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def file(stage: Stage, person: Person, asked: Seen) -> tuple[str, str]:
    """The name and the text of the file that answers a message."""
    seen = await person.expect(lambda seen: seen.reply_to == asked.id and bool(seen.media), timeout=PATIENCE)
    assert seen.media is not None
    return seen.media.name or "", stage.dc.file(seen.media.file_id).bytes.decode()


async def test_a_text_becomes_a_file(stage: Stage) -> None:
    ann = stage.ann
    await ann.says("/t2t")
    await ann.expect("Send me the text")
    text = f"Lesson 1: {stage.site.url('mp4')}\nsecond line 🎬"
    await ann.says(text)
    await ann.expect("What shall the file be called?")
    assert await file(stage, ann, await ann.says("My list.txt")) == ("My list.txt", f"{text}\n")
    assert await file(stage, ann, await ann.says(f"/t2t {text}")) == ("txt_file.txt", f"{text}\n")
    await ann.says("/t2t")
    await ann.expect("Send me the text")
    await ann.says("short")
    await ann.expect("What shall the file be called?")
    assert await file(stage, ann, await ann.says("/d")) == ("txt_file.txt", "short\n")


async def test_a_list_becomes_a_page(stage: Stage) -> None:
    ann = stage.ann
    data = b"A <b>film</b>: https://example.org/1.mp4?a=1&b=2\nnothing\nhttps://example.org/2.pdf\n"
    asked = await ann.sends_document("My course.txt", data, caption="/t2h")
    name, page = await file(stage, ann, asked)
    assert name == "My course.html"
    assert 'href="https://example.org/1.mp4?a=1&amp;b=2"' in page
    assert "A &lt;b&gt;film" in page
    await ann.says("/t2h")
    await ann.expect("Send me the .txt file")
    name, page = await file(
        stage, ann, await ann.says("One: https://example.org/1\nTwo: https://example.org/2")
    )
    assert page.count("<a href") == 2


async def test_a_playlist_becomes_a_list(stage: Stage) -> None:
    ann = stage.ann
    feed = f"{stage.site.base}/feed.xml?items=3"
    name, text = await file(stage, ann, await ann.says(f"/y2t {feed}"))
    assert name == "The _loud_ podcast.txt"
    assert text.splitlines()[0] == f"Episode 1: {stage.site.base}/video.mp4?episode=1"
    assert len(text.splitlines()) == 3
    await ann.says("/y2t")
    await ann.expect("Send me the link")
    gone = await ann.says(stage.site.url("gone"))
    await ann.expect(lambda seen: seen.reply_to == gone.id and "does not exist" in seen.text, PATIENCE)


async def test_the_sound_of_a_link(stage: Stage) -> None:
    link = await stage.ann.says(f"/ytm {stage.site.url('hls-ts')}")
    assert (await end(stage.ann, link)).text.startswith("✅")
    (answer,) = answers(stage.ann, link)
    assert answer.media is not None
    assert (answer.media.kind, answer.media.mime) == ("audio", "audio/mpeg")
