"""Whatever owners and admins change is kept: each command that does, each button of the panel that does."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

import pytest
import pytest_asyncio

from medusa import commands as c
from medusa.audit import Deed
from medusa.command import Command
from medusa.commands import at_least
from medusa.fault import Fault
from medusa.storage.mongo import Store, open_store
from medusa.user import Role
from plugins.panel import AFTER
from tests.acceptance.talk import PATIENCE, end, send, status
from tests.acceptance.test_own_access import COOKIES
from tests.acceptance.test_people import admin, told, visitor
from tests.acceptance.test_tasks import forge
from tests.dc import Options, Pace
from tests.dc.channel import ChannelChat
from tests.dc.person import Person
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHOWS = frozenset(
    {c.GET_COOKIES, c.ADMIN, c.USERS, c.USER, c.JOBS, c.AUDIT, c.AUTH_CHATS, c.LOGS, c.BROADUSERS, c.HEALTH}
    | {c.CONFIG, c.LOG_FILE}
    # Its record says itself where and when.
    | {c.TEST_LOG}
)
"""Commands of those who run the bot that change nothing."""
ELSEWHERE = frozenset({c.YTDLP})
"""Update and reset: tests/unit/ytdlp/test_desk.py, where no package index is needed."""


class Change(NamedTuple):
    """A command, what it is answered, and what is kept of it."""

    command: Command
    words: str
    answer: str
    what: str
    subject: str
    after: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """A private bot, and people who write faster than people do."""
    options = Options(pace=Pace(private_burst=40, total_per_second=300))
    async with Stage(log_channels=1, options=options, PUBLIC="false", STOP_GRACE="0") as stage:
        yield stage


@asynccontextmanager
async def record(stage: Stage) -> AsyncIterator[Store]:
    """The database of the bot."""
    socket = quote(str(stage.home / "data" / "mongo" / "mongod.sock"), safe="")
    async with open_store(f"mongodb://{socket}", "medusa") as store:
        yield store


async def last(store: Store) -> Deed:
    (deed,) = await store.audit.latest(0, 1)
    return deed


def of_admins(bob: Person, group: ChannelChat, late: ChannelChat) -> Iterator[Change]:
    """What an admin changes by commands."""
    him, there = f"Bob ({bob.id})", f"Film club ({group.id})"
    yield Change(c.ADD_USER, f"/add_user {bob.id} 30d", "may send links until", "role", him, "user until")
    yield Change(c.LIMITS, f"/limits {bob.id} size 1 GB", "(their own)", "limit", f"size of {him}", "10000")
    yield Change(c.LIMITS, "/limits users jobs 3", "same time: 3", "setting", "users", "jobs=3")
    yield Change(c.BAN, f"/ban {bob.id}", "is banned", "role", him, "banned")
    yield Change(c.UNBAN, f"/unban {bob.id}", "any more", "role", him, "guest")
    yield Change(c.REMOVE_USER, f"/remove_user {bob.id}", "any more", "role", him, "guest")
    yield Change(c.AUTH_CHAT, f"/auth_chat {group.id}", "Everybody in Film", "group", there, "open")
    yield Change(c.UNAUTH_CHAT, f"/unauth_chat {group.id}", "Only those", "group", str(group.id), "closed")
    yield Change(c.ADD_LOG, f"/addlog {late.id}", "from now on", "log channel", f"Late ({late.id})", "added")
    yield Change(c.BACKFILL, f"/backfill {late.id}", "nothing", "log channel", "Late", "gets 0 from before")
    yield Change(c.RETRY_LOGS, "/retry_logs", "No log copy", "log channel", "all", "0 copies tried again")
    yield Change(c.REMOVE_LOG, f"/remlog {late.id}", "no more copies", "log channel", str(late.id), "removed")
    yield Change(c.SET, "/set welcome Hi", "Welcome: Hi", "setting", "welcome", "Hi")
    yield Change(c.RESET, "/reset welcome", "the default", "setting", "welcome", "")
    yield Change(c.MAINTENANCE, "/maintenance on", "is on", "setting", "maintenance", "True")
    yield Change(c.MAINTENANCE, "/maintenance off", "is over", "setting", "maintenance", "False")


def of_the_owner(bob: Person) -> Iterator[Change]:
    """What only the owner changes."""
    him = f"Bob ({bob.id})"
    yield Change(c.ADD_ADMIN, f"/add_admin {bob.id}", "is an admin", "role", him, "admin")
    yield Change(c.REMOVE_ADMIN, f"/remove_admin {bob.id}", "may send links", "role", him, "user")


async def test_every_command_that_changes_something_is_kept(stage: Stage) -> None:
    ann, una, bob = stage.ann, await admin(stage, "Una"), await visitor(stage, "Bob")
    group = stage.dc.channel("Film club", admins=[stage.bot], members=[ann], broadcast=False)
    late, own = stage.log_channel("Late"), stage.dc.channel("Bob's", admins=[stage.bot, bob])
    done = {c.ERRORS, c.RESTART, c.BROADCAST, c.STOP_JOB, c.COOKIES, c.REMOVE_CHANNEL, c.STATS}
    async with record(stage) as store:
        for by, changes in ((una, of_admins(bob, group, late)), (ann, of_the_owner(bob))):
            for change in changes:
                await told(by, change.words, change.answer)
                deed = await last(store)
                assert (deed.by.id, deed.what) == (by.id, change.what), change
                assert change.subject in deed.subject, change
                assert change.after in deed.after, change
                done.add(change.command)

        slow = await send(bob, stage.site.url("big-40.mp4", rate=300_000))
        shown = await status(bob, slow, "B of")
        job = (shown.button("Cancel").data or b"").decode().partition(":")[2]
        await told(una, f"/stop_job {job}", "Stopping")
        assert (await last(store)).subject == f"{job} of Bob ({bob.id})"
        assert (await end(bob, slow)).text.startswith("🚫")

        today = datetime.now(UTC).date()
        await told(una, f"/stats rebuild {today}", "is counted anew")
        assert (await last(store)).subject == str(today)

        await told(bob, f"/add_channel {own.id}", "Bob's")
        await told(ann, f"/remove_channel {own.id}", "No more files")
        assert (await last(store)).what == "channel"

        await told(ann, "/cookies", "no cookies")
        said = await ann.sends_document("cookies.txt", COOKIES)
        kept = await ann.expect(lambda seen: seen.reply_to == said.id and "I keep" in seen.text)
        assert (await last(store)).after == "of 1 sites"
        await ann.press(kept, "Delete")
        assert (await last(store)).after == "deleted"
        await told(bob, "/cookies", "no cookies")
        said = await bob.sends_document("cookies.txt", COOKIES)
        await bob.expect(lambda seen: seen.reply_to == said.id and "I keep" in seen.text)
        assert (await last(store)).after == "deleted", "what somebody opens their own links with is theirs"

        now = datetime.now(UTC)
        fault = Fault(
            id="f" * 16, kind="X", place="x", message="x", traceback="x", first=now, last=now, told=1
        )
        await store.faults.add(fault)
        await ann.press(await told(ann, "/errors", "Errors inside me"), "Forget")
        assert (await last(store)).subject == fault.id

        await ann.press(await told(ann, "/broadcast Hi", "Shall I send it?"), "Send")
        assert (await last(store)).what == "broadcast"

        await ann.press(await told(ann, "/restart", "Shall I restart?"), "Restart")
        await ann.expect("Restarted, it took", timeout=PATIENCE)
        assert "restart" in {deed.what for deed in await store.audit.latest(0, 3)}
    everything = {one for one in c.COMMANDS if at_least(one.role, Role.ADMIN)}
    assert everything - done == SHOWS | ELSEWHERE, "a command is new, or goes without a record"


async def test_every_button_of_the_panel_that_changes_something_is_kept(stage: Stage) -> None:
    ugo, gus = await admin(stage, "Ugo"), await visitor(stage, "Gus")
    group = stage.dc.channel("Film club", admins=[stage.bot], members=[ugo], broadcast=False)
    late, own = stage.log_channel("Late"), stage.dc.channel("Gus's", admins=[stage.bot, gus])
    await told(ugo, f"/add_user {gus.id}", "may send links")
    await told(ugo, f"/auth_chat {group.id}", "Everybody")
    await told(ugo, f"/addlog {late.id}", "from now on")
    await told(gus, f"/add_channel {own.id}", "Gus's")
    panel = await told(ugo, "/panel", "Panel")
    slow = await send(gus, stage.site.url("big-40.mp4", rate=300_000))
    job = ((await status(gus, slow, "B of")).button("Cancel").data or b"").decode().partition(":")[2]
    presses = {
        f"admin:stop:{job}": ("stop", job, ""),
        f"admin:unlog:{late.id}": ("log channel", str(late.id), "removed"),
        "admin:retrylog": ("log channel", "all", "0 copies"),
        f"admin:unchan:{own.id}": ("channel", str(own.id), "removed"),
        f"admin:ungroup:{group.id}": ("group", str(group.id), "closed"),
        "admin:flip:requests": ("setting", "requests", "False"),
        "admin:set:users:links_per_hour:50": ("setting", "users", "links_per_hour=50"),
        f"who:{gus.id}:banned": ("role", f"Gus ({gus.id})", "banned"),
        f"who:{gus.id}:deny": ("request", f"Gus ({gus.id})", "declined"),
    }
    async with record(stage) as store:
        for data, (what, subject, after) in presses.items():
            await forge(stage, ugo, panel, data)
            deed = await last(store)
            assert (deed.by.id, deed.what) == (ugo.id, what), data
            assert subject in deed.subject, data
            assert after in deed.after, data
        before = await last(store)
        await forge(stage, ugo, panel, "admin:testlog")
        assert await last(store) == before
    pressed = {data.split(":")[1] for data in presses if data.startswith("admin:")}
    assert pressed == set(AFTER) - {"testlog"}, "a button is new, or goes without a record"
