"""The pages over real connections: what is answered, to whom, and what strangers may send."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest

from medusa.errors import SettingsError, StoreUnavailable
from medusa.vitals import Vital, VitalState
from medusa.web import server
from medusa.web.app import make_app
from medusa.web.server import listen, serving
from medusa.web.status import Status
from tests.unit.web.saying import status

TOKEN = "planted-metrics-token"
DETAIL = "mongodb://planted-user:planted-password@planted-host/"


async def fails() -> VitalState:
    raise StoreUnavailable(detail=DETAIL)


@asynccontextmanager
async def served(shown: Status, token: str | None = None) -> AsyncIterator[str]:
    """The address of the pages."""
    sock = listen("127.0.0.1", 0)
    host, port = sock.getsockname()
    async with serving(make_app(shown, token), sock):
        yield f"http://{host}:{port}"


async def get(url: str, method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of an answer."""
    async with aiohttp.ClientSession() as http, http.request(method, url, headers=headers) as answer:
        return answer.status, await answer.text(), dict(answer.headers)


async def send(url: str, data: bytes) -> bytes:
    """Everything that is answered to these bytes."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(data)
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_the_pages() -> None:
    async with served(status()) as url:
        assert await get(f"{url}/live") == (200, '{"status":"alive"}', (await get(f"{url}/live"))[2])
        code, body, headers = await get(f"{url}/ready")
        assert (code, body) == (
            200,
            '{"ready":true,"phase":"running","parts":{"telegram":"green","database":"green",'
            '"broker":"green","disk":"green"}}',
        )
        assert headers["Connection"] == "close"
        assert "Server" not in headers
        assert '"medusa":"1.0.0"' in (await get(f"{url}/version"))[1]
        code, body, headers = await get(f"{url}/metrics")
        assert code == 200
        assert headers["Content-Type"].startswith("text/plain; version=")
        assert 'medusa_up{part="telegram"} 1.0' in body
        assert (await get(f"{url}/live", "HEAD"))[:2] == (200, "")


@pytest.mark.parametrize("path", ["", "/", "/docs", "/openapi.json", "/live/", "/..%2flive", "/metrics/x"])
async def test_there_is_nothing_else(path: str) -> None:
    async with served(status()) as url:
        assert (await get(url + path))[:2] == (404, '{"detail":"Not Found"}')


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
async def test_there_is_nothing_to_change(method: str) -> None:
    async with served(status()) as url:
        assert (await get(f"{url}/ready", method))[0] == 405


async def test_before_the_start_it_lives_and_is_not_ready() -> None:
    async with served(Status(asyncio.Event())) as url:
        assert (await get(f"{url}/live"))[0] == 200
        assert (await get(f"{url}/ready"))[:2] == (503, '{"ready":false,"phase":"starting","parts":{}}')
        assert (await get(f"{url}/version"))[0] == 503
        assert (await get(f"{url}/metrics"))[0] == 200


async def test_what_is_red_is_named_and_nothing_more_is_told_of_it() -> None:
    async with served(status(looks={Vital.DATABASE: fails})) as url:
        code, body, headers = await get(f"{url}/ready")
        assert code == 503
        assert '"database":"red"' in body
        assert "planted" not in body + str(headers)
        assert "planted" not in str(await get(f"{url}/metrics"))


async def test_a_fault_in_the_program_tells_nothing_of_itself() -> None:
    async def breaks() -> VitalState:
        raise RuntimeError(DETAIL)

    async with served(status(looks={Vital.DATABASE: breaks})) as url:
        assert (await get(f"{url}/ready"))[:2] == (500, "Internal Server Error")
        assert (await get(f"{url}/live"))[0] == 200


async def test_the_figures_may_be_behind_a_token() -> None:
    async with served(status(), TOKEN) as url:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
            code, body, answered = await get(f"{url}/metrics", **headers)
            assert (code, body, answered["WWW-Authenticate"]) == (401, "Unauthorized\n", "Bearer")
        code, body, _ = await get(f"{url}/metrics", Authorization=f"Bearer {TOKEN}")
        assert code == 200
        assert TOKEN not in body
        assert (await get(f"{url}/ready"))[0] == 200


BAD = {
    "nonsense": b"\x16\x03\x01\x02\x00\r\n\r\n",
    "a head without an end": b"GET /live HTTP/1.1\r\n" + b"A: " + b"x" * 20_000,
    "many fields": b"GET /live HTTP/1.1\r\n" + b"A: x\r\n" * 5000 + b"\r\n",
    "a long target": b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
    "no host": b"GET /live HTTP/1.1\r\n\r\n",
    "two lengths": b"GET /live HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "a folded line": b"GET /live HTTP/1.1\r\nHost: x\r\n B: c\r\nbroken\r\n\r\n",
    "NUL": b"GET /li\0ve HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("case", BAD)
async def test_what_is_malformed_is_refused_and_the_next_one_served(case: str) -> None:
    async with served(status()) as url:
        answer = await send(url, BAD[case])
        assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))
        assert (await get(f"{url}/live"))[0] == 200


async def test_an_upgrade_and_a_second_request_on_the_same_connection_come_to_nothing() -> None:
    async with served(status()) as url:
        upgrade = b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
        assert (await send(url, upgrade)).startswith(b"HTTP/1.1 200")
        twice = await send(url, b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
        assert twice.count(b"HTTP/1.1 ") == 1


async def test_who_is_slow_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.2)
    async with served(status()) as url, asyncio.timeout(10):
        assert await send(url, b"") == b""
        assert await send(url, b"GET /live HTTP/1.1\r\nHost:") == b""
        assert (await get(f"{url}/live"))[0] == 200


async def test_there_is_room_for_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 5)
    async with served(status()) as url, asyncio.timeout(10):
        port = int(url.rpartition(":")[2])
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
        assert await send(url, b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n") == b""
        for _, writer in idle:
            writer.close()
        while not await send(url, b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n"):
            await asyncio.sleep(0.01)


async def test_it_ends_although_somebody_is_there() -> None:
    async with asyncio.timeout(5):
        async with served(status()) as url:
            port = int(url.rpartition(":")[2])
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /live HTTP/1.1\r\n")
            await get(f"{url}/live")
        writer.close()
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", port)


async def test_a_port_that_is_taken_has_its_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"I cannot listen on port {port} of 127.0.0.1"):
            listen("127.0.0.1", port)
