"""What only a real server can show: its indexes, and its absence."""

import asyncio
import time
from pathlib import Path
from uuid import uuid4

import pytest

from medusa.errors import StoreUnavailable
from medusa.log_channel import LogChannel
from medusa.model import CopyState, LogCopy, State
from medusa.storage.embedded import embedded_mongod
from medusa.storage.mongo import Store, open_store
from tests.integration.store.conftest import NOW, SOON, Server
from tests.unit.jobs.memory import ANN, LONG_AGO, done, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_no_query_reads_a_whole_collection(mongo: Store, server: Server) -> None:
    for number in range(30):
        await mongo.downloads.add(
            done(f"done {number}", -1).evolve(log_copies=(LogCopy(channel_id=-1, state="sent"),))
        )
    await mongo.downloads.add(queued())
    await mongo.downloads.add(done("due", -1, -2))
    await server.database.command("profile", 2)
    await mongo.downloads.claim(NOW, SOON, holder="me")
    await mongo.downloads.claim(NOW, SOON, holder="me")
    await mongo.downloads.renew(queued(claims=1), SOON)
    await mongo.downloads.move("job", State.RUNNING, State.DONE)
    await mongo.downloads.settle(queued(claims=1), State.DONE)
    await mongo.downloads.release("me")
    await mongo.downloads.note("job", title="new")
    await mongo.downloads.shown(queued(state=State.DONE, claims=1))
    await mongo.downloads.unshown(NOW)
    await mongo.downloads.get("job")
    await mongo.downloads.active_of(ANN.id)
    await mongo.downloads.ahead_of(queued())
    await mongo.copies.due_copy(-1, NOW, SOON)
    await mongo.copies.due_copy(-2, NOW, SOON)
    await mongo.copies.put_copy("due", LogCopy(channel_id=-1, state=CopyState.SENT))
    await mongo.copies.next_copy_time([-1, -2])
    await mongo.copies.tallies()
    await mongo.copies.end_strays([-1, -2], "gone")
    await mongo.copies.take_over([-1], -3, LONG_AGO)
    await mongo.copies.retry_failed([-1])
    await mongo.users.see_user(ANN)
    await mongo.users.prefer(ANN.id, wish=None)
    await mongo.channels.add_log_channel(LogChannel(id=-1, title="Main"))
    await mongo.channels.log_channels()
    await mongo.channels.note_log_channel(-1, error=None)
    await server.database.command("profile", 0)
    profile = server.database["system.profile"]
    queries = [entry async for entry in profile.find({"planSummary": {"$exists": True}})]
    await profile.drop()
    assert len(queries) >= 17
    for query in queries:
        assert "COLLSCAN" not in query["planSummary"], query["command"]
        assert query["docsExamined"] <= 2, query["command"]


async def test_opening_twice_makes_the_indexes_once(mongo_uri: str, mongo_database: str) -> None:
    for _ in range(2):
        async with open_store(mongo_uri, mongo_database) as store:
            await store.downloads.add(queued(uuid4().hex))


async def test_a_server_that_is_not_there_says_so_in_time(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable) as raised:
        async with open_store(
            f"mongodb://{str(tmp_path / 'no.sock').replace('/', '%2F')}", "x", answer_ms=50
        ):
            pass
    assert "ServerSelectionTimeout" in raised.value.detail
    assert time.monotonic() - began < 2


async def test_every_call_says_so_when_the_server_is_gone(tmp_path: Path) -> None:
    async with embedded_mongod(tmp_path) as uri:
        stores = open_store(uri, "medusa", answer_ms=500)
        store = await stores.__aenter__()
        await store.downloads.add(queued())
    began = time.monotonic()
    calls = [
        store.downloads.add(queued("b")),
        store.downloads.get("job"),
        store.downloads.claim(NOW, SOON, holder="me"),
        store.downloads.renew(queued(claims=1), SOON),
        store.downloads.move("job", State.QUEUED, State.CANCELLED),
        store.downloads.settle(queued(), State.DONE),
        store.downloads.release("me"),
        store.downloads.note("job", title="new"),
        store.downloads.active_of(ANN.id),
        store.downloads.ahead_of(queued()),
        store.copies.due_copy(-1, NOW, SOON),
        store.copies.next_copy_time(),
        store.copies.tallies(),
        store.copies.queue_copies(-1),
        store.copies.queue_copies(-1, 2),
        store.copies.take_over([-1], -2, NOW),
        store.copies.retry_failed([-1]),
        store.copies.end_strays([-1], "gone"),
        store.copies.put_copy("job", LogCopy(channel_id=-1)),
        store.users.see_user(ANN),
        store.users.prefer(ANN.id, wish=None),
        store.channels.add_log_channel(LogChannel(id=-1, title="Main")),
        store.channels.remove_log_channel(-1),
        store.channels.log_channels(),
        store.channels.note_log_channel(-1, error=None),
    ]
    answers: list[object] = list(await asyncio.gather(*calls, return_exceptions=True))
    assert [type(answer) for answer in answers] == [StoreUnavailable] * len(calls)
    assert time.monotonic() - began < 5
    await stores.__aexit__(None, None, None)
