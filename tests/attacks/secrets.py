"""Marked secrets in every setting, a bot that works and fails, and a search in all that leaves it.

`quick` starts one bot and has something go wrong in it; `run` has everything go wrong.
"""

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from tests.attacks import plants
from tests.attacks.ears import Ears
from tests.attacks.plants import Search
from tests.attacks.refusals import refuse
from tests.bot import ROOT
from tests.database import Database, database
from tests.dc import Options, Pace
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.redis_server import RedisServer, redis_server
from tests.stage import Stage

Say = Callable[[str], None]
MISTAKE = '''"""A plugin with a mistake in it, as a deployer may have one."""
from pyrogram import filters
from medusa.config import Settings
from medusa.telegram.client import Medusa

@Medusa.on_message(filters.regex("^crash"), group=-9)
async def crash(bot, message):
    held = Settings()
    texts = [value.get_secret_value() for _, value in held if hasattr(value, "get_secret_value")]
    raise RuntimeError(f"{texts} {held!r} {held} {bot.api_hash} {bot.bot_token}")
'''
OVER = ("✅", "❌", "🚫")


class Planted(Stage):
    """A stage whose bot has one plugin more, with a mistake in it."""

    def set(self, given: dict[str, str]) -> None:
        """More variables of the bot, before it starts."""
        self._settings |= given

    async def launch(self) -> None:
        """Start the bot, and do not wait for it."""
        plugins = self.home / "plugins"
        if not plugins.exists():
            shutil.copytree(ROOT / "plugins", plugins)
            (plugins / "mistake.py").write_text(MISTAKE)
            # Pyrogram looks for plugins here, and Python imports them from the folder of app.py.
            (self.home / "sitecustomize.py").write_text(
                f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nimport plugins\n"
                f"plugins.__path__.append({str(plugins)!r})\n"
            )
        self.variables = {**self.variables, "PYTHONPATH": str(self.home)}
        await super().launch()


class Servers:
    """A MongoDB and a Redis with passwords."""

    def __init__(self, mongo: Database, redis: RedisServer) -> None:
        self.mongo, self.redis = mongo, redis
        self.mongo_uri = f"{mongo.uri}/?authSource=admin".replace(
            "//", f"//medusa:{plants.quoted(plants.MONGO)}@", 1
        )
        self.redis_url = redis.url.replace("//", f"//:{plants.quoted(plants.REDIS)}@", 1)


@asynccontextmanager
async def servers() -> AsyncIterator[Servers]:
    """Both, while the context is open."""
    async with database() as mongo, redis_server() as redis:
        async with AsyncMongoClient[dict[str, object]](mongo.uri) as client:
            await client.admin.command("createUser", "medusa", pwd=plants.MONGO, roles=["root"])
        async with Redis.from_url(redis.url) as line:
            await line.config_set("requirepass", plants.REDIS)
        yield Servers(mongo, redis)


async def quick(say: Say) -> Search:
    """One bot, which does its work, and in which a handler fails."""
    search = Search(dict(plants.ALL))
    async with servers() as both:
        await _play(search, both, say)
    return search


async def run(say: Say) -> int:
    """How many secrets got out."""
    search = Search(dict(plants.ALL))
    async with servers() as both:
        await _play(search, both, say)
        await _play(search, both, say, LOG_LEVEL="DEBUG", LOG_JSON="true")
        await _fail(search, both, say)
        await refuse(search, both.mongo_uri, say)
    for leak in search.leaks:
        say(f"LEAK: {leak}")
    say(f"{search.searched / 1e6:.1f} MB searched for {len(search.secrets)} secrets")
    return len(search.leaks)


@asynccontextmanager
async def stage(search: Search, both: Servers, **more: str) -> AsyncIterator[tuple[Planted, Ears]]:
    """A bot full of secrets; what leaves it is searched at the end."""
    # A session that belongs to another Telegram is of no use.
    name = f"medusa{len(search.secrets)}{search.searched}"
    given = {
        **plants.SETTINGS,
        "DATABASE_NAME": name,
        "MONGODB_URI": both.mongo_uri,
        "REDIS_URL": both.redis_url,
        **more,
    }
    options = Options(pace=Pace(private_burst=80, total_per_second=300))
    planted = Planted(premium=True, token=plants.TOKEN, options=options)
    planted.set(given)
    async with planted as made:
        search.add("session string", made.variables["USER_SESSION_STRING"])
        ears = Ears(made, both.mongo.uri, name, search)
        watching = asyncio.create_task(ears.watch())
        try:
            yield made, ears
        finally:
            watching.cancel()
        await ears.look()
        await made.stop()
        await ears.look()


async def _play(search: Search, both: Servers, say: Say, **more: str) -> None:
    """The usual work, and a handler that fails."""
    async with stage(search, both, **more) as (made, _):
        ann, bob = made.ann, made.person("Bob", "bob")
        for person, cookie in ((bob, plants.COOKIE), (ann, plants.OWNERS_COOKIE)):
            await person.sends_document("cookies.txt", plants.cookies(cookie), caption="/cookies")
            await person.expect("I keep these cookies")
        good, closed, gone = (made.site.url(name) for name in ("mp4", "page-members", "missing.mp4"))
        for url in (plants.signed(good), plants.signed(closed), plants.signed(gone), plants.opening(good)):
            await _end(bob, await bob.says(url))
        await made.logs[0].expect("FILE DOWNLOAD LOG")
        await _ask(
            ann,
            "/health",
            "/config",
            "/version",
            "/log_channels",
            "/cookies",
            "/getcookies",
            "/ytdlp",
            "/jobs",
            "/audit",
        )
        await ann.says("crash")
        await ann.expect("Something went wrong inside me")
        await ann.expect("RuntimeError")
        await ann.says("/errors")
        await ann.press(
            await ann.expect(lambda seen: "RuntimeError" in seen.text and bool(seen.buttons)), "1"
        )
        await ann.expect(lambda seen: seen.media is not None)
        await ann.says("/logs")
        await ann.expect("lines of my log")
    say(f"a bot at work{' with ' + str(more) if more else ''}: {len(search.leaks)} leaks")


async def _ask(person: Person, *commands: str) -> None:
    for command in commands:
        said = await person.says(command)
        await person.expect(partial(_is_later, said))


def _is_later(said: Seen, seen: Seen) -> bool:
    return seen.id > said.id


async def _end(person: Person, link: Seen) -> Seen:
    return await person.expect(lambda seen: seen.reply_to == link.id and seen.text.startswith(OVER))


# --- everything that goes wrong -------------------------------------------------------------------


async def _fail(search: Search, both: Servers, say: Say) -> None:
    """The database and Redis go away while the bot runs, a child is killed, pip does not reach its index."""
    async with stage(search, both) as (made, _):
        ann = made.ann
        await ann.says("/ytdlp update 2026.1.1")
        await ann.expect("❌")
        running = await ann.says(plants.signed(made.site.url("big-8.mp4", rate=1_000_000)))
        await ann.expect(lambda seen: seen.reply_to == running.id and " of " in seen.text)
        for child in made.media_children():
            child.send_signal(signal.SIGSEGV)
        await _end(ann, running)
        await both.redis.stop()
        await both.mongo.stop()
        await _ask(ann, "/health")
        await made.logged(b"mongod.sock")
        await ann.says("crash")
        await ann.expect("Something went wrong inside me")
        await both.mongo.start()
        await both.redis.start()
    say(f"servers that go away: {len(search.leaks)} leaks")
