"""The policy proxy between real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_address

import pytest

from medusa.media import proxy as proxy_module
from medusa.media.address import Address
from medusa.media.proxy import PolicyProxy
from tests.site import Site
from tests.site.http import Connection, HttpServer, Request

BODY = bytes(range(256)) * 4096


@pytest.fixture
async def origin() -> AsyncIterator[HttpServer]:
    async def handle(request: Request, connection: Connection) -> None:
        if request.path == "reset":
            await connection.head(200, {})
            await connection.body(BODY)
            connection.reset()
            return
        await connection.answer(200, "text/plain", BODY + request.headers.get("host", "").encode())

    async with HttpServer(handle) as server:
        yield server


async def ask(proxy: PolicyProxy, head: str, then: str = "") -> bytes:
    """Everything that the proxy answers."""
    port = int(proxy.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode())
        answer = b""
        if then:
            answer = await reader.readuntil(b"\r\n\r\n")
            writer.write(then.encode())
        return answer + await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()


def get(url: str) -> str:
    return f"GET {url} HTTP/1.1\r\nHost: here\r\n\r\n"


async def test_a_request_and_a_tunnel_pass_where_they_are_allowed(origin: HttpServer) -> None:
    async with PolicyProxy([f"127.0.0.1:{origin.port}"]) as proxy:
        answer = await ask(proxy, get(f"http://127.0.0.1:{origin.port}/x"))
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.endswith(BODY + b"here")
        tunnelled = await ask(proxy, f"CONNECT 127.0.0.1:{origin.port} HTTP/1.1\r\n\r\n", get("/x"))
        assert tunnelled.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200")
        assert tunnelled.endswith(BODY + b"here")
        assert proxy.refused is None
        assert 2 * len(BODY) < proxy.received < 2 * len(BODY) + 1000


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[::1]"]
)
async def test_this_machine_is_refused_in_every_spelling(site: Site, host: str) -> None:
    port = site.internal_url.split(":")[2].split("/")[0]
    async with PolicyProxy([site.allow]) as proxy:
        assert b"403" in await ask(proxy, get(f"http://{host}:{port}/x"))
        assert proxy.refused is not None
        assert b"403" in await ask(proxy, f"CONNECT {host}:{port} HTTP/1.1\r\n\r\n")
    assert site.internal_hits == 0


async def test_a_name_is_resolved_once_and_its_address_is_the_one_that_is_used(
    origin: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["127.0.0.1", "10.0.0.1"])

    async def resolve(host: str, port: int) -> list[Address]:
        return [ip_address(next(answers))]

    monkeypatch.setattr(proxy_module, "resolve", resolve)
    async with PolicyProxy(["127.0.0.0/8"]) as proxy:
        assert b"200" in await ask(proxy, get(f"http://rebinding.example:{origin.port}/x"))
        assert b"403" in await ask(proxy, get(f"http://rebinding.example:{origin.port}/x"))


async def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(host: str, port: int) -> list[Address]:
        return [ip_address("1.1.1.1"), ip_address("10.0.0.1")]

    monkeypatch.setattr(proxy_module, "resolve", resolve)
    async with PolicyProxy() as proxy:
        assert b"403" in await ask(proxy, get("http://two-faced.example/x"))
        assert proxy.refused is not None
        assert "10.0.0.1" in proxy.refused.detail


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("nonsense\r\n\r\n", b"400"),
        ("GET ftp://example.org/ HTTP/1.1\r\n\r\n", b"400"),
        ("GET http://x/ HTTP/1.1\r\nX: " + "a" * 70_000 + "\r\n\r\n", b"400"),
        ("GET http://name.invalid/ HTTP/1.1\r\n\r\n", b"502"),
        ("GET http://1.1.1.1:25/ HTTP/1.1\r\n\r\n", b"403"),
    ],
)
async def test_what_cannot_be_served_is_answered(head: str, status: bytes) -> None:
    async with PolicyProxy() as proxy:
        assert (await ask(proxy, head)).startswith(b"HTTP/1.1 " + status)


async def test_a_connection_that_breaks_does_not_look_finished(origin: HttpServer) -> None:
    async with PolicyProxy([f"127.0.0.1:{origin.port}"]) as proxy:
        with pytest.raises(ConnectionResetError):
            await ask(proxy, get(f"http://127.0.0.1:{origin.port}/reset"))


async def test_more_than_the_job_may_receive(origin: HttpServer) -> None:
    async with PolicyProxy([f"127.0.0.1:{origin.port}"], most=500_000) as proxy:
        with pytest.raises(ConnectionResetError):
            await ask(proxy, get(f"http://127.0.0.1:{origin.port}/x"))
        assert proxy.received < 1_000_000


async def test_leaving_ends_what_is_still_open(site: Site) -> None:
    async with PolicyProxy([site.allow]) as proxy:
        port = int(proxy.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(get(site.url("big-5.mp4", stall=1000)).encode())
        await reader.readuntil(b"\r\n\r\n")
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await reader.readexactly(2000)
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port)).close()
