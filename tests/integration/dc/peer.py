"""The smallest MTProto client, for what a well-behaved one never sends."""

import asyncio
import secrets
import time
from contextlib import suppress
from io import BytesIO
from types import TracebackType
from typing import Any, Self

from mtproto.enums import ConnectionRole
from mtproto.transport.connection import Connection
from mtproto.transport.packets.base_packet import BasePacket
from mtproto.transport.packets.message_packet import DecryptedMessagePacket, EncryptedMessagePacket
from mtproto.transport.transports.abridged import AbridgedTransport
from pyrogram.raw.core import TLObject


class Peer:
    """A connection with one session under the key `secret`."""

    def __init__(self, address: tuple[str, int], secret: bytes) -> None:
        self._address = address
        self._secret = secret
        self._wire: Connection[AbridgedTransport] = Connection()
        self._session = secrets.randbits(62)
        self._last = 0

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(*self._address)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.transport.abort()
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    def new_id(self) -> int:
        """A message id of now."""
        self._last = max(self._last + 4, int(time.time() * 2**32) & ~3)
        return self._last

    async def send(self, body: TLObject[Any], salt: bytes, *, forge: bool = False) -> None:
        """Send one message; a forged one does not fit its message key."""
        packet = DecryptedMessagePacket(salt, self._session, self.new_id(), 0, body.write())
        sealed = packet.encrypt(self._secret, ConnectionRole.CLIENT)
        if forge:
            sealed.message_key = bytes(16)
        self._writer.write(self._wire.send(sealed))

    async def receive(self) -> BasePacket | None:
        """The next packet, None at the end of the connection."""
        while not self._wire.has_packet():
            data = await asyncio.wait_for(self._reader.read(65536), 5)
            if not data:
                return None
            self._wire.data_received(data)
        packet = self._wire.next_event()
        assert isinstance(packet, BasePacket)
        return packet

    async def answer(self) -> object:
        """The next message, decrypted and read."""
        packet = await self.receive()
        assert isinstance(packet, EncryptedMessagePacket)
        message = packet.decrypt(self._secret, ConnectionRole.SERVER)
        return TLObject.read(BytesIO(message.data))
