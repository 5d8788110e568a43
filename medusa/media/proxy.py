"""The policy proxy: the only way from a media child to the network.

It reads what is asked for in one way only, resolves each name itself, refuses what is not public, and
connects to the very address it checked, so that a name cannot change its address in between. One proxy per
job: its port is the job's, its budget too.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

from medusa.errors import MedusaError, PrivateAddress, SourceEndless, SourceSlow
from medusa.media import relay
from medusa.media.address import Address, Allowed, may_connect
from medusa.media.budget import Budget
from medusa.media.head import BadRequest, Head, read_head
from medusa.media.network import Network, Streams, SystemNetwork
from medusa.media.relay import closing

HEAD_LIMIT = 64 * 1024
"""Bytes of a request line with its headers."""
_TRIES = 4
"""So many addresses of a name are tried."""
_NAMES_AT_ONCE = 1
"""The event loop has two threads that resolve names: a job whose names take long leaves one to all others."""


class Unreachable(Exception):
    """The name does not resolve, or nobody answers there."""


class Patience(NamedTuple):
    """How long the proxy waits, in seconds, and for how many connections at once."""

    head: float = 15.0
    """For the head of a request."""
    connecting: float = 15.0
    """For a resolution, and for a connection."""
    silence: float = 120.0
    """For a byte from the origin. The child has less patience with one that it needs."""
    connections: int = 64


class PolicyProxy:
    """An HTTP proxy on an ephemeral port of 127.0.0.1, while its context is open."""

    def __init__(
        self,
        allow: Sequence[str] = (),
        *,
        budget: Budget | None = None,
        network: Network | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`allow`: the entries of FETCH_ALLOW. Raises ValueError for one that cannot be read.

        `budget`: what may be received; behind that, connections break and no other is made.
        """
        self.url = ""
        self.refused: MedusaError | None = None
        """The first reason why something was refused; PrivateAddress goes before all others."""
        self.received = 0
        self._budget = budget or Budget()
        self._spent: MedusaError | None = None
        self._network = network or SystemNetwork()
        self._patience = patience or Patience()
        self._allowed = Allowed.of(allow)
        self._server: asyncio.Server | None = None
        self._end: asyncio.TimerHandle | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._resolving = asyncio.Semaphore(_NAMES_AT_ONCE)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD_LIMIT)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        if self._budget.seconds is not None:
            self._end = asyncio.get_running_loop().call_later(self._budget.seconds, self._run_out)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._end is not None:
            self._end.cancel()
        if self._server is not None:
            self._server.close()
        while self._connections:
            self._break()
            await asyncio.gather(*self._connections, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) > 2 * self._patience.connections:  # and none waits for an answer to that
            writer.transport.abort()
            return
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    def _break(self) -> None:
        for task in self._connections:
            task.cancel()

    def _run_out(self) -> None:
        """The time is over."""
        self._spend(SourceSlow(detail=f"more than {self._budget.seconds:.0f} s"))
        self._break()

    def _spend(self, error: MedusaError) -> None:
        self._spent = self._spent or error
        self._refuse(error)

    def _refuse(self, error: MedusaError) -> None:
        if self.refused is None or (
            isinstance(error, PrivateAddress) and not isinstance(self.refused, PrivateAddress)
        ):
            self.refused = error

    def _count(self, size: int) -> None:
        """So many bytes more. Raises ConnectionAbortedError when they are too many."""
        self.received += size
        if self._budget.bytes is not None and self.received > self._budget.bytes:
            self._spend(SourceEndless(detail=f"more than {self._budget.bytes} bytes"))
            raise ConnectionAbortedError("the budget is spent")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the child, to its end."""
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with closing(writer):
                try:
                    head = await self._head(reader)
                    origin = await self._reach(head)
                except BadRequest as error:
                    await relay.answer(writer, "400 Bad Request", str(error))
                except asyncio.LimitOverrunError as error:
                    await relay.answer(writer, "431 Request Header Fields Too Large", str(error))
                except MedusaError as error:
                    self._refuse(error)
                    await relay.answer(writer, "403 Forbidden by policy", error.detail)
                except Unreachable as error:
                    await relay.answer(writer, "502 Bad Gateway", str(error))
                else:
                    if origin is None:
                        await relay.answer(writer, "503 Service Unavailable", "too many connections")
                    else:
                        await relay.carry(
                            head, (reader, writer), origin, count=self._count, silence=self._patience.silence
                        )

    async def _head(self, reader: asyncio.StreamReader) -> Head:
        async with asyncio.timeout(self._patience.head):
            return read_head(await reader.readuntil(b"\r\n\r\n"))

    async def _reach(self, head: Head) -> Streams | None:
        """A connection to an address that was checked; None where there are too many already.

        Raises PrivateAddress, Unreachable, and what ended the job's budget.
        """
        if self._spent is not None:
            raise self._spent
        if len(self._connections) > self._patience.connections:
            return None
        addresses = await self._checked(head)
        failure = "no address"
        for address in addresses[:_TRIES]:
            try:
                async with asyncio.timeout(self._patience.connecting):
                    return await self._network.connect(address, head.port)
            except (OSError, TimeoutError) as error:
                failure = str(error) or type(error).__name__
        raise Unreachable(f"{head.host.name}:{head.port}: {failure}")

    async def _checked(self, head: Head) -> list[Address]:
        """The addresses of a host, each of which may be connected to. Raises PrivateAddress, Unreachable."""
        host, port = head.host, head.port
        may_be_opened = host.address is None and self._allowed.may_permit(host.name, port)
        if host.is_local and not may_be_opened:
            # Not even resolved: whether the name is there is nobody's business.
            raise PrivateAddress(detail=f"{host.name} is a name of this network")
        addresses = [host.address] if host.address else await self._resolve(host.name, is_plain=may_be_opened)
        for address in addresses:
            if self._allowed.permits(host.name, address, port):
                continue
            if host.is_local or not may_connect(host.name, address, port, self._allowed):
                raise PrivateAddress(detail=f"{host.name}:{port} is {address}")
            if self._network.is_own(address):
                raise PrivateAddress(detail=f"{host.name} is this machine")
        return addresses

    async def _resolve(self, name: str, *, is_plain: bool) -> list[Address]:
        """`is_plain`: also as /etc/hosts and search domains of this network have it. Raises Unreachable."""
        try:
            async with asyncio.timeout(self._patience.connecting), self._resolving:
                return await self._network.resolve(name if is_plain else f"{name}.")
        except (OSError, TimeoutError) as error:
            raise Unreachable(f"{name} does not resolve: {error}") from error
