"""Health and figures of the bot as a process: red when something is gone, green when it is back."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.acceptance.talk import PATIENCE, end, send
from tests.database import Database, database
from tests.dc.faults import Action
from tests.machines import Machine
from tests.redis_server import redis_server
from tests.stage import ROOT, Stage
from tests.unit.web.test_metrics import read

TOKEN = "planted-metrics-token"
COOKIES_KEY = "planted-cookies-key"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@asynccontextmanager
async def watched(**settings: str) -> AsyncIterator[tuple[Stage, "Pages", Database]]:
    """A bot that answers on a port, with a database that may be stopped."""
    port = free_port()
    async with database() as kept:
        given = {"PORT": str(port), "HEALTH_HOST": "127.0.0.1", "MONGODB_URI": kept.uri, **settings}
        async with Stage(log_channels=1, **given) as stage, Pages(port) as pages:  # type: ignore[arg-type]
            yield stage, pages, kept


class Pages:
    """What a process answers; all of it is remembered."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self.heard = ""

    async def __aenter__(self) -> "Pages":
        self._http = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self._http.get(self._url + path, headers=headers) as answer:
            body = await answer.text()
            self.heard += f"{dict(answer.headers)} {body}"
            return answer.status, body

    async def ready(self) -> tuple[int, dict[str, Any]]:
        async with self._http.get(f"{self._url}/ready") as answer:
            self.heard += await answer.text()
            return answer.status, await answer.json()

    async def turns(self, status: int, **parts: str) -> None:
        """Return when /ready is so; /live is well all the time."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found, body = await self.ready()
                assert (await self.get("/live"))[0] == 200
                if found == status and parts.items() <= body["parts"].items():
                    return
                await asyncio.sleep(0.05)

    async def figures(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        code, text = await self.get("/metrics", Authorization=f"Bearer {TOKEN}")
        assert code == 200
        return read(text.encode())


async def test_ready_is_red_while_the_database_is_away() -> None:
    async with watched() as (_, pages, kept):
        assert (await pages.ready())[1] == {
            "ready": True,
            "phase": "running",
            "parts": {"telegram": "green", "database": "green", "broker": "green", "disk": "green"},
        }
        await kept.stop()
        await pages.turns(503, database="red", telegram="green")
        await kept.start()
        await pages.turns(200, database="green")


async def test_ready_is_red_while_telegram_is_away_and_no_secret_is_told() -> None:
    async with watched(METRICS_TOKEN=TOKEN, COOKIES_KEY=COOKIES_KEY) as (stage, pages, kept):
        fault = stage.dc.faults.add(Action.DROP, times=None)
        for connection in stage.dc.connections():
            connection.drop()
        await pages.turns(503, telegram="red", database="green")
        stage.dc.faults.active.remove(fault)
        await pages.turns(200)
        await kept.stop()
        await pages.turns(503, database="red")
        for path in ("/metrics", "/version", "/nothing"):
            await pages.get(path)
        await pages.figures()
        for secret in (
            stage.bot.token,
            TOKEN,
            COOKIES_KEY,
            kept.uri,
            "mongod.sock",
            "0" * 32,
            str(stage.home),
        ):
            assert secret not in pages.heard
        await kept.start()


async def test_the_figures_agree_with_what_was_delivered() -> None:
    async with watched(METRICS_TOKEN=TOKEN) as (stage, pages, _):
        link = await send(stage.ann, stage.site.url("mp4"))
        assert (await end(stage.ann, link)).text.startswith("✅"), stage.log_tail()
        (answer,) = [seen for seen in stage.ann.messages if seen.media is not None]
        assert answer.media is not None
        size = len(stage.dc.file(answer.media.file_id).bytes)
        found = await pages.figures()
        assert size <= found["medusa_uploaded_bytes_total", ()] < size + 200_000  # and its thumbnail
        assert size <= found["medusa_received_bytes_total", ()]
        assert found["medusa_downloads_left_total", (("state", "done"),)] == 1
        assert found["medusa_part_seconds_count", ()] >= 1
        assert found["medusa_uploads", ()] == 0
        assert found["medusa_up", (("part", "telegram"),)] == 1
        assert found["medusa_memory_bytes", (("of", "bot"),)] > 10_000_000
        assert found["medusa_downloads", (("state", "running"),)] == 0
        assert await stage.stop() == 0


@pytest.mark.slow  # the one process of the others answers in the same way
async def test_each_of_several_processes_answers() -> None:
    async with redis_server() as redis, watched(REDIS_URL=redis.url) as (stage, pages, _):
        port = free_port()
        machine = Machine(stage, "transfer-1")
        machine.variables = {**stage.variables, "PORT": str(port)}
        await machine.start()
        try:
            async with Pages(port) as theirs:
                for each, duty in ((pages, "worker"), (theirs, "transfer")):
                    await each.turns(200, broker="green")
                    assert (
                        f'duty="{duty}"' in (await each.get("/metrics", Authorization=f"Bearer {TOKEN}"))[1]
                    )
                await redis.stop()
                for each in (pages, theirs):
                    await each.turns(503, broker="red", database="green")
        finally:
            await machine.leave()


async def test_without_a_port_nothing_of_it_is_loaded() -> None:
    """Not even by taskiq, which takes FastAPI wherever it finds it."""
    code = "import sys, app; print([name for name in sys.argv[1:] if name in sys.modules])"
    names = ("fastapi", "starlette", "uvicorn", "prometheus_client", "medusa.web")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, *names), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert (process.returncode, said) == (0, b"[]\n")


async def test_a_taken_port_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        stage = Stage(PORT=str(port), HEALTH_HOST="127.0.0.1")
        with pytest.raises(AssertionError, match=f"I cannot listen on port {port}"):
            async with stage:
                pass
