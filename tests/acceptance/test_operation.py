"""Those who run the bot do it from their chat: how it is, what went wrong, how it is set, started again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import pytest_asyncio

from medusa.storage.mongo import open_store
from tests.acceptance.talk import PATIENCE, answers, end, send, status
from tests.dc import Options, Pace
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


def watched_stage() -> Stage:
    """A bot that reports its start, and people who write faster than people do."""
    options = Options(pace=Pace(private_burst=40, total_per_second=300))
    return Stage(log_channels=1, options=options, START_REPORT="true", STOP_GRACE="0")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with watched_stage() as stage:
        yield stage


async def test_ping_and_version(stage: Stage) -> None:
    eve = stage.person("Eve", "eve")
    await eve.says("/ping")
    assert " ms to Telegram and back" in (await eve.expect("Pong")).text
    await eve.says("/version")
    shown = (await eve.expect("Medusa 1.0.0")).text
    for words in ("yt-dlp 20", "days old", "Python 3.", "kurigram", "PyAV"):
        assert words in shown


async def test_health(stage: Stage) -> None:
    ann = stage.ann
    await ann.says("/health")
    shown = await ann.expect("🩺")
    # How fast all of it is depends on the machine.
    for words in (
        "Telegram: connected, ping",
        "MongoDB: 6.",
        ", private, ",
        "✅ Broker: in memory",
        "Disk: ",
        "Memory: ",
        "Event loop: at most",
        "✅ Downloads: 0 running, 0 queued",
        "✅ Log copies: 0 waiting",
        "✅ Up: 0:",
    ):
        assert words in shown.text
    await ann.press(shown, "Refresh")


async def test_the_log_as_a_file(stage: Stage) -> None:
    ann = stage.ann
    await ann.says("/logs")
    sent = await ann.expect(lambda seen: bool(seen.media) and "lines of my log" in seen.text)
    assert sent.media is not None
    text = stage.dc.file(sent.media.file_id).bytes.decode()
    assert "ready as @medusa_bot" in text
    assert stage.bot.token not in text
    await ann.says("/logs 2")
    short = await ann.expect("The last 2 lines")
    assert short.media is not None
    assert len(stage.dc.file(short.media.file_id).bytes.decode().splitlines()) == 2


async def test_a_restart(stage: Stage) -> None:
    ann = stage.ann
    link = await send(ann, stage.site.url("big-40.mp4", rate=4_000_000))
    await status(ann, link, "Looking at")
    await ann.says("/restart")
    question = await ann.expect("Shall I restart?")
    await ann.press(question, "No")
    await ann.expect("I go on as I am")
    await ann.says("/restart")
    await ann.press(await ann.expect("Shall I restart?"), "Restart")
    await ann.expect("Restarting")
    done = await ann.expect("Restarted, it took", timeout=PATIENCE)
    report = (await ann.expect(lambda seen: "I am ready" in seen.text and seen.id > done.id)).text
    for words in ("Medusa 1.0.0", "@medusa_bot", "no Premium session", "private", "One process", "yt-dlp 20"):
        assert words in report
    assert "Going on with 1 download" in report
    await ann.says("/cancel")
    assert (await end(ann, link)).text.startswith("🚫"), stage.log_tail()
    # The same press once more, as when Telegram tells of it again, is no other restart.
    answer = await stage.dc.core.callbacks.press(
        ann.account, ann.message_of(done), b"restart:%d:go" % ann.id, 10
    )
    assert answer.text == "This button has done its work."
    await ann.says("/ping")
    await ann.expect("Pong")


async def test_maintenance(stage: Stage) -> None:
    ann, bob = stage.ann, stage.person("Bob", "bob")
    running = await send(bob, stage.site.url("big-40.mp4", rate=500_000))
    shown = await status(bob, running, "Looking at")
    await ann.says("/maintenance")
    await ann.expect("Maintenance is off")
    await ann.says("/maintenance on")
    await ann.expect("Maintenance is on")
    refused = await send(bob, stage.site.url("mp4"))
    assert (await bob.expect("I am being looked after")).reply_to == refused.id
    await bob.says("/settings")
    await bob.expect("Try again later")
    await bob.says("/ping")
    await bob.expect("Pong")
    await bob.press(shown, "Cancel")
    assert (await end(bob, running)).text.startswith("🚫")
    served = await send(ann, stage.site.url("mp4"))
    await status(ann, served, "Queued", "Looking at")
    await ann.says("/maintenance off")
    await ann.expect("Maintenance is over")
    await bob.says("/settings")
    await bob.expect("Your settings")
    assert (await end(ann, served)).text.startswith("✅")


async def test_a_question_is_still_open_after_maintenance(stage: Stage) -> None:
    ann, dee = stage.ann, stage.person("Dee", "dee")
    songs = "\n".join(stage.site.url("mp3", n=number) for number in range(3))
    course = await dee.sends_document("Course.txt", songs.encode())
    question = await dee.expect("Where shall I start?", PATIENCE)
    await ann.says("/maintenance on")
    await ann.expect("Maintenance is on")
    for words in ("2", "/settings", "3"):
        await dee.says(words)
        await dee.expect("Try again later")
    assert "Try again later" in ((await dee.press(question, "Use my defaults")).text or "")
    await ann.says("/maintenance off")
    await ann.expect("Maintenance is over")
    await dee.says("3")
    await dee.press(await dee.expect("What is the batch called?"), "Use my defaults")
    summary = await dee.expect(lambda seen: seen.reply_to == course.id and "SUMMARY" in seen.text, PATIENCE)
    assert "Delivered: 1" in summary.text


async def test_settings_are_changed_while_it_runs(stage: Stage) -> None:
    ann, cid = stage.ann, stage.person("Cid <c>", "cid")
    for typed, answer in (
        ("/set caption {nonsense}", "I do not know the field {nonsense}"),
        ("/set wish", "Quality wish: ask each time · default"),
        ("/set welcome Hi <{name}>,\nwelcome!", "Welcome: Hi <{name}>, welcome!"),
        ("/set caption {title} of {source}", "Caption: {title} of {source}"),
        ("/set wish 240p", "Quality: up to 240p"),
    ):
        await ann.says(typed)
        await ann.expect(answer)
    await ann.says("/config")
    shown = (await ann.expect("How I am run")).text
    assert "Quality wish: up to 240p · by Ann, 20" in shown
    assert "Public public: on · default" in shown
    await cid.says("/config")
    await cid.expect("You may not do that")
    await cid.says("/start")
    await cid.expect("Hi <Cid <c>>,\nwelcome!")
    link = await send(cid, stage.site.url("watch"))
    assert (await end(cid, link)).text.startswith("✅"), stage.log_tail()
    (file,) = answers(cid, link)
    assert file.media is not None
    assert file.media.height == 180
    assert " of " in file.text
    course = await cid.sends_document("Course.txt", stage.site.url("watch").encode())
    await cid.press(await cid.expect("Shall I begin?", PATIENCE), "Use my defaults")
    item = await cid.expect(lambda seen: seen.media is not None and seen.reply_to == course.id, PATIENCE)
    assert item.media is not None
    assert (item.media.height, " of " in item.text) == (180, True)
    await cid.says("/settings")
    theirs = await cid.expect("Quality: up to 240p, as usual here")
    await cid.press(theirs, "Quality")
    await cid.press(await cid.expect(lambda seen: "Ask me" in seen.labels), "Ask me")
    link = await send(cid, stage.site.url("watch"))
    await cid.press(await status(cid, link, "Which quality?"), "Cancel")
    await ann.says("/reset wish")
    await ann.expect("Quality: ask each time. That is the default")


async def test_an_error_inside_is_told_once(stage: Stage) -> None:
    ann, secret = stage.ann, stage.bot.token
    socket = quote(str(stage.home / "data" / "mongo" / "mongod.sock"), safe="")
    async with open_store(f"mongodb://{socket}", "medusa") as store:
        deeds = store.database["audit"]
        damaged = {"what": "setting", "subject": "archive", "at": datetime.now(UTC), "by": secret}
        added = await deeds.insert_one(damaged)
        for _ in range(3):
            await ann.says("/config")
            await ann.expect("Something went wrong inside me; it has been noted")
        told = await ann.expect("Something went wrong inside me. ")
        assert "ValidationError in medusa/storage/audit.py:AuditRecord.last_of" in told.text
        await deeds.delete_one({"_id": added.inserted_id})
    await ann.press(told, "Traceback")
    file = await ann.expect(lambda seen: seen.media is not None and "error-" in (seen.media.name or ""))
    assert file.media is not None
    text = stage.dc.file(file.media.file_id).bytes.decode()
    assert "Traceback (most recent call last)" in text
    assert secret not in text
    assert secret not in told.text
    await ann.says("/errors")
    page = await ann.expect("Errors inside me")
    assert "times, last" in page.text
    assert len([seen for seen in ann.messages if "Something went wrong inside me. " in seen.text]) == 1
    await ann.press(page, "Forget")
    await ann.expect("Nothing has gone wrong inside me")
    await ann.press(told, "Traceback")
