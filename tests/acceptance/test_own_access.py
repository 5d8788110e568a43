"""What people bring along: cookies that open closed pages, and sites that the deployer has added."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio

from tests.acceptance.talk import PATIENCE, end, fetch
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.site.extractors import BROKEN, WORKING, install
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "open-sesame"
COOKIES = f"# Netscape HTTP Cookie File\r\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t{SECRET}\r\n".encode()


@asynccontextmanager
async def equipped_stage() -> AsyncIterator[Stage]:
    """A bot with an archive, and with plugins of which some are broken."""
    with TemporaryDirectory() as place:
        plugins = install(Path(place))
        async with Stage(log_channels=1, ARCHIVE="true", SOURCES_DIR=str(plugins)) as stage:
            yield stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with equipped_stage() as stage:
        yield stage


async def answer(person: Person, said: Seen, words: str) -> Seen:
    """What the bot answers."""
    return await person.expect(lambda seen: seen.reply_to == said.id and words in seen.text, timeout=PATIENCE)


async def opens(stage: Stage, person: Person, command: str = "") -> Seen:
    """How the closed page ends for somebody."""
    return await end(person, await person.says(f"{command} {stage.site.url('page-members')}".strip()))


async def test_cookies_open_a_page_for_who_gave_them_and_for_nobody_else(stage: Stage) -> None:
    bob, eve = stage.person("Bob", "bob"), stage.person("Eve", "eve")
    refused = await opens(stage, bob)
    assert "logged in" in refused.text
    assert "/cookies" in refused.text

    await answer(bob, await bob.says("/cookies"), "no cookies")
    kept = await answer(bob, await bob.sends_document("cookies.txt", COOKIES), "I keep these cookies")
    assert "127.0.0.1 · 1 cookie" in kept.text
    _, file = await fetch(stage, bob, stage.site.url("page-members"))
    assert file.sha256 == stage.site.sha256("page-members")
    assert "from the archive" in (await opens(stage, bob)).text

    assert "logged in" in (await opens(stage, eve)).text, "neither the page nor the archive is open to others"
    seen = await answer(bob, await bob.says("/cookies"), "Your cookies")
    await bob.press(seen, "Delete")
    assert "logged in" in (await opens(stage, bob, "/fresh")).text
    assert SECRET.encode() not in stage.log_bytes()
    assert not [text for text in (*bob.messages, *eve.messages) if SECRET in text.text]


async def test_the_owners_cookies_are_for_everybody(stage: Stage) -> None:
    ann, dan = stage.ann, stage.person("Dan", "dan")
    sent = await ann.sends_document("c.txt", COOKIES, caption="/cookies")
    assert "shared" in (await answer(ann, sent, "I keep these cookies")).text
    assert (await opens(stage, dan)).text.startswith("✅")
    assert "127.0.0.1" in (await answer(ann, await ann.says("/getcookies"), "The shared cookies")).text
    await answer(dan, await dan.says("/getcookies"), "may not do that")
    await answer(dan, await dan.says("/mfile"), "gone")
    wrong = await dan.sends_document("cookies.json", b'[{"name": "session"}]')
    await answer(dan, await dan.replies(wrong, "/cookies"), "JSON")


async def test_sites_that_were_added_are_listed_and_fetched(stage: Stage) -> None:
    link = f"{stage.site.base}/shelf"
    listed = await answer(stage.ann, await stage.ann.says("/sources"), "Added here")
    assert all(f"• {name} (shelf.py)" in listed.text for name in WORKING)
    assert all(f"{name}.py cannot be used" in listed.text for name in BROKEN)
    known = await answer(stage.ann, await stage.ann.says(f"/sources {link}"), "is for")
    assert "Shelf, which was added here" in known.text
    await answer(stage.ann, await stage.ann.says("/sources https://example.org/a"), "do not know")
    await answer(stage.ann, await stage.ann.says(link), "The shelf · 7 links")
    single = await stage.ann.says(f"{link}#medusa-item=7")
    assert (await end(stage.ann, single)).text.startswith("✅ Direct")
