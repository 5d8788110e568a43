"""Hears everything that leaves a bot: its log, its messages, its files, its children, its database."""

import asyncio
from contextlib import suppress
from typing import Any

import psutil
from bson.json_util import dumps
from pymongo import AsyncMongoClient

from tests.attacks.plants import LINKS, PIPS, Search
from tests.bot import ROOT
from tests.dc.happenings import Event, Happening
from tests.dc.state import Private
from tests.stage import Stage

HOLD_LINKS = ("downloads", "lists", "uploads")
"""Collections that keep links as they are: they are what is to be fetched."""
LOOK_SECONDS = 0.03


class Ears:
    """What is heard is searched for secrets."""

    def __init__(self, stage: Stage, uri: str, database: str, search: Search) -> None:
        self._stage, self._search = stage, search
        self._uri, self._database = uri, database
        self._messages: list[tuple[bool, str]] = []
        """Whether it is in the chat of one person, and what the bot has written."""
        self._files: set[int] = set()
        """What the bot has sent."""
        stage.dc.core.world.subscribers.append(self._hear)

    def _hear(self, happening: Happening) -> None:
        for message in happening.messages if isinstance(happening, Event) else ():
            if message.author.is_bot:
                body = message.body
                text = f"{body.text} {body.entities} {body.markup}"
                self._messages.append((isinstance(message.chat, Private), text))
                if body.media is not None:
                    self._files.add(body.media.file.id)

    async def watch(self) -> None:
        """Look at the environment and the command line of every process, until cancelled."""
        while True:
            await asyncio.to_thread(self._look_at_processes)
            await asyncio.sleep(LOOK_SECONDS)

    def _look_at_processes(self) -> None:
        bots: list[str] = []
        for process in self._stage.processes():
            with suppress(psutil.Error):
                line = process.cmdline()
                bots = bots or line
                self._search.look("a command line", "\0".join(line).encode())
                # The bot was given its settings; so was what it forks, until that becomes a child.
                if line and line != bots:
                    environment = repr(process.environ()).encode()
                    but = PIPS if _is_pip(process) else ()
                    self._search.look("the environment of a child", environment, but=but)

    async def look(self) -> None:
        """Search everything that there is now."""
        self._search.look("the log", self._stage.log_bytes())
        for is_private, text in self._messages:
            where = "a message to who has sent the link" if is_private else "a message in a channel"
            # The log channels are told of the link, but not of what opens an account.
            but = LINKS if is_private else ("link token",)
            self._search.look(where, text.encode("utf-8", "replace"), but=but)
        for path in self._stage.home.rglob("*"):
            if path.is_file() and ROOT not in path.resolve().parents:
                self._search.look(f"the file {path.name}", path.read_bytes())
        for file_id in self._files:
            self._search.look("a file that was sent", self._stage.dc.file(file_id).bytes, but=LINKS)
        await self._look_into_database()

    async def _look_into_database(self) -> None:
        async with AsyncMongoClient[dict[str, Any]](self._uri) as client:
            found = client[self._database]
            for name in await found.list_collection_names():
                async for document in found[name].find():
                    text = dumps(document) + repr(document)
                    but = LINKS if name in HOLD_LINKS else ()
                    self._search.look(f"the collection {name}", text.encode(), but=but)


def _is_pip(process: psutil.Process) -> bool:
    """Itself, or what it has started."""
    return any("install" in one.cmdline() for one in (process, *process.parents()))
