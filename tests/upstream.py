"""A small SOCKS5 and HTTP proxy for tests, which counts, and may misbehave."""

import asyncio
import base64
from contextlib import suppress
from ipaddress import ip_address
from types import TracebackType
from typing import Self

from medusa.upstream import Upstream


class Proxy:
    """Listens on an ephemeral port of the loopback while its context is open.

    `redirect`: where connections to a host and port go instead, for addresses that are nowhere here.
    """

    def __init__(
        self,
        scheme: str,
        *,
        username: str = "",
        password: str = "",
        redirect: dict[tuple[str, int], tuple[str, int]] | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.scheme = scheme
        self.asked: list[tuple[str, int]] = []
        """Where connections were asked for."""
        self.tunnels = 0
        """Connections that were made."""
        self.refused_logins = 0
        self.slowly = False
        """It answers byte for byte."""
        self._login = (username, password)
        self._redirect = redirect or {}
        self._host = host
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self._host, 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.drop()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def forget(self, place: tuple[str, int]) -> None:
        """From now on nobody is there."""
        self._redirect[place] = ("127.0.0.1", 1)

    def drop(self) -> None:
        """Break every connection."""
        for task in self._tasks:
            task.cancel()

    @property
    def upstream(self) -> Upstream:
        """What leads here."""
        return Upstream(self.scheme, self._host, self.port, *self._login)

    @property
    def url(self) -> str:
        """The same as a setting."""
        name, password = self._login
        login = f"{name}:{password}@" if name else ""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{self.scheme}://{login}{host}:{self.port}"

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await (self._socks5 if self.scheme == "socks5" else self._http)(reader, writer)
        finally:
            writer.transport.abort()

    async def _say(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        blocks = [data[at : at + 1] for at in range(len(data))] if self.slowly else [data]
        for block in blocks:
            writer.write(block)
            await writer.drain()
            await asyncio.sleep(0)

    async def _socks5(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        method = 2 if self._login[0] else 0
        if method not in methods:
            self.refused_logins += 1
            await self._say(writer, b"\x05\xff")
            return
        await self._say(writer, bytes((5, method)))
        if method:
            name = await reader.readexactly((await reader.readexactly(2))[1])
            password = await reader.readexactly((await reader.readexactly(1))[0])
            is_known = (name.decode(), password.decode()) == self._login
            self.refused_logins += not is_known
            await self._say(writer, b"\x01\x00" if is_known else b"\x01\x01")
            if not is_known:
                return
        *_, kind = await reader.readexactly(4)
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = str(ip_address(await reader.readexactly(4 if kind == 1 else 16)))
        port = int.from_bytes(await reader.readexactly(2), "big")
        await self._tunnel(
            reader, writer, (host, port), b"\x05\x00\x00\x01" + bytes(6), b"\x05\x05\x00\x01" + bytes(6)
        )

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if self._login[0]:
            login = base64.b64encode(":".join(self._login).encode()).decode()
            if f"Proxy-Authorization: Basic {login}" not in head:
                self.refused_logins += 1
                await self._say(writer, b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
                return
        method, target, _ = head.split(" ", 2)
        assert method == "CONNECT"
        host, _, port = target.rpartition(":")
        good = b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n"
        bad = b"HTTP/1.1 502 Bad Gateway\r\n\r\n"
        await self._tunnel(reader, writer, (host.strip("[]"), int(port)), good, bad)

    async def _tunnel(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        place: tuple[str, int],
        good: bytes,
        bad: bytes,
    ) -> None:
        self.asked.append(place)
        try:
            there, back = await asyncio.open_connection(*self._redirect.get(place, place))
        except OSError:
            await self._say(writer, bad)
            return
        self.tunnels += 1
        ways = []
        try:
            await self._say(writer, good)
            ways = [asyncio.ensure_future(_pass_on(*way)) for way in ((there, writer), (reader, back))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            back.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
