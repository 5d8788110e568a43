"""Servers that only this machine should reach: each connection that one accepts is a hit."""

import asyncio
import re
import socket
from collections import Counter
from contextlib import AsyncExitStack
from typing import Self

import psutil

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret"
)


class Inside:
    """Listens on every address of this machine, under one port, while its context is open."""

    def __init__(self) -> None:
        self.port = 0
        self.hits: Counter[str] = Counter()
        """Connections, by the path that was asked for, up to a dot; "" is one on which nothing was."""
        self._stack = AsyncExitStack()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def total(self) -> int:
        """Hits."""
        return self.hits.total()

    async def __aenter__(self) -> Self:
        self.port = await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> int:
        """One port of both families."""
        server = await asyncio.start_server(self._accept, "0.0.0.0", 0)
        self._stack.push_async_callback(_closed, server)
        port: int = server.sockets[0].getsockname()[1]
        if has_ipv6():
            other = await asyncio.start_server(self._accept, "::", port, family=socket.AF_INET6)
            self._stack.push_async_callback(_closed, other)
        return port

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = ""
        try:
            line = await reader.readline()
            path = line.split(b" ")[1].decode("latin-1").lstrip("/") if line.count(b" ") > 1 else ""
            writer.write(ANSWER)
            await writer.drain()
        except OSError:
            pass
        finally:
            self.hits[re.split(r"[.?]", path)[0]] += 1
            writer.close()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    await server.wait_closed()


def has_ipv6() -> bool:
    """Whether this machine can listen on ::1."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def own_addresses() -> list[str]:
    """This machine's addresses but for 127.0.0.1 and ::1, as they stand in a link."""
    found = [one for each in psutil.net_if_addrs().values() for one in each]
    four = [one.address for one in found if one.family is socket.AF_INET]
    six = [f"[{one.address.partition('%')[0]}]" for one in found if one.family is socket.AF_INET6]
    return [address for address in dict.fromkeys(four + six) if address not in ("127.0.0.1", "[::1]")]
