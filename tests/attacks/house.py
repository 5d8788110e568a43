"""The bot in this process, without a network: its real client, plugins, services and database.

Only what costs a process or a connection each time is played: Telegram itself, the media children that look
at links and pictures, and the one that draws.
"""

import asyncio
import copy
import importlib
import pkgutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import SecretStr
from pymongo.monitoring import CommandListener
from pyrogram import raw
from pyrogram.enums import ParseMode
from pyrogram.handlers.handler import Handler
from pyrogram.storage import SQLiteStorage
from pyrogram.types import User

import plugins
from medusa.composition.base import Base, Voice, make_base, make_tickets, make_voice
from medusa.composition.front import Front, make_broadcaster, make_outbox, make_services, make_watch
from medusa.composition.operation import make_faults, make_looks, make_operation
from medusa.composition.ytdlp import begin_ytdlp
from medusa.config import Duty, Settings
from medusa.flood import Flood
from medusa.health import Health
from medusa.log import Journal, set_up_logging
from medusa.process import this_process
from medusa.storage.mongo import Store
from medusa.telegram.account import BotAccount
from medusa.telegram.charts import Charts
from medusa.telegram.client import Medusa, Services
from medusa.telegram.documents import Documents
from medusa.telegram.pace import ChatPace
from medusa.upload.uploader import Uploader
from tests.attacks import cast
from tests.attacks.stand_ins import Draws, Parts, Pictures, Sources
from tests.attacks.telegram import FakeTelegram, Line, Sees, over_the_wire
from tests.attacks.words import Words


@dataclass
class House:
    """The bot, and what is seen of it."""

    client: Medusa
    base: Base
    telegram: FakeTelegram
    journal: Journal
    reached: Counter[str] = field(default_factory=Counter)
    """How often each handler was called; those that never were are there with 0."""

    @property
    def store(self) -> Store:
        """The database."""
        return self.base.store

    def listen(self, reads: Callable[[str], None]) -> None:
        """Give whatever is parsed as Telegram's HTML to `reads`."""
        parser: Any = self.client.parser
        parse = parser.parse

        async def read(text: str, mode: ParseMode | None = None) -> Any:
            if mode is not ParseMode.DISABLED:
                reads(text)
            return await parse(text, mode)

        parser.parse = read

    async def begin(self, chance: Random) -> None:
        """Forget what the bot has in memory of the round before; `chance` decides what Telegram refuses."""
        self.telegram.begin(chance)
        await self.client.storage.close()
        await self.client.storage.open()
        self.journal.faults.take()
        self.base.stop.clear()
        self.base.policies._read_at = None
        self.client.message_cache._cache.clear()
        # Else most of it would be left out; now and then it is.
        flood = Flood() if chance.random() < 0.1 else Flood(burst=1_000_000)
        self.client.services = replace(self.client.services, flood=flood)

    async def take(self, updates: raw.types.Updates) -> None:
        """Hand these to the bot; return when they are handled."""
        peer = getattr(updates.updates[0], "peer", None)
        if isinstance(peer, raw.types.PeerUser):
            self.telegram.reader = peer.user_id
        await self.client.handle_updates(over_the_wire(updates))
        dispatcher = self.client.dispatcher
        dispatcher.updates_queue.put_nowait(None)
        await dispatcher.handler_worker(asyncio.Lock())


@asynccontextmanager
async def house(
    uri: str, words: Words, directory: Path, *, sees: Sees, listeners: Sequence[CommandListener] = ()
) -> AsyncIterator[House]:
    """Open the bot on a database of its own. `sees` is given whatever it sends, `listeners` whatever it asks
    of the database. Set logging back afterwards."""
    settings = _settings(directory)
    async with AsyncExitStack() as stack:
        driver: Any = AsyncIOMotorClient(
            uri, io_loop=asyncio.get_running_loop(), event_listeners=list(listeners)
        )
        stack.callback(driver.close)
        database = driver.get_database(f"fuzz_{directory.name}", CodecOptions(tz_aware=True, tzinfo=UTC))
        stack.push_async_callback(driver.drop_database, database.name)
        store = Store(database)
        await store.prepare()
        holder = await asyncio.to_thread(this_process, "fuzz")
        base = make_base(settings, asyncio.Event(), store, holder)
        storage = SQLiteStorage("fuzz", workdir=directory, in_memory=True)
        tenure: Any = SimpleNamespace(session=storage)
        voice = make_voice(base, tenure, Duty.BOT)
        assert isinstance(voice.client, Medusa)
        journal = await asyncio.to_thread(set_up_logging, settings)
        made = House(voice.client, base, FakeTelegram(sees), journal)
        await _connect(made, stack)
        voice.client.services = await _services(base, voice, made.journal, words)
        _register(made)
        stack.push_async_callback(voice.board.close)
        yield made


async def _connect(made: House, stack: AsyncExitStack) -> None:
    """Let the client believe that it is logged in."""
    client: Any = made.client
    line = Line(made.telegram)
    await client.storage.open()
    stack.push_async_callback(client.storage.close)

    async def session_of(*_: object, **__: object) -> Line:
        return line

    client.session = line
    client.get_session = session_of
    client.is_connected = True
    client.pace = ChatPace(sleep=_at_once)
    me = cast.user(cast.BOT, cast.MEDUSA)
    client.me = await User._parse(client, over_the_wire(me))


async def _at_once(_: float) -> None:
    """Nobody waits."""


async def _services(base: Base, voice: Voice, journal: Journal, words: Words) -> Services:
    """As app.py makes them, for a process that only speaks with people."""
    outbox, tickets = make_outbox(base, voice), make_tickets(base.settings, None)
    documents = Documents(voice.client, Uploader(Parts(), max_parts=4000))
    watch = make_watch(base, voice, documents)
    bot = BotAccount(voice.client, sessions=1)
    health = Health(make_looks(base, voice, bot, tickets))
    operation = make_operation(base.restarts, journal, make_faults(base, journal, voice), health)
    ytdlp = (await begin_ytdlp(base, voice)).desk
    front = Front(outbox, tickets, None, watch, documents, make_broadcaster(base, voice), operation, ytdlp)
    services = make_services(base, voice, front)
    # The one service that is made with something that starts a child for each link.
    services.batches._thumbnails = Pictures()
    charts = Charts(voice.client, documents, services.statistics, Draws())
    stand_in: Any = Sources(words)
    return replace(services, charts=charts, sources=stand_in)


def _register(made: House) -> None:
    """Each handler of each plugin, which is counted when it is called."""
    groups: dict[int, list[Handler]] = {}
    for name, group, handler in handlers():
        made.reached[name] = 0
        counted = copy.copy(handler)
        counted.callback = _counted(made.reached, name, handler.callback)
        groups.setdefault(group, []).append(counted)
    made.client.dispatcher.groups.update(sorted(groups.items()))


def _counted(
    reached: Counter[str], name: str, callback: Callable[..., Coroutine[Any, Any, None]]
) -> Callable[..., Coroutine[Any, Any, None]]:
    async def call(*arguments: Any) -> None:
        reached[name] += 1
        await callback(*arguments)

    return call


def handlers() -> Iterator[tuple[str, int, Handler]]:
    """All of the plugins: name, group, handler."""
    for module in sorted(one.name for one in pkgutil.iter_modules(plugins.__path__)):
        for name, function in vars(importlib.import_module(f"plugins.{module}")).items():
            for handler, group in getattr(function, "handlers", ()):
                yield f"{module}.{name}", group, handler


def _settings(directory: Path) -> Settings:
    """Those of a bot that is not public, so that all roles differ."""
    values: dict[str, Any] = {
        "api_id": 1,
        "api_hash": SecretStr("0" * 32),
        "bot_token": SecretStr(f"{cast.BOT}:" + "A" * 35),
        "owner": cast.OWNER,
        "data_dir": directory,
        "log_level": "INFO",
    }
    return Settings.model_construct(**values)
