"""An HTTP/1.1 server with full control of what is sent, for the faults. One request a connection."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

REASONS = {200: "OK", 206: "Partial Content", 302: "Found", 404: "Not Found", 416: "Range Not Satisfiable"}


@dataclass(frozen=True)
class Request:
    """What a client wants."""

    method: str
    path: str
    """Decoded, without its first slash."""
    query: Mapping[str, str]
    query_string: str
    headers: Mapping[str, str]
    """By lower-case name."""


@dataclass
class Connection:
    """Where an answer goes."""

    writer: asyncio.StreamWriter
    sent: int = field(default=0)
    """Bytes of bodies."""

    async def head(self, status: int, headers: Mapping[str, object]) -> None:
        """Status line and headers."""
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in {**headers, "Connection": "close"}.items()]
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        await self.writer.drain()

    async def body(self, data: bytes | memoryview) -> None:
        """Bytes of the body."""
        if self.writer.is_closing():  # uvloop raises RuntimeError, asyncio takes it in silence
            raise ConnectionResetError("the client is gone")
        self.writer.write(data)
        self.sent += len(data)
        await self.writer.drain()

    async def answer(self, status: int, content_type: str, data: bytes, *more: tuple[str, str]) -> None:
        """A whole answer."""
        await self.head(status, {"Content-Type": content_type, "Content-Length": len(data), **dict(more)})
        await self.body(data)

    def reset(self) -> None:
        """Break the connection, so that the client sees it break."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Handler = Callable[[Request, Connection], Awaitable[None]]


class HttpServer:
    """Listens on an ephemeral port of 127.0.0.1 while its context is open."""

    def __init__(self, handler: Handler) -> None:
        self.port = 0
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                request = read_request(await reader.readuntil(b"\r\n\r\n"))
                await self._handler(request, Connection(writer))
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def read_request(head: bytes) -> Request:
    """The request that this head makes. Raises ValueError."""
    line, *fields = head.decode("latin-1").split("\r\n")
    method, target, _ = line.split(" ")
    parts = urlsplit(target)
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (f.partition(":") for f in fields if f)
    }
    return Request(
        method, unquote(parts.path).lstrip("/"), dict(parse_qsl(parts.query)), parts.query, headers
    )
