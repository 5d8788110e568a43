"""What the owner is told, and how the connections are, over real ones."""

import time
from datetime import UTC, datetime
from pathlib import Path

from medusa.fault import Fault
from medusa.jobs.tickets import Tickets, make_broker
from medusa.telegram.client import make_client
from medusa.telegram.fault_posts import FaultPosts
from medusa.telegram.vitals import TelegramVitals, ping
from medusa.vitals import BrokerState
from tests.dc import DataCenter
from tests.integration.clients import settings_for
from tests.redis_server import RedisServer

TOKEN = "7000001:" + "A" * 35
NOW = datetime(2026, 11, 27, tzinfo=UTC)
FAULT = Fault(
    id="ab12", kind="KeyError", place="medusa/x.py:f", message="<x>", traceback="t", first=NOW, last=NOW
)


async def test_telegram_is_pinged(tmp_path: Path) -> None:
    async with DataCenter() as dc:
        client = make_client(settings_for(dc, dc.bot(token=TOKEN), tmp_path), plugins=None)
        look = TelegramVitals(client, lambda: 3).look
        assert await look() == (False, None, 3)
        assert await ping(client) is None
        async with client:
            before = time.perf_counter()
            found = await look()
            took = 1000 * (time.perf_counter() - before)
            assert found.connected
            assert found.ping_ms is not None
            assert 0 < found.ping_ms <= took
        assert not (await look()).connected


async def test_a_fault_is_posted_once_however_often_that_is_tried(tmp_path: Path) -> None:
    async with DataCenter() as dc:
        bot, ann = dc.bot(token=TOKEN), dc.person("Ann")
        async with make_client(settings_for(dc, bot, tmp_path), plugins=None) as client:
            posts = FaultPosts(client, ann.id)
            await posts.tell(FAULT)  # she has not opened the chat: that stops nobody
            await ann.says("/start")
            for _ in range(2):
                await posts.tell(FAULT)
                await posts.tell_many([FAULT, FAULT.evolve(id="cd34")])
                await posts.summarise([FAULT.evolve(count=5, told=1)])
            # The same fault, after it was forgotten.
            await posts.tell(FAULT.evolve(first=datetime(2026, 11, 28, tzinfo=UTC)))
            await FaultPosts(client, None).tell(FAULT)
        texts = [seen.text for seen in ann.messages if not seen.mine]
        assert [text.splitlines()[0] for text in texts] == [
            "🐞 Something went wrong inside me. Once",
            "🐞 2 things went wrong inside me. /errors has the details.",
            "🐞 What went wrong again; /errors has the details.",
            "🐞 Something went wrong inside me. Once",
        ]


async def test_redis_is_looked_at(redis: RedisServer) -> None:
    tickets = Tickets(make_broker(redis.url, "7"), None)
    assert await tickets.look() == BrokerState(is_shared=True, reachable=True)
    await redis.stop()
    assert await tickets.look() == BrokerState(is_shared=True, reachable=False)
    assert await Tickets(make_broker(None, "7"), None).look() == BrokerState(is_shared=False, reachable=True)
