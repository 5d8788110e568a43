"""A connection that notices when the other side has stopped reading or answering.

Pyrogram and its forks dead-lock for ever when a peer keeps the connection open but reads nothing: the sender
waits for the socket while holding the lock that the pings and the restart need. Here a connection on which
nothing moves is aborted, and whoever waits for an answer learns at once that it was lost. What moves slowly
is left alone.
"""

import asyncio
import struct
from collections.abc import Coroutine
from typing import Any, ClassVar

from pyrogram.connection.transport import TCPAbridged
from pyrogram.errors import AuthKeyUnregistered

from medusa.telegram.proxying import upstream_of
from medusa.telegram.unsent import queued
from medusa.upstream import dial

UNKNOWN_KEY = struct.pack("<i", -404)
"""https://core.telegram.org/mtproto/mtproto-transports#transport-errors"""


class GuardedTransport(TCPAbridged):
    """TCP, abridged framing, with a deadline on standing still."""

    STALL_SECONDS: ClassVar[float] = 8.0
    """A send during which no byte leaves for this long has stalled."""

    SILENCE_SECONDS: ClassVar[float] = 10.0
    """A connection that brings nothing for this long, and on which nothing leaves either, is dead: Pyrogram
    pings every 5 s. On a slow uplink, which uploads share, even a ping may leave slowly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lost = asyncio.Event()
        """Set when the connection is gone."""
        self._sending: set[asyncio.Task[None]] = set()
        self._key_is_unknown = False

    async def _connect_via_proxy(self, destination: tuple[str, int]) -> None:
        """By our own way there: Pyrogram would write the password into the log, and what goes wrong would be
        no OSError, after which it tries again."""
        upstream = upstream_of(self.proxy)
        if upstream is None:
            raise ValueError("there is no proxy")
        sock = await dial(upstream, *destination)
        self._enable_keepalive(sock)
        self.reader, self.writer = await asyncio.open_connection(sock=sock)

    async def send(self, data: bytes, *args: Any) -> None:
        """Send one packet. Raises OSError when the connection is closed or stalls, AuthKeyUnregistered when
        the server does not know the session's key (which Pyrogram takes for silence).

        A packet that was begun cannot be taken back: when the caller is cancelled, it is sent all the same,
        or aborted with the connection. (Pyrogram may swallow the cancellation and keep its lock.)
        """
        if self._key_is_unknown:
            raise AuthKeyUnregistered
        if self.writer is None or self.writer.is_closing():
            raise OSError("the connection is closed")
        task = asyncio.create_task(self._send(super().send(data, *args)))
        self._sending.add(task)
        task.add_done_callback(self._forget)
        await asyncio.shield(task)

    async def recv(self, length: int = 0) -> bytes | None:
        """The next packet; None when the connection is gone."""
        packet = await super().recv(length)
        self._key_is_unknown |= packet == UNKNOWN_KEY
        if packet is None:
            self.lost.set()
        return packet

    def abort(self) -> None:
        """Drop the connection at once, with whatever waits in it."""
        self.lost.set()
        if self.writer is not None:
            self.writer.transport.abort()

    async def _send(self, packet: Coroutine[Any, Any, None]) -> None:
        sending = asyncio.ensure_future(packet)
        if not await self._finishes(sending, self.STALL_SECONDS):
            self.abort()
            await asyncio.wait([sending])
            raise OSError(f"the connection took no byte for {self.STALL_SECONDS:.0f} s")
        sending.result()
        if self.lost.is_set():  # Pyrogram drops what waits for a connection that closes, without a word
            raise OSError("the connection was lost")

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if not task.cancelled():
            task.exception()  # whoever still waits for it gets it; nobody else needs to hear of it

    async def _recv_from_socket(self, length: int) -> bytes | None:
        if self.reader is None:
            return None
        reading = asyncio.ensure_future(self.reader.readexactly(length))
        try:
            alive = await self._finishes(reading, self.SILENCE_SECONDS)
            return await reading if alive else None
        except (OSError, asyncio.IncompleteReadError):
            return None
        finally:
            reading.cancel()

    async def _finishes(self, waiting: asyncio.Future[Any], patience: float) -> bool:
        """Wait for it as long as bytes leave; False when none has left for `patience` seconds."""
        unsent = self._unsent()
        while not (await asyncio.wait([waiting], timeout=patience))[0]:
            before, unsent = unsent, self._unsent()
            if unsent >= before:
                return False
        return True

    def _unsent(self) -> int:
        """Bytes that the other side has not taken yet: in our buffer and in the system's."""
        if self.writer is None or self.writer.is_closing():
            return 0
        return queued(self.writer.get_extra_info("socket")) + self.writer.transport.get_write_buffer_size()
