"""What people set for all their links: how files look, and where they go."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from pyrogram.raw.types import MessageEntityBold, MessageEntityItalic

from tests.acceptance.talk import answers, end, logged, send
from tests.dc import Options, Pace
from tests.dc.conversation import Conversation
from tests.dc.media import image_size
from tests.dc.members import Rights
from tests.dc.person import HasAccount, Person
from tests.dc.seen import Attachment, Seen
from tests.site.encode import picture
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGES = {
    "Quality": ("720p", "up to 720p"),
    "Videos come as": ("File", "Videos come as: file"),
    "Audio": ("Opus", "Audio: Opus"),
    "Subtitles": ("Deutsch", "Subtitles: Deutsch, in the video"),
    "Thumbnail": ("None", "Thumbnail: none"),
}
"""What there is to press on each page, and what the page says then."""


def busy_stage() -> Stage:
    """A bot with one log channel, and people who press faster, one after the other, than people do."""
    return Stage(log_channels=1, options=Options(pace=Pace(total_per_second=300)))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with busy_stage() as stage:
        yield stage


async def menu(person: Person) -> Seen:
    await person.says("/settings")
    return await person.expect("Your settings")


async def opened(person: Person, page: str, shown: Seen | None = None) -> Seen:
    """A page of the settings; from another page that is `shown`, in the same message."""
    if shown is not None:
        await person.press(shown, "Back")
        shown = await person.expect("Your settings")
    await person.press(shown or await menu(person), page)
    return await person.expect(lambda seen: f"{page}:" in seen.text and "‹ Back" in seen.labels)


async def asked(person: Person, page: str, button: str, question: str, shown: Seen | None = None) -> None:
    """Press a button that asks for something."""
    await person.press(await opened(person, page, shown), button)
    await person.expect(question)


async def delivered(stage: Stage, person: Person, chat: Conversation, url: str) -> Seen:
    """Send a link and wait for its file, which comes into this chat."""
    link = await send(person, url)
    last = await end(person, link)
    assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
    return await chat.expect(lambda seen: seen.media is not None)


def media(seen: Seen) -> Attachment:
    assert seen.media is not None
    return seen.media


async def test_each_page_sets_its_own_field_and_shows_it(stage: Stage) -> None:
    bob = stage.person("Bob", "bob")
    changed = None
    for page, (button, shown) in PAGES.items():
        await bob.press(await opened(bob, page, changed), button)
        changed = await bob.expect(shown)
        assert any(label.startswith("✓") and button in label for label in changed.labels)
    whole = (await menu(bob)).text
    for _, shown in PAGES.values():
        assert shown in whole, "a press has changed another field"


async def test_a_caption_is_typed_previewed_and_used(stage: Stage) -> None:
    cid = stage.person("Cid", "cid")
    await asked(cid, "Caption", "Write one", "Write the caption")
    await cid.says("{nonsense}")
    await cid.expect("I do not know the field {nonsense}")
    # The question is still open, and what is marked stays marked.
    text = "🎬 {title} <{extension}>\nby {credit}\n{batch}"
    marks = [MessageEntityBold(offset=3, length=7), MessageEntityItalic(offset=28, length=8)]
    await cid.says(text, entities=marks)
    preview = await cid.expect("A walk through the old town <mp4>\nby Cid")
    assert any(entity.kind == "Bold" and "A walk" in entity.text for entity in preview.entities)
    await asked(cid, "Credit", "Write it", "Who brings", preview)
    await cid.says("The <Cids>")
    credit = await cid.expect("Credit: The <Cids>")
    await asked(cid, "File names", "Prefix", "stands before", credit)
    await cid.says("[Cid]")
    await cid.expect("[Cid] …")
    file = await delivered(stage, cid, cid, stage.site.url("mp4"))
    assert file.text.splitlines()[1:] == ["by The <Cids>"]
    assert file.text.endswith("<mp4>\nby The <Cids>")
    assert (media(file).name or "").startswith("[Cid] ")


async def test_ones_own_photo_is_the_thumbnail(stage: Stage) -> None:
    photo = stage.home / "own.jpg"
    picture(photo, 1280, 720)
    dora = stage.person("Dora", "dora")
    await asked(dora, "Thumbnail", "Send a photo", "Send me a photo")
    await dora.says("which?")
    await dora.expect("Send me a photo.")
    await dora.sends_photo(photo.read_bytes())
    page = await dora.expect("Thumbnail: your photo")
    thumb = media(await delivered(stage, dora, dora, stage.site.url("mp4"))).thumb
    assert thumb is not None
    assert image_size(thumb) == (320, 180)
    await dora.press(page, "None")
    await dora.expect("Thumbnail: none")
    assert media(await delivered(stage, dora, dora, stage.site.url("mp4"))).thumb is None


async def test_nobody_presses_the_buttons_of_others_or_made_up_ones(stage: Stage) -> None:
    eve = stage.person("Eve", "eve")
    shown, theirs = await menu(stage.ann), await menu(eve)
    press = stage.dc.core.callbacks.press
    data = shown.button("Archive off").data
    assert data is not None
    answer = await press(eve.account, eve.message_of(theirs), data, 10)
    assert "somebody else's settings" in (answer.text or "")
    for forged in ("nonsense", f"{eve.id}:nonsense", f"{eve.id}:audio:mp5", f"{eve.id}:to:-1001234567890.0"):
        answer = await press(eve.account, eve.message_of(theirs), f"set:{forged}".encode(), 10)
        assert "I do not know this button" in (answer.text or "")
    assert "Archive: on" in (await menu(stage.ann)).text


async def test_files_go_into_ones_own_channel_as_long_as_it_takes_them(stage: Stage) -> None:
    fay = stage.person("Fay", "fay")
    channel = stage.dc.channel("Fays films", admins=[fay], username="fays_films")
    await fay.says("/channels")
    await fay.expect("There are no channels")
    await fay.says("/add_channel")
    await fay.expect("Which channel?")
    await fay.says(str(channel.id))
    await fay.expect("I do not know this chat")
    channel.promote(stage.bot, Rights(edit_messages=True))
    await fay.says("@fays_films")
    await fay.expect("I may not post messages there")
    channel.promote(stage.bot)
    await fay.forwards(channel.message_of(await channel.posts("a post")))
    await fay.expect("I may post in Fays films")
    await fay.press(await opened(fay, "Deliver to"), "Fays films")
    await fay.expect("Deliver to: Fays films")

    url = stage.site.url("mp4", rate=41_000_000)
    link = await send(fay, url)
    assert "In Fays films" in (await end(fay, link)).text
    file = await channel.expect(lambda seen: seen.media is not None)
    assert file.reply_to is None
    assert answers(fay, link) == []
    await logged(stage.logs[0], url)

    either: tuple[HasAccount, ...] = (stage.bot, fay)
    for number, unwilling in enumerate(either):
        channel.demote(unwilling)
        link = await send(fay, stage.site.url("mp4", rate=42_000_000 + number))
        assert "Here, because I could not post in Fays films" in (await end(fay, link)).text
        assert len(answers(fay, link)) == 1
        channel.promote(unwilling)
    told = [seen for seen in fay.messages if "I cannot post in Fays films" in seen.text]
    assert len(told) == 1

    gus = stage.person("Gus", "gus")
    await gus.says(f"/addchnl {channel.id}")
    await gus.expect("You are not an admin of that chat")
    await gus.says(f"/remchnl {channel.id}")
    await gus.expect("none of your channels")
    await stage.ann.says("/channels")
    assert str(fay.id) in (await stage.ann.expect("All channels")).text
    await fay.says(f"/remove_channel {channel.id}")
    await fay.expect("No more files go to")
    assert "Deliver to: this chat" in (await menu(fay)).text


async def test_files_go_into_a_topic(stage: Stage) -> None:
    hal = stage.person("Hal", "hal")
    forum = stage.dc.channel("Hals forum", admins=[hal], members=[stage.bot], forum=True)
    topic = forum.topic("Films")
    await hal.says(f"/add_channel {forum.id} 99")
    await hal.expect("There is no topic 99")
    await hal.says(f"/add_channel https://t.me/c/{str(forum.id)[4:]}/{topic}")
    await hal.expect("I may post in Hals forum › Films")
    await hal.press(await opened(hal, "Deliver to"), "Films")
    await hal.expect("Deliver to: Hals forum › Films")
    file = await delivered(stage, hal, forum, stage.site.url("mp4", rate=44_000_000))
    assert file.topic == topic
    forum.close_topic(topic)
    link = await send(hal, stage.site.url("mp4", rate=46_000_000))
    assert "Here, because" in (await end(hal, link)).text
    await hal.expect("That topic is closed.")
