"""The bot between a site, a data centre and a database that are processes of their own.

So what is measured is the bot's alone.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medusa.storage.embedded import embedded_mongod
from tests.bot import BotFailed, BotProcess
from tests.dc.remote import RemoteDataCenter
from tests.dc.remote_chats import RemoteBot, RemoteDialog, RemotePerson
from tests.dc.seen import Seen
from tests.site.library import Library
from tests.site.remote import RemoteSite

LONGEST = 240.0
"""Seconds for one file. Nothing here takes as long, so it is a failure."""
TOKEN = "7000001:" + "A" * 35


@dataclass(frozen=True)
class Arrived:
    """A file in a person's chat. Times are in seconds since the person sent the link."""

    size: int
    tree_sha256: str
    first_part: float
    last_part: float
    message: float


class World(BotProcess):
    """Made by `world()`."""

    def __init__(self, dc: RemoteDataCenter, site: RemoteSite, bot: RemoteBot, home: Path) -> None:
        super().__init__()
        self.dc, self.site, self.bot, self.home = dc, site, bot, home

    async def person(self, name: str, bot: RemoteBot | None = None) -> RemotePerson:
        """Somebody who has opened the chat with a bot, by default Medusa."""
        person = await self.dc.person(name, username=name.lower())
        await person.chat(bot or self.bot)
        return person

    async def fetch(self, person: RemoteDialog, url: str) -> Arrived:
        """Send a link and wait for its file. Raises BotFailed."""
        began = time.monotonic()
        asked = await person.says(url)
        answer = await person.expect(lambda seen: _is_answer(seen, asked), timeout=LONGEST)
        ended = time.monotonic()
        if answer.media is None:
            raise BotFailed(f"{answer.text}\n{self.log_tail()}")
        file: dict[str, Any] = await self.dc.file(answer.media.file_id)
        moments = [arrival["at"] - began for arrival in file["arrivals"]]
        return Arrived(file["size"], file["tree_sha256"], min(moments), max(moments), ended - began)

    async def quiet(self) -> None:
        """Return when nothing runs for a job any more."""
        async with asyncio.timeout(LONGEST):
            while self.media_children() or self.job_files():
                await asyncio.sleep(0.02)


def _is_answer(seen: Seen, asked: Seen) -> bool:
    return seen.reply_to == asked.id and (seen.media is not None or seen.text.startswith("❌"))


@asynccontextmanager
async def world(*files: str, **settings: str) -> AsyncIterator[World]:
    """A bot with these settings, and a site that has these files ready. Fails when the bot broke a rule."""
    await asyncio.to_thread(_make, files)
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medusa-bench-")))
        dc = await stack.enter_async_context(RemoteDataCenter("--discard"))
        site = await stack.enter_async_context(RemoteSite())
        made = World(dc, site, await dc.bot(token=TOKEN), home)
        database = await stack.enter_async_context(embedded_mongod(home / "mongo"))
        host, port = dc.address
        made.variables = {
            "API_ID": "1",
            "API_HASH": "0" * 32,
            "BOT_TOKEN": made.bot.token,
            "PUBLIC": "true",
            "TELEGRAM_SERVER": f"{host}:{port}",
            "TELEGRAM_SERVER_KEY": str(dc.key_file),
            "FETCH_ALLOW": site.allow,
            "MONGODB_URI": database,
            **settings,
        }
        stack.push_async_callback(made.leave)
        await made.start()
        yield made
        await dc.check()


def _make(files: tuple[str, ...]) -> None:
    library = Library()
    for name in files:
        library.file(name)
