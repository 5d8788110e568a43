"""The policy proxy between real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from ipaddress import ip_address

import pytest

from medusa.errors import PrivateAddress, SourceEndless, SourceSlow
from medusa.media.address import Address
from medusa.media.budget import Budget
from medusa.media.network import Streams, SystemNetwork
from medusa.media.proxy import Patience, PolicyProxy
from tests.attacks.heads import Sent, all_sent
from tests.attacks.inside import Inside, own_addresses
from tests.attacks.ssrf import run_heads
from tests.attacks.zone import Zone
from tests.site import Site
from tests.site.http import Connection, HttpServer, Request

BODY = bytes(range(256)) * 4096
CASES = {case.name: case for case in all_sent()}


@pytest.fixture
async def origin() -> AsyncIterator[HttpServer]:
    async def handle(request: Request, connection: Connection) -> None:
        if request.path == "reset":
            await connection.head(200, {})
            await connection.body(BODY)
            connection.reset()
        elif request.path == "huge":
            await connection.head(200, {f"A-{number}": "x" * 1000 for number in range(400)})
        elif request.path == "half":
            connection.writer.write(b"HTTP/1.1 200 OK\r\nContent-Le")
        elif request.path == "announced":
            connection.writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
            await connection.answer(200, "text/plain", b"come in")
        elif request.path == "kept":
            connection.writer.write(
                b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=99\r\n"
                b"Content-Length: 2\r\n\r\nok"
            )
            await asyncio.Event().wait()
        elif request.path == "silent":
            await asyncio.Event().wait()
        else:
            await connection.answer(200, "text/plain", BODY + request.headers.get("host", "").encode())

    async with HttpServer(handle) as server:
        yield server


class Elsewhere(SystemNetwork):
    """A network on which public addresses are the origin: what a connection to them would be."""

    def __init__(self, port: int, addresses: Sequence[str], own: str = "") -> None:
        self.tried: list[str] = []
        self.names: list[str] = []
        self._port = port
        self._addresses = addresses
        self._own = own

    async def resolve(self, name: str) -> list[Address]:
        self.names.append(name)
        return [ip_address(address) for address in self._addresses]

    def is_own(self, address: Address) -> bool:
        return str(address) == self._own

    async def connect(self, address: Address, port: int) -> Streams:
        self.tried.append(f"{address}:{port}")
        if str(address).endswith(".9"):
            raise ConnectionRefusedError(111, "refused")
        return await super().connect(ip_address("127.0.0.1"), self._port)


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
        assert answer.endswith(BODY + f"127.0.0.1:{origin.port}".encode())
        tunnelled = await ask(proxy, f"CONNECT 127.0.0.1:{origin.port} HTTP/1.1\r\n\r\n", get("/x"))
        assert tunnelled.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200")
        assert tunnelled.endswith(BODY + b"here")
        assert proxy.refused is None
        assert 2 * len(BODY) < proxy.received < 2 * len(BODY) + 1000


@pytest.fixture(scope="module")
def failures() -> dict[str, str]:
    """What was wrong with which case."""
    found = asyncio.run(run_heads(list(CASES.values())))
    assert found.cases == len(CASES)
    return dict(failure.split(": ", 1) for failure in found.failures)


def test_there_are_many_ways_to_name_the_inside() -> None:
    assert len(CASES) > 300


@pytest.mark.parametrize("name", CASES)
def test_what_is_sent_is_refused(failures: dict[str, str], name: str) -> None:
    assert failures.get(name) is None


async def test_a_head_that_gets_through_is_noticed() -> None:
    """The corpus would not pass over a proxy that lets something through."""
    bad = Sent("a way in", b"GET http://{site}/ok HTTP/1.1\r\n\r\n")
    worse = Sent("a refusal", b"GET http://127.0.0.1:{inside}/x HTTP/1.1\r\n\r\n", frozenset({200}))
    found = await run_heads([bad, worse])
    assert (found.cases, found.hits) == (2, 2)


async def test_the_inside_notices_whoever_comes() -> None:
    async with Inside() as inside:
        for host in ["127.0.0.1", "::1", *(address.strip("[]") for address in own_addresses())]:
            before = inside.total
            with (
                socket.create_connection((host, inside.port))
                if "fe80" not in host
                else socket.socket() as one
            ):
                if "fe80" in host:
                    continue
                one.sendall(b"GET /a HTTP/1.1\r\n\r\n")
                while inside.total == before:
                    await asyncio.sleep(0)
        assert inside.hits["a"] >= 1


async def test_a_name_is_resolved_once_and_its_address_is_the_one_that_is_used(origin: HttpServer) -> None:
    """The first answer may be connected to, the second one may not: whoever asked again would be inside."""
    zone = Zone()
    async with Inside() as inside, PolicyProxy([f"127.0.0.2:{inside.port}"], network=zone) as proxy:
        link = get(f"http://rebinding.example:{inside.port}/x")
        assert b"200" in await ask(proxy, link)
        assert (zone.asked, zone.reached) == (["rebinding.example"], [("127.0.0.2", inside.port)])
        assert b"403" in await ask(proxy, link)
        assert len(zone.reached) == 1
        assert inside.total == 1


async def test_one_private_address_among_public_ones_is_enough(origin: HttpServer) -> None:
    network = Elsewhere(origin.port, ["1.1.1.1", "10.0.0.1"])
    async with PolicyProxy(network=network) as proxy:
        assert b"403" in await ask(proxy, get("http://two-faced.example/x"))
        assert proxy.refused is not None
        assert "10.0.0.1" in proxy.refused.detail
    assert network.tried == []


async def test_what_is_public_is_connected_to_by_its_address(origin: HttpServer) -> None:
    network = Elsewhere(origin.port, ["1.1.1.9", "1.1.1.1"])
    async with PolicyProxy(network=network) as proxy:
        answer = await ask(proxy, get("http://Public.Example./x"))
        assert answer.endswith(BODY + b"public.example")
        assert b"200" in await ask(proxy, "CONNECT public.example:443 HTTP/1.1\r\n\r\n", get("/x"))
    assert network.tried == ["1.1.1.9:80", "1.1.1.1:80", "1.1.1.9:443", "1.1.1.1:443"]
    # With the dot at its end no search domain of this network is tried.
    assert network.names == ["public.example.", "public.example."]


async def test_a_name_with_many_dead_addresses_is_given_up_soon(origin: HttpServer) -> None:
    network = Elsewhere(origin.port, [f"1.1.{number}.9" for number in range(100)])
    async with PolicyProxy(network=network) as proxy:
        assert b"502" in await ask(proxy, get("http://public.example/x"))
    assert len(network.tried) == 4


async def test_this_machine_is_refused_under_its_public_address_too(origin: HttpServer) -> None:
    network = Elsewhere(origin.port, ["1.1.1.1"], own="1.1.1.1")
    async with PolicyProxy(network=network) as proxy:
        assert b"403" in await ask(proxy, get("http://public.example/x"))
    assert network.tried == []


@pytest.mark.parametrize("address", ["127.0.0.1", *own_addresses()])
def test_own_addresses_are_known(address: str) -> None:
    assert SystemNetwork().is_own(ip_address(address.strip("[]"))) is not address.startswith("[fe80")


def test_others_are_not_own() -> None:
    assert not SystemNetwork().is_own(ip_address("1.1.1.1"))
    assert not SystemNetwork().is_own(ip_address("2606:4700:4700::1111"))


async def test_a_local_name_is_not_even_resolved_unless_it_may_be_opened(origin: HttpServer) -> None:
    network = Elsewhere(origin.port, ["10.0.0.1"])
    async with PolicyProxy(network=network) as proxy:
        assert b"403" in await ask(proxy, get("http://mongo/x"))
    assert network.names == []
    async with PolicyProxy(["media.internal:80"], network=network) as proxy:
        assert b"200" in await ask(proxy, get("http://media.internal/x"))
        assert b"403" in await ask(proxy, get("http://media.internal:81/x"))
        assert b"403" in await ask(proxy, get("http://mongo/x"))
    assert network.names == ["media.internal"]
    async with PolicyProxy(["10.0.0.0/8"], network=network) as proxy:
        assert b"200" in await ask(proxy, get("http://mongo/x"))


async def test_a_local_name_stays_local_whatever_it_resolves_to(origin: HttpServer) -> None:
    network = Elsewhere(origin.port, ["1.1.1.1"])
    async with PolicyProxy(["10.0.0.0/8"], network=network) as proxy:
        assert b"403" in await ask(proxy, get("http://mongo/x"))


async def test_a_connection_that_breaks_does_not_look_finished(origin: HttpServer) -> None:
    async with PolicyProxy([f"127.0.0.1:{origin.port}"]) as proxy:
        for path in ("reset", "half"):
            with pytest.raises(ConnectionResetError):
                await ask(proxy, get(f"http://127.0.0.1:{origin.port}/{path}"))


async def test_an_answer_ends_its_connection_whatever_the_origin_says(origin: HttpServer) -> None:
    """Else the child's next request, for whichever host, would go to the same origin, with its cookies."""
    async with PolicyProxy([f"127.0.0.1:{origin.port}"]) as proxy:
        port = int(proxy.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(get(f"http://127.0.0.1:{origin.port}/kept").encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(2) == b"ok"
        assert b"\r\nConnection: close\r\n" in answer
        assert b"keep-alive" not in answer.lower()
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("length", [0, 3])
async def test_nothing_goes_to_an_origin_behind_the_body(length: int) -> None:
    heard = bytearray()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionResetError):
            heard.extend(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(length))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            while block := await reader.read(1000):
                heard.extend(block)
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        here = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with PolicyProxy([here]) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2]))
            head = f"POST http://{here}/ HTTP/1.1\r\nContent-Length: {length}\r\n\r\n"
            writer.write(head.encode() + b"x" * length + get(f"http://{here}/more").encode())
            await reader.readuntil(b"ok")
            writer.write(get(f"http://{here}/still-more").encode())
            writer.close()
            await writer.wait_closed()
    assert bytes(heard).endswith(b"\r\n\r\n" + b"x" * length)
    assert heard.count(b"HTTP/1.1") == 1


async def test_what_announces_an_answer_stays_here(origin: HttpServer) -> None:
    async with PolicyProxy([f"127.0.0.1:{origin.port}"]) as proxy:
        answer = await ask(proxy, get(f"http://127.0.0.1:{origin.port}/announced"))
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert answer.endswith(b"\r\n\r\ncome in")


async def test_an_answer_with_a_huge_head(origin: HttpServer) -> None:
    async with PolicyProxy([f"127.0.0.1:{origin.port}"]) as proxy:
        assert (await ask(proxy, get(f"http://127.0.0.1:{origin.port}/huge"))).startswith(b"HTTP/1.1 502")
        assert proxy.received < 600_000


@pytest.mark.parametrize("what", ["", "GET http://1.1.1.1/ HTTP/1.1\r\nA: "])
async def test_a_head_that_does_not_come(what: str) -> None:
    async with PolicyProxy(patience=Patience(head=0.05)) as proxy:
        with pytest.raises(ConnectionResetError):
            await ask(proxy, what)


@pytest.mark.parametrize("tunnel", [False, True])
async def test_an_origin_that_says_nothing(origin: HttpServer, tunnel: bool) -> None:
    here = f"127.0.0.1:{origin.port}"
    async with PolicyProxy([here], patience=Patience(silence=0.05)) as proxy:
        head = f"CONNECT {here} HTTP/1.1\r\n\r\n" if tunnel else get(f"http://{here}/silent")
        with pytest.raises(ConnectionResetError):
            await ask(proxy, head, get("/silent") if tunnel else "")


async def test_so_many_connections_and_no_more(origin: HttpServer) -> None:
    here = f"127.0.0.1:{origin.port}"
    async with PolicyProxy([here], patience=Patience(connections=2)) as proxy:
        waiting = [asyncio.create_task(ask(proxy, get(f"http://{here}/silent"))) for _ in range(2)]
        while (await ask(proxy, get(f"http://{here}/x")))[9:12] != b"503":
            await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        while not (await ask(proxy, get(f"http://{here}/x"))).startswith(b"HTTP/1.1 200"):
            await asyncio.sleep(0)


async def test_more_than_the_job_may_receive(origin: HttpServer) -> None:
    async with PolicyProxy([f"127.0.0.1:{origin.port}"], budget=Budget(500_000)) as proxy:
        with pytest.raises(ConnectionResetError):
            await ask(proxy, get(f"http://127.0.0.1:{origin.port}/x"))
        assert proxy.received < 1_000_000
        assert type(proxy.refused) is SourceEndless
        assert b"403" in await ask(proxy, get(f"http://127.0.0.1:{origin.port}/x"))


async def test_longer_than_the_job_may_last(origin: HttpServer) -> None:
    async with PolicyProxy([f"127.0.0.1:{origin.port}"], budget=Budget(seconds=0.05)) as proxy:
        with pytest.raises(ConnectionResetError):
            await ask(proxy, get(f"http://127.0.0.1:{origin.port}/silent"))
        assert type(proxy.refused) is SourceSlow
        assert b"403" in await ask(proxy, get(f"http://127.0.0.1:{origin.port}/x"))


async def test_that_it_was_private_is_the_better_reason(origin: HttpServer) -> None:
    async with PolicyProxy([f"127.0.0.1:{origin.port}"], budget=Budget(0)) as proxy:
        with pytest.raises(ConnectionResetError):
            await ask(proxy, get(f"http://127.0.0.1:{origin.port}/x"))
    async with PolicyProxy() as proxy:
        await ask(proxy, get("http://127.0.0.1:80/x"))
        assert type(proxy.refused) is PrivateAddress


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
