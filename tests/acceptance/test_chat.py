"""What people say to the bot, and what it answers."""

import asyncio
import time

import pytest

from tests.acceptance.talk import answers, end, fetch, send, status
from tests.dc.callbacks import Answer
from tests.dc.errors import Refusal
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.site.inspect import inspect
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_hello_and_help(stage: Stage) -> None:
    await stage.ann.says("/start")
    assert "Hello Ann" in (await stage.ann.expect("Hello")).text
    await stage.ann.says("/help")
    shown = (await stage.ann.expect("Send me a link")).text
    for command in ("/cancel", "/settings", "/add_log_channel ID (/addlog)", "/test_log (/testlog)"):
        assert command in shown


async def test_a_user_sees_no_command_of_the_owner(stage: Stage) -> None:
    bob = stage.person("Bob <b>", "bob")
    await bob.says("/help")
    shown = (await bob.expect("Send me a link")).text
    assert "/cancel" in shown
    assert "log" not in shown
    for command in ("/addlog -1001234567890", "/remlog -1001234567890", "/loglist", "/test_log"):
        await bob.says(command)
        await bob.expect("You may not do that")


async def test_id_and_info(stage: Stage) -> None:
    await stage.ann.says("/id")
    await stage.ann.expect(f"The ID of this chat is: {stage.ann.id}")
    await stage.ann.says("/info")
    shown = (await stage.ann.expect("Username")).text
    for piece in ("Ann", "@ann", str(stage.ann.id), "owner"):
        assert piece in shown


async def test_what_is_no_link_and_no_command(stage: Stage) -> None:
    await stage.ann.says("how are you?")
    await stage.ann.expect("That is not a link")
    await stage.ann.says("/frobnicate")
    await stage.ann.expect("I do not know this command")
    await stage.ann.says("ftp://example.org/file")
    await stage.ann.expect("That is not a link")


async def test_several_links_are_a_job_each(stage: Stage) -> None:
    sources = ("mp4", "mp3", "zip")
    message = await stage.ann.says("these: " + " and, ".join(stage.site.url(source) for source in sources))
    for _ in sources:
        assert (await end(stage.ann, message)).text.startswith("✅")
    names = {answer.media.name for answer in answers(stage.ann, message) if answer.media}
    assert names == {"video.mp4", "The Örchestra - Café del Mar.mp3", "archive.zip"}


async def test_the_bot_asks_for_the_quality_once(stage: Stage) -> None:
    link = await send(stage.ann, stage.site.url("watch"))
    question = await status(stage.ann, link, "Which quality?")
    assert [label.split(" ")[0] for label in question.labels] == [
        *("360p", "180p", "90p"),
        *("Audio", "MP3", "M4A", "Opus"),
        "✖",
    ]
    await stage.ann.press(question, "180p")
    assert (await end(stage.ann, link)).text.startswith("✅")
    (answer,) = answers(stage.ann, link)
    assert answer.media is not None
    assert answer.media.height == 180


async def test_audio_only(stage: Stage) -> None:
    link = await send(stage.ann, stage.site.url("watch"))
    await stage.ann.press(await status(stage.ann, link, "Which quality?"), "Audio only")
    await end(stage.ann, link)
    (answer,) = answers(stage.ann, link)
    assert answer.media is not None
    assert answer.media.kind == "audio"
    assert set(inspect(stage.dc.file(answer.media.file_id).bytes).md5s) == {"audio"}


async def test_a_default_quality_skips_the_question(stage: Stage) -> None:
    carl = stage.person("Carl", "carl")
    await carl.says("/settings")
    await carl.press(await carl.expect("ask each time, as usual here"), "Quality")
    page = await carl.expect(lambda seen: "240p" in seen.labels)
    await carl.press(page, "240p")
    await carl.expect("up to 240p")
    link = await send(carl, stage.site.url("watch"))
    assert (await end(carl, link)).text.startswith("✅")
    (answer,) = answers(carl, link)
    assert answer.media is not None
    assert answer.media.height == 180


async def test_nobody_answers_for_somebody_else(stage: Stage) -> None:
    link = await send(stage.ann, stage.site.url("watch"))
    question = await status(stage.ann, link, "Which quality?")
    eve = stage.person("Eve", "eve2")
    await eve.says("/settings")
    theirs = await eve.expect("Your settings")
    data = question.button("360p").data
    assert data is not None
    # Eve's app forges a press with the data of Ann's button.
    answer = await stage.dc.core.callbacks.press(eve.account, eve.message_of(theirs), data, 10)
    assert "Only the person who sent the link" in (answer.text or "")
    await stage.ann.press(question, "Cancel")
    await end(stage.ann, link)


async def test_log_channels_are_managed_in_chat(stage: Stage) -> None:
    third = stage.log_channel("Third")
    await stage.ann.says(f"/addlog {third.id}")
    await stage.ann.expect("Third")
    await stage.ann.says("/log_channels")
    shown = (await stage.ann.expect("Log channels")).text
    for title in ("Log 1", "Log 2", "Third"):
        assert title in shown
    await stage.ann.says("/testlog")
    await stage.ann.expect("Third")
    await third.expect("Test record of @medusa_bot")
    url = stage.site.url("mp4", rate=40_000_000)
    await fetch(stage, stage.ann, url)
    await third.expect(lambda seen: seen.media is not None and url in seen.text)
    await stage.ann.says(f"/remlog {third.id}")
    await stage.ann.expect("gets no more copies")
    await stage.ann.says(f"/remlog {third.id}")
    await stage.ann.expect("not one of the log channels")


async def test_a_channel_without_rights_is_not_added(stage: Stage) -> None:
    foreign = stage.dc.channel("Foreign")
    for argument, answer in (
        ("", "Tell me the id"),
        ("@name", "is not the id of a channel"),
        ("-5", "starts with -100"),
        (str(foreign.id), "I do not know this chat"),
    ):
        await stage.ann.says(f"/add_log_channel {argument}".strip())
        await stage.ann.expect(answer)
    foreign.add(stage.bot)
    await stage.ann.says(f"/add_log_channel {foreign.id}")
    await stage.ann.expect("not an admin")


async def test_a_channel_that_fails_stops_nobody_and_gets_its_copy_later(stage: Stage) -> None:
    first, second = stage.logs
    first.kick(stage.bot)
    url = stage.site.url("mp4", rate=30_000_000)
    await fetch(stage, stage.ann, url)
    await second.expect(lambda seen: seen.media is not None and url in seen.text)
    first.restore(stage.bot)
    await first.expect(lambda seen: seen.media is not None and url in seen.text, timeout=40)


async def greeted(person: Person) -> Seen:
    """Say hello; the answer."""
    said = await person.says("/start")
    return await person.expect(lambda seen: seen.id > said.id and "Hello" in seen.text)


async def hammer(stage: Stage, person: Person, message: Seen, times: int) -> list[Answer | BaseException]:
    """Press an old button of this message so often that it can only be a machine."""
    press, target = stage.dc.core.callbacks.press, person.message_of(message)
    presses = [press(person.account, target, b"other:x", 5) for _ in range(times)]
    return await asyncio.gather(*presses, return_exceptions=True)


async def test_a_flood_is_left_out_after_one_sentence(stage: Stage) -> None:
    bob = stage.person("Bob", "bob_2")
    hello, begun = await greeted(bob), time.monotonic()
    found = await hammer(stage, bob, hello, 120)
    most = 30 + time.monotonic() - begun
    said = [one.text or "" for one in found if isinstance(one, Answer)]
    assert sum("too much at once" in text for text in said) == 1
    assert 29 <= sum("has done its work" in text for text in said) <= most
    assert len(said) < len(found)
    assert all(isinstance(one, Answer | Refusal) for one in found), "the bot answered a press twice"
    for _ in range(3):
        await bob.says("/frobnicate")
    # Links are no flood, and what is not too much is answered while the flood goes on.
    await fetch(stage, bob, stage.site.url("mp4"))
    while not any("The ID of this chat" in seen.text for seen in bob.messages):
        await bob.says("/id")
        await asyncio.sleep(0.3)
    assert not any("too much at once" in seen.text for seen in bob.messages)


async def test_the_owner_is_never_too_much(stage: Stage) -> None:
    hello = await greeted(stage.ann)
    found = await hammer(stage, stage.ann, hello, 60)
    assert [one.text for one in found if isinstance(one, Answer)] == ["This button has done its work."] * 60
