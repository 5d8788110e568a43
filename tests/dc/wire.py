"""One TCP connection of the server: bytes to MTProto packets and back, pausable, breakable."""

import asyncio
import socket
from typing import Protocol, cast

from mtproto.enums import ConnectionRole, TransportEvent
from mtproto.transport.connection import Connection
from mtproto.transport.packets.base_packet import BasePacket
from mtproto.transport.packets.error_packet import ErrorPacket
from mtproto.transport.transports.abridged import AbridgedTransport

from tests.dc.throttle import Bandwidth

_BACKLOG = 2  # packets waiting to be served before the connection stops reading


class Hub(Protocol):
    """Who owns the connections."""

    bandwidth: Bandwidth

    def opened(self, link: "Link") -> None: ...
    def closed(self, link: "Link") -> None: ...
    async def receive(self, link: "Link", packet: BasePacket) -> None:
        """Handle one packet; packets of one connection come one after another."""


class Link(asyncio.Protocol):
    """A client's connection to the main address, or to the media address when `media`."""

    def __init__(self, hub: Hub, *, media: bool) -> None:
        self._hub = hub
        self.media = media
        self.stalled = False
        self.received = 0
        self.gone = asyncio.Event()
        # A server finds out by itself which transport its client speaks, whatever the type says.
        self._wire: Connection[AbridgedTransport] = Connection(ConnectionRole.SERVER)
        self._inbox: asyncio.Queue[BasePacket] = asyncio.Queue()
        self._writable = asyncio.Event()
        self._writable.set()
        self._pauses: set[str] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._hub.opened(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.gone.set()
        self._writable.set()
        self._hub.closed(self)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        loop = asyncio.get_running_loop()
        delay = self._hub.bandwidth.take(len(data), loop.time())
        if delay > 0.001:
            self._pause("bandwidth")
            loop.call_later(delay, self._resume, "bandwidth")
        self._wire.data_received(data)
        try:
            while (packet := self._wire.next_event()) is not None:
                if isinstance(packet, TransportEvent):
                    raise ValueError(packet)
                self._inbox.put_nowait(packet)
        except ValueError:  # no MTProto transport, or a packet of over a megabyte
            self.drop()
        if self._inbox.qsize() > _BACKLOG:
            self._pause("backlog")

    async def serve(self) -> None:
        """Hand packets to the hub until cancelled."""
        while True:
            packet = await self._inbox.get()
            if self._inbox.qsize() <= _BACKLOG // 2:
                self._resume("backlog")
            await self._hub.receive(self, packet)

    async def send(self, packet: BasePacket) -> None:
        """Write one packet, waiting for room in the socket."""
        await self._writable.wait()
        if not self._transport.is_closing():
            self._transport.write(self._wire.send(packet))

    async def fail(self, code: int) -> None:
        """Answer with a transport error and hang up."""
        await self.send(ErrorPacket(code))
        self._transport.close()

    def stall(self) -> None:
        """Stop reading, keep the socket open: the peer's buffers fill up. What was read before is lost."""
        self.stalled = True
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._pause("stall")

    def drop(self) -> None:
        """Break the connection at once."""
        self._transport.abort()

    def _pause(self, reason: str) -> None:
        if not self._pauses and not self._transport.is_closing():
            self._transport.pause_reading()
        self._pauses.add(reason)

    def _resume(self, reason: str) -> None:
        if reason not in self._pauses:
            return
        self._pauses.discard(reason)
        if not self._pauses and not self._transport.is_closing():
            self._transport.resume_reading()
