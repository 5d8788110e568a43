"""An operator's proxy behind the policy proxy: it gets what was checked, and nobody else's secrets leave."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address

import pytest

from medusa.media.address import Address, is_public
from medusa.media.network import ProxiedNetwork, Streams, SystemNetwork
from medusa.media.proxy import PolicyProxy
from tests.attacks.heads import all_sent
from tests.attacks.ssrf import run_heads
from tests.attacks.zone import Zone
from tests.integration.media.test_proxy import ask, get
from tests.site.http import Connection, HttpServer, Request
from tests.upstream import Proxy

NAME, PASSWORD = "planted-user", "planted-password"
SCHEMES = ["socks5", "http"]


class Names(SystemNetwork):
    """A network on which every name is at these addresses."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(self, name: str) -> list[Address]:
        return [ip_address(address) for address in self._addresses]


@asynccontextmanager
async def sited(
    scheme: str, addresses: Sequence[str], allow: Sequence[str] = ()
) -> AsyncIterator[tuple[PolicyProxy, Proxy, HttpServer]]:
    """A site that stands at these public addresses, port 80, beyond a proxy."""
    heads: list[str] = []

    async def serve(request: Request, connection: Connection) -> None:
        heads.append(str(request.headers))
        await connection.answer(200, "text/plain", b"welcome")

    async with HttpServer(serve) as server:
        places = {(str(ip_address(address)), 80): ("127.0.0.1", server.port) for address in addresses}
        async with Proxy(scheme, redirect=places, username=NAME, password=PASSWORD) as upstream:
            network = ProxiedNetwork(Names(*addresses), upstream.upstream)
            async with PolicyProxy([*allow, f"127.0.0.1:{server.port}"], network=network) as policy:
                yield policy, upstream, server
    assert "planted" not in str(heads).lower()
    assert "proxy-authorization" not in str(heads).lower()


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_what_is_public_goes_through_it_by_its_address(scheme: str) -> None:
    async with sited(scheme, ["1.1.1.1"]) as (policy, upstream, _):
        assert b"welcome" in await ask(policy, get("http://media.example/x"))
        tunnelled = await ask(policy, "CONNECT media.example:80 HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n")
        assert tunnelled.endswith(b"welcome")
        assert upstream.asked == [("1.1.1.1", 80)] * 2


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_proxy_without_ipv6_is_tried_with_ipv4(scheme: str) -> None:
    async with sited(scheme, ["2606:4700::1111", "1.1.1.1"]) as (policy, upstream, _):
        upstream.forget(("2606:4700::1111", 80))
        assert b"welcome" in await ask(policy, get("http://media.example/x"))
        assert upstream.asked == [("2606:4700::1111", 80), ("1.1.1.1", 80)]


async def test_what_the_deployer_has_opened_nearby_is_reached_without_it() -> None:
    async with sited("socks5", ["1.1.1.1"]) as (policy, upstream, site):
        assert b"welcome" in await ask(policy, get(f"http://127.0.0.1:{site.port}/x"))
        assert upstream.asked == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_what_is_private_is_refused_before_it(scheme: str) -> None:
    async with sited(scheme, ["10.0.0.1"]) as (policy, upstream, _):
        assert (await ask(policy, get("http://media.example/x"))).startswith(b"HTTP/1.1 403")
        # Nor is the proxy itself open to a job.
        assert (await ask(policy, get(f"http://127.0.0.1:{upstream.port}/"))).startswith(b"HTTP/1.1 403")
        assert upstream.asked == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_proxy_that_refuses_is_told_of_without_its_secrets(scheme: str) -> None:
    async with Proxy(scheme, username=NAME, password=PASSWORD) as upstream:
        wrong = upstream.upstream._replace(password="planted-wrong")
        network = ProxiedNetwork(Names("1.1.1.1"), wrong)
        async with PolicyProxy(network=network) as policy:
            answer = await ask(policy, get("http://media.example/x"))
        assert answer.startswith(b"HTTP/1.1 502")
        assert b"refuses the login" in answer
        assert b"planted" not in answer
        assert str(upstream.port).encode() not in answer


async def test_a_site_with_ipv6() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + head)
        writer.close()

    server = await asyncio.start_server(serve, "::1", 0)
    place = f"[::1]:{server.sockets[0].getsockname()[1]}"
    async with server, PolicyProxy([place]) as policy:
        assert f"Host: {place}".encode() in await ask(policy, get(f"http://{place}/x"))
    async with PolicyProxy() as policy:
        assert b"403" in await ask(policy, get(f"http://{place}/x"))


async def test_an_address_that_is_silent_costs_a_moment() -> None:
    class Silent(Names):
        async def connect(self, address: Address, port: int) -> Streams:
            if address.version == 6:
                await asyncio.Event().wait()
            return await super().connect(ip_address("127.0.0.1"), site.port)

    async def serve(request: Request, connection: Connection) -> None:
        await connection.answer(200, "text/plain", b"welcome")

    dead = ["2606:4700::1111", "2606:4700::1112", "2606:4700::1113", "2606:4700::1114", "2606:4700::1115"]
    network = Silent(*dead, "1.1.1.1")
    async with asyncio.timeout(10), HttpServer(serve) as site, PolicyProxy(network=network) as policy:
        assert b"welcome" in await ask(policy, get("http://media.example/x"))


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_the_policy_holds_with_a_proxy(scheme: str) -> None:
    cases = list(all_sent())
    async with Proxy(scheme, username=NAME, password=PASSWORD) as upstream:
        found = await run_heads(cases, ProxiedNetwork(Zone(), upstream.upstream))
        assert found.hits == 0, "\n".join(found.failures)
        assert all(is_public(ip_address(host)) for host, _ in upstream.asked)
