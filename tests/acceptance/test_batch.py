"""A .txt full of links: what is asked, what comes, in which order, and what is said at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.acceptance.talk import PATIENCE
from tests.database import database
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def drop(person: Person, lines: list[str], name: str = "Course.txt") -> Seen:
    """Drop a .txt into the chat."""
    return await person.sends_document(name, "\n".join(lines).encode())


async def over(person: Person, txt: Seen) -> Seen:
    """The summary of a batch."""
    return await person.expect(
        lambda seen: seen.reply_to == txt.id and "BATCH DOWNLOAD SUMMARY" in seen.text, timeout=PATIENCE
    )


def files(person: Person, txt: Seen) -> list[str]:
    """The names of the files of a batch, in the order in which they came."""
    sent = [seen for seen in person.messages if seen.media and not seen.mine and seen.reply_to == txt.id]
    return [seen.media.name or "" for seen in sent if seen.media and "SUMMARY" not in seen.text]


async def test_the_files_come_in_the_order_of_their_lines(stage: Stage) -> None:
    ann = stage.ann
    lines = [
        f"Slow film: {stage.site.url('big-8.mp4', rate=3_000_000)}",
        "a line without a link",
        f"Song: {stage.site.url('mp3')}",
        f"Gone: {stage.site.url('nothing-here')}",
        stage.site.url("zip"),
    ]
    txt = await drop(ann, lines)
    question = await ann.expect("Where shall I start?", timeout=PATIENCE)
    assert "4 links" in question.text
    assert "2: a line without a link" in question.text
    await ann.press(question, "Use my defaults")
    summary = await over(ann, txt)
    assert [name.split(".")[0] for name in files(ann, txt)] == ["Slow film", "Song", "archive"]
    assert "Delivered: 3" in summary.text
    assert "Failed: 1" in summary.text
    assert summary.media is not None
    assert summary.media.name == "Course (failed).txt"
    for log in stage.logs:
        assert "Success: 75%" in (await log.expect("#batch", timeout=PATIENCE)).text


async def test_a_playlist_is_offered_and_a_part_of_it_comes(stage: Stage) -> None:
    ann = stage.ann
    link = await ann.says(f"{stage.site.base}/feed.xml?items=3")
    question = await ann.expect("Which of them?", timeout=PATIENCE)
    assert "3 links" in question.text
    await ann.says("2-3")
    await ann.press(await ann.expect("Which quality", timeout=PATIENCE), "Best")
    summary = await over(ann, link)
    assert "Delivered: 2" in summary.text


async def test_every_question_is_answered_by_hand(stage: Stage) -> None:
    ann = stage.ann
    asked = await ann.says("/drm")
    await ann.expect("Send me the .txt file")
    lines = [f"Lesson {number}: {stage.site.url('mp3', n=number)}" for number in range(1, 5)]
    txt = await drop(ann, lines)
    await ann.expect("Where shall I start?", timeout=PATIENCE)
    await ann.says("99")
    await ann.expect("There are 4 links")
    answers = [await ann.says("2-3")]
    await ann.expect("What is the batch called?")
    answers.append(await ann.says("Algebra"))
    question = await ann.expect("Which quality")
    assert "Algebra" in question.text
    await ann.press(question, "480p")
    await ann.expect("Whom shall the captions credit?")
    answers.append(await ann.says("Team Medusa"))
    await ann.expect("Which thumbnail?")
    answers.append(await ann.says(stage.site.url("zip")))
    await ann.expect("no picture that I can read", timeout=PATIENCE)
    answers[-1] = await ann.says(stage.site.url("picture.jpg"))
    summary = await over(ann, txt)
    assert "Batch: Algebra" in summary.text
    assert [name.split(".")[0] for name in files(ann, txt)] == ["Lesson 2", "Lesson 3"]
    captions = [seen.text for seen in ann.messages if seen.reply_to == txt.id and seen.media]
    assert all("Team Medusa" in text and "Algebra" in text for text in captions)
    assert "002" in captions[0]
    thumbs = {seen.media.thumb for seen in ann.messages if seen.reply_to == txt.id and seen.media}
    assert len(thumbs - {None}) == 1, "the same picture for all"
    left = {seen.id for seen in ann.messages}
    assert left.isdisjoint(answer.id for answer in answers), "answers are taken out of the chat"
    assert asked.id in left


async def live(person: Person, txt: Seen, *marks: str) -> Seen:
    """The next state of the live message of a batch that has all these words, or buttons of these names."""
    return await person.expect(
        lambda seen: (
            seen.reply_to == txt.id
            and all(mark in seen.text or mark in "".join(seen.labels) for mark in marks)
        ),
        timeout=PATIENCE,
    )


async def test_pause_go_on_and_cancel(stage: Stage) -> None:
    ann = stage.ann
    txt = await drop(ann, [stage.site.url("big-8.mp4", rate=2_000_000, n=number) for number in range(20)])
    await ann.press(await live(ann, txt, "Where shall I start?"), "Use my defaults")
    await ann.press(await live(ann, txt, "⬇️", "Pause"), "Pause")
    await ann.press(await live(ann, txt, "Paused."), "Go on")
    await ann.press(await live(ann, txt, "⬇️", "Pause"), "Cancel")
    assert "Cancelled:" in (await over(ann, txt)).text


@pytest.mark.slow  # test_batch_odd.py presses twice
async def test_what_failed_is_tried_again(stage: Stage) -> None:
    ann = stage.ann
    txt = await drop(ann, [f"Gone: {stage.site.url('nothing')}", f"Song: {stage.site.url('mp3', n=9)}"])
    await ann.press(await live(ann, txt, "Where shall I start?"), "Use my defaults")
    summary = await over(ann, txt)
    await ann.press(summary, "Try the 1 failed again")
    again = await over(ann, txt)
    assert again.id != summary.id
    assert "Links: 1" in again.text
    assert "Failed: 1" in again.text


@asynccontextmanager
async def lasting_stage() -> AsyncIterator[Stage]:
    """A bot whose database outlives it."""
    async with database() as kept, Stage(MONGODB_URI=kept.uri) as stage:
        yield stage


async def test_a_batch_survives_what_kills_the_bot() -> None:
    async with lasting_stage() as stage:
        await killed_twice(stage)


async def killed_twice(stage: Stage) -> None:
    """A batch, during whose questions and during whose files the bot is killed."""
    ann = stage.ann
    names = [f"Lesson {number}" for number in range(1, 7)]
    slow = [stage.site.url("big-8.mp4", rate=4_000_000, n=number) for number in range(6)]
    txt = await drop(ann, [f"{name}: {url}" for name, url in zip(names, slow, strict=True)])
    question = await ann.expect("Where shall I start?", timeout=PATIENCE)
    await stage.kill()
    await stage.start()
    await ann.says("1-6")  # what was asked before the restart is still being asked
    await ann.press(await ann.expect("What is the batch called?", timeout=PATIENCE), "Use my defaults")
    await ann.expect(lambda seen: seen.reply_to == txt.id and seen.media is not None, timeout=PATIENCE)
    await stage.kill()
    await stage.start()
    summary = await over(ann, txt)
    assert "Delivered: 6" in summary.text
    assert [name.removesuffix(".mp4") for name in files(ann, txt)] == names
    assert question.id in {seen.id for seen in ann.messages}
    for log in stage.logs:
        await log.expect("#batch", timeout=PATIENCE)
        assert len([seen for seen in log.messages if "#batch" in seen.text]) == 1


async def test_a_list_that_is_posted_in_ones_own_channel_is_brought_there(stage: Stage) -> None:
    ann = stage.ann
    channel = stage.dc.channel("Lessons", admins=[stage.bot, ann])
    await ann.says(f"/add_channel {channel.id}")
    await ann.expect("Lessons")
    text = f"One: {stage.site.url('mp3', n=30)}\nTwo: {stage.site.url('mp3', n=31)}"
    await channel.posts_document("Lessons.txt", text.encode())
    question = await channel.expect("Where shall I start?", timeout=PATIENCE)
    await channel.posts("2")
    await channel.expect("What is the batch called?", timeout=PATIENCE)
    await channel.posts("/d")
    await channel.expect("Which quality", timeout=PATIENCE)
    await channel.posts("best")
    await channel.expect("Whom shall the captions credit?", timeout=PATIENCE)
    await channel.posts("Team")
    await channel.expect("Which thumbnail?", timeout=PATIENCE)
    await channel.posts("/d")
    assert "Delivered: 1" in (await channel.expect("BATCH DOWNLOAD SUMMARY", timeout=PATIENCE)).text
    (file,) = [seen for seen in channel.messages if seen.media and "Team" in seen.text]
    assert file.id > question.id


async def test_a_list_in_a_channel_that_nobody_has_added_is_none_of_our_business(stage: Stage) -> None:
    channel = stage.dc.channel("Others", admins=[stage.bot])
    await channel.posts_document("Lessons.txt", stage.site.url("mp3").encode())
    ours = stage.dc.channel("Ours", admins=[stage.bot, stage.ann])
    await stage.ann.says(f"/add_channel {ours.id}")
    await stage.ann.expect("Ours")
    await ours.posts_document("Lessons.txt", stage.site.url("mp3").encode())
    await ours.expect("Shall I begin?", timeout=PATIENCE)
    assert len(channel.messages) == 1
