"""Connections by way of an operator's proxy, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from medusa.upstream import ProxyRefused, Upstream, dial
from tests.upstream import Proxy

SCHEMES = ("socks5", "http")


@asynccontextmanager
async def echo(host: str = "127.0.0.1") -> AsyncIterator[tuple[str, int]]:
    """A server that greets, and says what it hears."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello ")
        writer.write(await reader.read(100))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, host, 0)
    async with server:
        yield server.sockets[0].getsockname()[:2]


async def said(upstream: Upstream, place: tuple[str, int]) -> bytes:
    """What the server says to "you"."""
    sock = await dial(upstream, *place)
    reader, writer = await asyncio.open_connection(sock=sock)
    writer.write(b"you")
    try:
        return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize("slowly", [False, True])
@pytest.mark.parametrize("login", [("", ""), ("ann", "p@ss:word ü"), ("ann", "")])
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_connection(scheme: str, login: tuple[str, str], slowly: bool) -> None:
    async with echo() as place, Proxy(scheme, username=login[0], password=login[1]) as proxy:
        proxy.slowly = slowly
        assert await said(proxy.upstream, place) == b"hello you"
        assert (proxy.asked, proxy.tunnels) == ([place], 1)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_ipv6_and_names_are_handed_on(scheme: str) -> None:
    async with echo() as place:
        redirect = {("2606:4700::1111", 443): place, ("name.example", 80): place}
        async with Proxy(scheme, redirect=redirect, host="::1") as proxy:
            for asked in redirect:
                assert await said(proxy.upstream, asked) == b"hello you"
            assert proxy.asked == [*redirect]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_wrong_login_and_a_dead_destination(scheme: str) -> None:
    async with Proxy(scheme, username="ann", password="right") as proxy:
        wrong = proxy.upstream._replace(password="planted-wrong")
        with pytest.raises(ProxyRefused, match="refuses the login") as caught:
            await dial(wrong, "127.0.0.1", 1)
        assert "planted" not in repr(caught.value)
        with pytest.raises(ProxyRefused, match="login"):
            await dial(proxy.upstream._replace(username="", password=""), "127.0.0.1", 1)
        assert proxy.refused_logins == 2
        with pytest.raises(ProxyRefused, match=r"refused|answers 502"):
            await dial(proxy.upstream, "127.0.0.1", 1)


ANSWERS = {
    "nothing": b"",
    "another protocol": b"SSH-2.0-x\r\n\r\n",
    "half": b"\x05",
    "zeros": bytes(50),
    "half a head": b"HTTP/1.1 200",
    "too much": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 4000 + b"\r\n",
    "another method": b"\x05\x01",
    "a reply that does not exist": b"\x05\x00\x05\x77\x00\x01",
}


@pytest.mark.parametrize("case", ANSWERS)
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_whatever_a_proxy_answers_it_is_an_os_error(scheme: str, case: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(ANSWERS[case])
        writer.write_eof()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, asyncio.timeout(10):
        with pytest.raises(OSError, match=r"proxy|reset|pipe"):
            await dial(Upstream(scheme, *server.sockets[0].getsockname()), "127.0.0.1", 1)


async def test_a_proxy_that_is_not_there() -> None:
    async with Proxy("socks5") as proxy:
        gone = proxy.upstream
    with pytest.raises(ProxyRefused, match="cannot be reached"):
        await dial(gone, "127.0.0.1", 1)
