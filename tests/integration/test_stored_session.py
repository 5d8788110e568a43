"""A client whose session is in a real database, against a data centre."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient
from pyrogram import Client
from pyrogram.handlers import MessageHandler
from pyrogram.session import Session
from pyrogram.types import Message

from medusa.lease import Holder
from medusa.storage.mongo import open_store
from medusa.telegram import lifecycle
from medusa.telegram.client import Medusa, make_client, session_seal
from medusa.telegram.lifecycle import running
from medusa.telegram.tenure import tenure
from tests.dc import Bot, DataCenter
from tests.integration.clients import settings_for

TOKEN = "7000001:" + "A" * 35


Document = dict[str, Any]


class Listener:
    """What a bot hears. While it is `held`, its handlers do not come to an end."""

    def __init__(self, client: Medusa) -> None:
        self.heard: list[str] = []
        self.held = asyncio.Event()
        self.held.set()
        self._more = asyncio.Event()
        client.add_handler(MessageHandler(self._hear))

    async def _hear(self, _: Client, message: Message) -> None:
        self.heard.append(message.text or "")
        self._more.set()
        await self.held.wait()

    async def hears(self, count: int) -> None:
        """Wait until this many messages have come."""
        async with asyncio.timeout(10):
            while len(self.heard) < count:
                self._more.clear()
                await self._more.wait()


class Home:
    """A bot's data centre and database; `client()` is one process after another."""

    def __init__(self, dc: DataCenter, bot: Bot, uri: str, database: str, directory: Path) -> None:
        self.dc, self.bot, self.uri, self.database = dc, bot, uri, database
        self.settings = settings_for(dc, bot, directory)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Medusa]:
        """A client of a new process, not started."""
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(open_store(self.uri, self.database))
            session, _ = await stack.enter_async_context(
                tenure(
                    store.sessions,
                    ["medusa"],
                    holder=Holder(id=uuid4().hex),
                    seal=session_seal(self.settings),
                    server=self.settings.telegram_server,
                    stop=asyncio.Event(),
                )
            )
            yield make_client(self.settings, session, plugins=None)

    def calls(self, method: str) -> int:
        """How often the bot has called this."""
        calls: dict[str, int] = self.dc.stats()["calls"]
        return calls.get(method, 0)

    def logins(self) -> int:
        """How often the bot has logged in with its token."""
        return self.calls("auth.ImportBotAuthorization")

    async def documents(self, collection: str) -> list[Document]:
        """What the database holds, as it is."""
        async with AsyncMongoClient[Document](self.uri) as mongo:
            return await mongo[self.database][collection].find({}).to_list()

    async def goes_back_to(self, session: Document) -> None:
        """What a process leaves that is killed, and not stopped."""
        async with AsyncMongoClient[Document](self.uri) as mongo:
            kept = {"$set": {"sealed": session["sealed"]}}
            await mongo[self.database]["sessions"].update_one({"_id": session["_id"]}, kept)


@pytest.fixture
async def home(mongo_uri: str, mongo_database: str, tmp_path: Path) -> AsyncIterator[Home]:
    async with DataCenter() as dc:
        yield Home(dc, dc.bot(token=TOKEN), mongo_uri, mongo_database, tmp_path)


async def test_the_second_process_is_logged_in_and_knows_whom_the_first_knew(home: Home) -> None:
    ann = home.dc.person("Ann", username="ann")
    ann.chat(home.bot)
    async with home.client() as client, client:
        await ann.says("hello")
        await client.send_message(ann.id, "hello")
    asked = home.calls("users.GetUsers")
    async with home.client() as client:
        assert await client.storage.get_peer_by_id(ann.id), "known before anybody is asked"
    async with home.client() as client, client:
        await client.send_message(ann.id, "hello again")
        assert await client.resolve_peer("ann") == await client.resolve_peer(ann.id)
    assert [seen.text for seen in ann.messages if not seen.mine] == ["hello", "hello again"]
    assert (home.logins(), home.dc.stats()["key_exchanges"]) == (1, 1)
    assert (home.calls("users.GetUsers"), home.calls("contacts.ResolveUsername")) == (asked, 0)


async def test_no_document_holds_the_key_or_who_was_met(home: Home) -> None:
    ann = home.dc.person("Ann", username="anns_own_name")
    ann.chat(home.bot)
    async with home.client() as client:
        listener = Listener(client)
        async with client:
            await ann.says("hello")
            await listener.hears(1)
            key = await client.storage.auth_key()
    documents = [*await home.documents("sessions"), *await home.documents("peers")]
    sealed = b"".join(one["sealed"] for one in documents)
    assert len(documents) == 3, "the session, the bot and Ann"
    assert len(sealed) > 400
    for secret in (key, key[:32], key.hex().encode(), b"anns_own_name"):
        assert secret not in sealed
        assert repr(secret)[2:-1] not in repr(documents)


async def test_a_session_that_telegram_has_ended_is_begun_anew(home: Home) -> None:
    ann = home.dc.person("Ann")
    ann.chat(home.bot)
    async with home.client() as client, client:
        pass
    home.dc.end_sessions(home.bot)
    await ann.says("are you there?")
    async with home.client() as client:
        listener = Listener(client)
        async with running(client, owner=None):
            await listener.hears(1)
    assert home.logins() == 2
    async with home.client() as client, client:
        pass
    assert home.logins() == 2


async def test_a_key_that_telegram_does_not_know_is_replaced(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("START_TIMEOUT", "WAIT_TIMEOUT"):
        monkeypatch.setattr(Session, name, 0.5)
    async with home.client() as client, client:
        pass
    home.dc.core.keys.clear()
    async with home.client() as client:
        Listener(client)
        async with running(client, owner=None):
            assert client.is_initialized
    assert home.logins() == 2


async def test_an_update_whose_handler_a_kill_has_ended_comes_again(home: Home) -> None:
    ann = home.dc.person("Ann")
    ann.chat(home.bot)
    async with home.client() as client:
        listener = Listener(client)
        async with client:
            await ann.says("one")
            await listener.hears(1)
            listener.held.clear()
            await ann.says("two")
            await listener.hears(2)
            await client.storage.save()
            (left,) = await home.documents("sessions")
            listener.held.set()
    await home.goes_back_to(left)
    async with home.client() as client:
        listener = Listener(client)
        async with client:
            await listener.hears(1)
    assert listener.heard == ["two"], "and not what was handled"


async def test_a_handler_that_does_not_end_keeps_no_connection(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "LOGOUT_SECONDS", 0.2)
    ann = home.dc.person("Ann")
    ann.chat(home.bot)
    async with home.client() as client:
        listener = Listener(client)
        async with running(client, owner=None):
            listener.held.clear()
            await ann.says("one")
            await listener.hears(1)
        async with asyncio.timeout(1):
            while home.dc.connections():
                await asyncio.sleep(0)
    async with home.client() as client:
        listener = Listener(client)
        async with client:
            await listener.hears(1)
    assert listener.heard == ["one"], "it was not handled, so it comes again"


async def test_an_update_that_comes_while_missed_ones_are_asked_for_does_not_hide_them(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = home.dc.person("Ann")
    ann.chat(home.bot)
    async with home.client() as client, client:
        pass
    await ann.says("one")
    async with home.client() as client:
        listener, arrived = Listener(client), asyncio.Event()
        connect, put = client.connect, client.dispatcher.updates_queue.put_nowait

        async def connect_and_hear() -> bool:
            known: bool = await connect()
            await ann.says("two")
            await asyncio.wait_for(arrived.wait(), 10)
            return known

        def arrive(update: Any) -> None:
            put(update)
            arrived.set()

        monkeypatch.setattr(client, "connect", connect_and_hear)
        monkeypatch.setattr(client.dispatcher.updates_queue, "put_nowait", arrive)
        async with client:
            await listener.hears(2)
    assert {"one", "two"} == set(listener.heard)


async def test_what_was_handled_does_not_come_again(home: Home) -> None:
    ann = home.dc.person("Ann")
    ann.chat(home.bot)
    for text in ("one", "two"):
        async with home.client() as client:
            listener = Listener(client)
            async with client:
                await ann.says(text)
                await listener.hears(1)
            assert listener.heard == [text]
