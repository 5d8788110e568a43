"""The policy proxy: the only way from a media child to the network.

It resolves each name itself, refuses what is not public, and connects to the very address it checked, so that
a name cannot change its address in between. One proxy per job: its port is the job's, its counter too.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from medusa.errors import PrivateAddress
from medusa.media.address import Address, Allowed, may_connect

HEAD_LIMIT = 64 * 1024
"""Bytes of a request line with its headers."""
PATIENCE = 15.0
"""Seconds for the head of a request, for a resolution, for a connection."""
BLOCK = 256 * 1024

_HOP_BY_HOP = (b"connection:", b"proxy-connection:", b"proxy-authorization:", b"keep-alive:")


class BadRequest(Exception):
    """Not a request that a proxy serves."""


class Unreachable(Exception):
    """The name does not resolve, or nobody answers there."""


class Head(NamedTuple):
    """Where a request wants to go, and what is sent there before its body."""

    host: str
    port: int
    forward: bytes
    """Empty for a tunnel."""


def read_head(head: bytes) -> Head:
    """The head of a CONNECT or absolute-URI request, rewritten for the origin. Raises BadRequest."""
    line, *fields = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    try:
        method, target, version = line.decode("ascii").split(" ")
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        port = parts.port
    except ValueError as error:
        raise BadRequest(f"malformed: {error}") from error
    if not parts.hostname or (tunnel and port is None) or not version.startswith("HTTP/1."):
        raise BadRequest("no host, no port or another protocol")
    if tunnel:
        return Head(parts.hostname, port or 0, b"")
    if parts.scheme != "http":
        raise BadRequest(f"scheme {parts.scheme!r}")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [field for field in fields if not field.lower().startswith(_HOP_BY_HOP)]
    lines = [f"{method} {path} HTTP/1.1".encode(), *kept, b"Connection: close", b"", b""]
    return Head(parts.hostname, port or 80, b"\r\n".join(lines))


async def resolve(host: str, port: int) -> list[Address]:
    """The addresses of a name, each once, in the resolver's order. Raises Unreachable."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise Unreachable(f"{host} does not resolve: {error}") from error
    return list(dict.fromkeys(ip_address(sockaddr[0]) for *_, sockaddr in found))


class PolicyProxy:
    """An HTTP proxy on an ephemeral port of 127.0.0.1, while its context is open."""

    def __init__(self, allow: Sequence[str] = (), *, most: int | None = None) -> None:
        """`allow`: the entries of FETCH_ALLOW. Raises ValueError for one that cannot be read.

        `most`: bytes that may be received in all; connections break behind that.
        """
        self.url = ""
        self.refused: PrivateAddress | None = None
        self.received = 0
        self._most = most
        self._allowed = Allowed.of(allow)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD_LIMIT)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        while self._connections:
            for task in self._connections:
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the child, to its end."""
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with _closing(writer):
                try:
                    async with asyncio.timeout(PATIENCE):
                        head = read_head(await reader.readuntil(b"\r\n\r\n"))
                    upstream = await self._connect(head)
                except (BadRequest, asyncio.LimitOverrunError) as error:
                    await _answer(writer, "400 Bad Request", str(error))
                except PrivateAddress as error:
                    self.refused = self.refused or error
                    await _answer(writer, "403 Forbidden by policy", error.detail)
                except Unreachable as error:
                    await _answer(writer, "502 Bad Gateway", str(error))
                else:
                    await self._relay(head, reader, writer, *upstream)

    async def _connect(self, head: Head) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to an address that was checked. Raises PrivateAddress, Unreachable."""
        addresses = await resolve(head.host, head.port)
        for address in addresses:
            if not may_connect(head.host, address, head.port, self._allowed):
                raise PrivateAddress(detail=f"{head.host}:{head.port} is {address}")
        failure = "no address"
        for address in addresses:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await asyncio.open_connection(str(address), head.port, limit=BLOCK)
            except (OSError, TimeoutError) as error:
                failure = str(error) or type(error).__name__
        raise Unreachable(f"{head.host}:{head.port}: {failure}")

    async def _relay(
        self,
        head: Head,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        origin_reader: asyncio.StreamReader,
        origin_writer: asyncio.StreamWriter,
    ) -> None:
        """Carry bytes both ways until the origin has no more, or either side is gone."""
        async with _closing(origin_writer):
            sending = asyncio.ensure_future(_send(reader, origin_writer, head.forward))
            try:
                if not head.forward:
                    await _put(writer, b"HTTP/1.1 200 Connection established\r\n\r\n")
                while block := await origin_reader.read(BLOCK):
                    self.received += len(block)
                    if self._most is not None and self.received > self._most:
                        raise ConnectionAbortedError(f"more than {self._most} bytes")
                    await _put(writer, block)
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)


async def _send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes) -> None:
    with suppress(OSError):
        await _put(writer, first)
        while block := await reader.read(BLOCK):
            await _put(writer, block)
        if writer.can_write_eof() and not writer.transport.is_closing():
            writer.write_eof()


async def _put(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Write and wait for room. Raises OSError when the connection is gone."""
    if writer.transport.is_closing():
        # asyncio drops what is written now; uvloop raises RuntimeError.
        raise ConnectionResetError("the connection is closed")
    writer.write(data)
    await writer.drain()


async def _answer(writer: asyncio.StreamWriter, status: str, reason: str) -> None:
    body = f"{reason}\n".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    await _put(writer, head.encode() + body)


@asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close the connection after the block; after a failed one, reset it.

    A body without a length ends where the connection is closed, so a broken one must not look closed.
    """
    try:
        yield
        writer.close()
        await writer.wait_closed()
    except BaseException:
        if (connection := writer.get_extra_info("socket")) is not None and not writer.transport.is_closing():
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        raise
