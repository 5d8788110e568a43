"""What somebody has under way and what they had: seen, stopped, and sent again."""

import pytest

from tests.acceptance.talk import PATIENCE, end, fetch, nothing_left, send, status
from tests.dc.callbacks import Answer
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.stage import Stage
from tests.unit.telegram.test_handlers import PRESSES

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def forge(stage: Stage, person: Person, message: Seen, data: str) -> Answer:
    """Press a button that the message does not have."""
    return await stage.dc.core.callbacks.press(person.account, person.message_of(message), data.encode(), 10)


async def test_the_past_is_shown_and_comes_again(stage: Stage) -> None:
    ann = stage.ann
    media, _ = await fetch(stage, ann, stage.site.url("mp4"))
    failed = await send(ann, stage.site.url("gone"))
    assert (await end(ann, failed)).text.startswith("❌")
    await ann.says("/history")
    page = await ann.expect("Your downloads")
    assert "1. ❌ 127.0.0.1" in page.text
    assert "does not exist" in page.text
    assert "2. ✅ video" in page.text
    (original,) = [seen for seen in ann.messages if seen.media and seen.media.file_id == media.file_id]
    assert (await ann.press(page, "🔁 2")).text == "Here it is."
    copy = await ann.expect(lambda seen: bool(seen.media) and seen.id > page.id)
    assert copy.media is not None
    assert (copy.media.file_id, copy.text) == (media.file_id, original.text)
    await ann.deletes(original)
    await ann.press(page, "🔁 2")
    await ann.expect(lambda seen: seen.id > copy.id and seen.text.startswith("✅"), timeout=PATIENCE)
    again = await ann.expect(lambda seen: bool(seen.media) and seen.id > copy.id)
    assert again.media is not None
    assert again.media.name == media.name
    await forge(stage, ann, page, f"history:{ann.id}:page:1")
    beyond = await ann.expect(lambda seen: seen.id == page.id and "nothing more" in seen.text)
    await ann.press(beyond, "Newer")
    await ann.expect(lambda seen: seen.id == page.id and "2. ❌ 127.0.0.1" in seen.text)
    eve = stage.person("Eve", "eve")
    await eve.says("/history")
    empty = await eve.expect("brought you nothing yet")
    data = page.button("🔁 2").data
    assert data is not None
    assert "Only the person" in ((await forge(stage, eve, empty, data.decode())).text or "")


async def test_what_is_under_way_is_shown_and_stopped(stage: Stage) -> None:
    ann = stage.ann
    slow = await send(ann, stage.site.url("big-40.mp4", rate=400_000))
    question = await send(ann, stage.site.url("watch"))
    await status(ann, question, "Which quality?")
    lines = [stage.site.url("big-40.mp4", rate=300_000 + n) for n in range(2)]
    await ann.sends_document("Course.txt", "\n".join(lines).encode())
    await ann.press(await ann.expect("Where shall I start?", PATIENCE), "Use my defaults")
    await status(ann, slow, "MB of")
    await ann.says("/t2t")
    await ann.expect("Send me the text")
    await ann.says("/cancel")
    await ann.expect("goes on")
    await ann.says("/tasks")
    found = await ann.expect("Under way: 3", PATIENCE)
    assert "1. 📦 Course" in found.text
    assert "waits for you to choose" in found.text
    assert "📤 big-40" in found.text
    assert "of 37.7 MB" in found.text
    eve = stage.person("Fay", "fay")
    await eve.says("/tasks")
    theirs = await eve.expect("Nothing of yours")
    assert "Only the person" in ((await forge(stage, eve, theirs, f"tasks:{ann.id}:all:0")).text or "")
    await ann.press(found, "✖ 3")
    await status(ann, question, "🚫")
    await ann.press(found, "Refresh")
    rest = await ann.expect("Under way: 2", PATIENCE)
    await ann.press(rest, "Cancel all")
    assert (await end(ann, slow)).text.startswith("🚫")
    summary = await ann.expect("BATCH DOWNLOAD SUMMARY", timeout=PATIENCE)
    assert "Cancelled: 2" in summary.text
    await ann.press(rest, "Refresh")
    await ann.expect("Nothing of yours", timeout=PATIENCE)
    await nothing_left(stage)


async def test_a_button_of_what_is_gone_is_answered_politely(stage: Stage) -> None:
    """Every handler of presses, in the bot itself; tests/unit/telegram/test_handlers.py knows them all."""
    ann = stage.ann
    said = await ann.says("/start")
    hello = await ann.expect(lambda seen: seen.id > said.id and "Hello" in seen.text)
    press = stage.dc.core.callbacks.press
    still_good = {"cookies", "who", "users", "admin", "stats", "days", "mine", "health"}
    for one in PRESSES:
        data = one if isinstance(one, bytes) else one.encode()
        answer = await press(ann.account, ann.message_of(hello), data, PATIENCE)
        text = answer.text or ""
        assert "Something went wrong" not in text, (one, stage.log_tail())
        assert text.endswith(".") or data.decode(errors="replace").partition(":")[0] in still_good, (
            one,
            text,
        )
    assert b" ERROR " not in stage.log_bytes(), stage.log_tail()
