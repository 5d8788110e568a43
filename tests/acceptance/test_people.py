"""Who may use the bot, and how much: an owner and an admin decide it in chat."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.acceptance.talk import PATIENCE, answers, end, fetch, send, status
from tests.acceptance.test_tasks import forge
from tests.dc import Options, Pace
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


def private_stage() -> Stage:
    """A bot for those whom its owner lets in, and an owner who presses faster than people do."""
    return Stage(log_channels=1, options=Options(pace=Pace(total_per_second=300)), PUBLIC="false")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with private_stage() as stage:
        yield stage


async def told(person: Person, words: str, answer: str) -> Seen:
    """Say something, and read what comes."""
    said = await person.says(words)
    return await person.expect(lambda seen: seen.id > said.id and not seen.mine and answer in seen.text)


async def visitor(stage: Stage, name: str) -> Person:
    """Somebody who has started the bot, so that it can write to them."""
    person = stage.person(name, name.lower())
    await told(person, "/start", "This bot is private")
    return person


async def admin(stage: Stage, name: str) -> Person:
    """An admin in whose chat nobody has written yet, so that nothing has to wait for Telegram's pace."""
    person = await visitor(stage, name)
    await told(stage.ann, f"/add_admin {person.id}", "is an admin")
    await person.expect("You are an admin")
    return person


async def test_somebody_asks_for_access_and_gets_it(stage: Stage) -> None:
    ann, bob = stage.ann, stage.person("Bob", "bob")
    await told(ann, "/start", "Send me a link")
    hello = await told(bob, "/start", "This bot is private")
    refused = await send(bob, stage.site.url("mp4"))
    await bob.expect(lambda seen: seen.reply_to == refused.id and "may not do that" in seen.text)
    assert "I have asked" in ((await bob.press(hello, "Ask for access")).text or "")
    assert "already" in ((await bob.press(hello, "Ask for access")).text or "")
    question = await ann.expect("Bob @bob")
    await ann.press(question, "For 30 days")
    await ann.expect("may send links until")
    await bob.expect("You may send me links until")
    await fetch(stage, bob, stage.site.url("mp4"))
    card = await told(ann, f"/user {bob.id}", "for 29d 23h more")
    await ann.press(card, "Take access away")
    await ann.expect("may not send links any more")
    again = await send(bob, stage.site.url("mp4"))
    await bob.expect(lambda seen: seen.reply_to == again.id and "may not do that" in seen.text)


async def test_people_are_named_in_every_way(stage: Stage) -> None:
    ann = stage.ann
    cid, dora, eve = [await visitor(stage, name) for name in ("Cid", "Dora", "Eve")]
    await told(ann, f"/add_user {cid.id} 12h", "may send links until")
    await cid.expect("You may send me links until")
    await told(ann, "/addauth @dora", "Dora")
    await dora.expect("You may send me links")
    said = await eve.says("let me in")
    await ann.forwards(eve.message_of(said))
    shown = ann.messages[-1]
    await ann.replies(shown, "/add_user 2w")
    await eve.expect("You may send me links until")
    await told(ann, "/add_user", "Whom?")
    await told(ann, "nobody at all", "Whom?")
    await told(ann, f"{cid.id} 30d", "may send links until")
    await told(ann, "/add_user someone", "is nobody")
    await told(ann, "/add_user @nobody_there", "I do not know @nobody_there")
    await told(ann, "/add_user 5 soon", "is no length of time")
    await told(ann, f"/add_user {ann.id}", "cannot decide that about yourself")
    found = await told(ann, "/users do", "Dora")
    assert "Eve" not in found.text
    await ann.press(found, "1")
    await ann.expect(f"Id: {dora.id}")
    await told(ann, "/rmauth @dora", "may not send links any more")


async def test_an_admin_decides_about_users_and_not_about_admins(stage: Stage) -> None:
    ann, fay, gus = stage.ann, await visitor(stage, "Fay"), await visitor(stage, "Gus")
    await told(fay, "/panel", "may not do that")
    await told(ann, f"/add_admin {fay.id}", "is an admin")
    await fay.expect("You are an admin of this bot")
    await told(fay, f"/add_user {gus.id}", "may send links")
    await gus.expect("You may send me links")
    await told(fay, f"/add_admin {gus.id}", "may not do that")
    await told(fay, f"/ban {ann.id}", "Only the owner")
    page = await told(fay, "/users", "Everybody")
    for forged in (f"who:{gus.id}:admin", f"who:{ann.id}:banned"):
        assert "Only the owner" in ((await forge(stage, fay, page, forged)).text or "")
    for forged in (
        "who:x:show",
        f"who:{gus.id}:boss",
        "users:all:x:",
        "admin:nowhere",
        "admin:jobs:x",
        "admin:flip:users",
        "admin:stats:year",
        "admin:set:x:y:1",
    ):
        assert "do not know this button" in ((await forge(stage, fay, page, forged)).text or "")
    theirs = await told(gus, "/start", "Hello")
    assert "has done its work" in ((await forge(stage, gus, theirs, f"who:{fay.id}:guest")).text or "")
    await told(fay, f"/ban {gus.id} 30d", "is banned until")
    before = len(gus.messages)
    await gus.says("/start")
    await gus.says(stage.site.url("mp4"))
    await told(fay, "/users gus", "🚫 Gus")  # what came before is handled
    await told(fay, f"/unban {gus.id}", "may not send links any more")
    await told(gus, "/id", "The ID of this chat")
    assert [seen.mine for seen in gus.messages[before:]] == [True, True, True, False], (
        "a banned person was answered"
    )
    await told(ann, f"/remove_admin {fay.id}", "may send links")
    await told(fay, "/panel", "may not do that")
    deeds = await told(ann, "/audit", "What was done")
    assert "Gus" in deeds.text


async def test_the_panel_has_a_page_for_everything(stage: Stage) -> None:
    una = await admin(stage, "Una")
    shown = await told(una, "/admin", "Panel")
    pages = (
        ("People", "Everybody"),
        ("Requests", "Asking"),
        ("Log channels", "Log 1"),
        ("📣 Channels", "There are no channels"),
        ("Groups", "There are no open groups"),
        ("Jobs", "0 running"),
        ("Limits", "links an hour: no limit"),
        ("Audit", "the newest first"),
        ("Settings", "Maintenance: off"),
        ("Statistics", "/stats shows it as pictures"),
        ("Health", "MongoDB"),
    )
    for label, words in pages:
        await una.press(shown, label)
        page = await una.expect(words)
        assert page.id == shown.id
        await una.press(page, "‹ Panel")
        shown = await una.expect("Panel")
    await una.press(shown, "Settings")
    page = await una.expect("Admin log: off")
    await una.press(page, "Admin log on")
    await una.expect("Admin log: on")
    await una.press(page, "Admin log off")
    assert "admin_log" in (await stage.logs[0].expect("#admin")).text
    hal = stage.person("Hal", "hal")
    await told(una, f"/add_user {hal.id}", "may send links")
    slow = await send(hal, stage.site.url("big-40.mp4", rate=300_000))
    await status(hal, slow, "B of")
    shown = await told(una, "/admin", "Panel")
    await una.press(shown, "Jobs")
    page = await una.expect(lambda seen: seen.id == shown.id and "Hal" in seen.text)
    assert (await una.press(page, "✖ 1")).text == "Stopping it."
    assert (await end(hal, slow)).text.startswith("🚫")


async def test_limits_hold_and_say_when_it_goes_on(stage: Stage) -> None:
    vic, ida = await admin(stage, "Vic"), stage.person("Ida", "ida")
    await told(vic, f"/add_user {ida.id}", "may send links")
    shown = await told(vic, "/limits", "links an hour: no limit")
    await vic.press(shown, "Users")
    page = await vic.expect(
        lambda seen: seen.id == shown.id and any("links an hour" in one for one in seen.labels)
    )
    await vic.press(page, "links an hour")
    page = await vic.expect(lambda seen: seen.id == shown.id and "50" in seen.labels)
    await vic.press(page, "50")
    await vic.expect(lambda seen: seen.id == shown.id and "links an hour: 50" in seen.text)
    await told(vic, f"/limits {ida.id} links_per_hour 2", "links an hour: 2 (their own)")
    url = stage.site.url("mp4")
    both = await ida.says(f"{url} {stage.site.url('tiny.mp4')} {stage.site.url('film-8.mp4')}")
    refusal = await ida.expect("You may send 2 links an hour")
    assert "The next is possible in" in refusal.text
    await ida.until(lambda _: len(answers(ida, both)) == 2, timeout=PATIENCE)
    await told(ida, f"/ytm {url}", "You may send 2 links an hour")
    await ida.sends_document("List.txt", f"{url}\n{url}".encode())
    question = await ida.expect("Where shall I start?")
    assert "You may send 2 links an hour" in ((await ida.press(question, "Use my defaults")).text or "")
    await told(ida, "/cancel", "Never mind")
    await told(vic, f"/limits {ida.id} links_per_hour off", "links an hour: no limit (their own)")
    for change, what in (("duration 1s", "That is"), ("size 1 kB", "larger than the 1 kB")):
        await told(vic, f"/limits {ida.id} {change}", "(their own)")
        link = await send(ida, stage.site.url("mp4", rate=50_000_000))
        assert what in (await end(ida, link)).text
        await told(vic, f"/limits {ida.id} {change.split()[0]} default", "Ida")
    await told(vic, f"/limits {ida.id} entries 1", "links of a batch: 1")
    await ida.sends_document("List.txt", f"{url}\n{url}".encode())
    question = await ida.expect("Where shall I start?")
    assert "you may have 1 at once" in ((await ida.press(question, "Use my defaults")).text or "")
    await told(vic, "/limits users speed 5", "There is no limit “speed”")
    await told(vic, "/limits users size much", "is no size")


async def test_in_an_open_group_everybody_may_send_links(stage: Stage) -> None:
    ann, jo = stage.ann, stage.person("Jo", "jo")
    group = stage.dc.channel("Film club", admins=[stage.bot], members=[ann, jo], broadcast=False)
    await told(ann, f"/auth_chat {group.id}", "Everybody in Film club")
    await told(ann, "/auth_chats", "Film club")
    link = await group.says(jo, stage.site.url("mp4"))
    await group.expect(lambda seen: seen.media is not None and seen.reply_to == link.id, timeout=PATIENCE)
    await told(ann, f"/unauth_chat {group.id}", "Only those who may")
    await told(ann, f"/unauth_chat {group.id}", "not one of the open groups")
