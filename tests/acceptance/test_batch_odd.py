"""What people do with lists that nobody would expect of them."""

import asyncio

import pytest

from tests.acceptance.talk import PATIENCE
from tests.acceptance.test_batch import drop, live, over
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_playlist_in_a_list_is_told_of_and_the_next_message_is_what_it_was(stage: Stage) -> None:
    ann = stage.ann
    txt = await drop(
        ann, [f"All: {stage.site.base}/feed.xml?items=3", f"Song: {stage.site.url('mp3', n=50)}"]
    )
    await ann.press(await live(ann, txt, "Where shall I start?"), "Use my defaults")
    summary = await over(ann, txt)
    assert "Delivered: 1" in summary.text
    assert "Failed: 1" in summary.text
    assert "This is a playlist" in summary.text
    hello = await ann.says("2")
    await ann.expect(lambda seen: seen.reply_to == hello.id and "link" in seen.text)


async def test_a_list_with_a_link_in_its_caption_is_a_list(stage: Stage) -> None:
    ann = stage.ann
    caption = f"From {stage.site.url('mp3', n=51)}"
    txt = await ann.sends_document("Course.txt", stage.site.url("mp3", n=52).encode(), caption=caption)
    question = await live(ann, txt, "Shall I begin?")
    assert [seen for seen in ann.messages if seen.reply_to == txt.id] == [question]
    await ann.press(question, "Cancel")
    await ann.expect("Cancelled.")


async def test_cookies_that_nobody_asked_for_are_shown_to_nobody(stage: Stage) -> None:
    ann = stage.ann
    lines = [
        "# Netscape HTTP Cookie File",
        "# http://curl.haxx.se/x",
        ".a.org\tTRUE\t/\tTRUE\t0\tSID\tsecret",
    ]
    await drop(ann, lines, "cookies.txt")
    assert "/cookies" in (await ann.expect("These are cookies", timeout=PATIENCE)).text
    assert not any("secret" in seen.text for seen in ann.messages)


async def test_the_question_about_one_list_outlives_another(stage: Stage) -> None:
    ann = stage.ann
    song = stage.site.url("mp3", n=53)
    first = await drop(ann, [song, song], "One.txt")
    asked = await live(ann, first, "Where shall I start?")
    second = await drop(ann, [song, song], "Two.txt")
    await live(ann, second, "Where shall I start?")
    await ann.press(asked, "Cancel")
    await live(ann, first, "Cancelled.")
    await ann.says("2")
    question = await live(ann, second, "What is the batch called?")
    await ann.press(question, "Use my defaults")
    assert "Links: 1" in (await over(ann, second)).text


async def test_who_presses_twice_tries_what_failed_once(stage: Stage) -> None:
    ann = stage.ann
    txt = await drop(ann, [f"Gone: {stage.site.url('nothing', n=55)}"], "Twice.txt")
    await ann.press(await live(ann, txt, "Shall I begin?"), "Use my defaults")
    summary = await over(ann, txt)
    # The server knows of the second press before the bot has answered the first.
    pressed = [ann.press(summary, "Try the 1 failed again") for _ in range(2)]
    await asyncio.gather(*pressed)
    await over(ann, txt)
    assert len([seen for seen in ann.messages if seen.reply_to == summary.id and not seen.mine]) == 1
