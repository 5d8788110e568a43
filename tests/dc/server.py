"""The listening sockets, and the way of a packet: connection, key, session, request, answer."""

import asyncio
import socket
import time
import traceback
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mtproto.transport.packets.base_packet import BasePacket
from mtproto.transport.packets.message_packet import (
    DecryptedMessagePacket,
    EncryptedMessagePacket,
    UnencryptedMessagePacket,
)
from pyrogram.raw.core import TLObject

from tests.dc import envelope, service
from tests.dc.blind import peek
from tests.dc.core import Core
from tests.dc.errors import Violation
from tests.dc.keyexchange import KeyExchange
from tests.dc.requests import serve
from tests.dc.rsakey import ServerKey
from tests.dc.schema import is_readable, read_messages, read_object
from tests.dc.session import AuthKey, Outgoing, Session
from tests.dc.throttle import Bandwidth
from tests.dc.wire import Link

_BIG = 32 * 1024  # bytes from which on a packet is encrypted and decrypted in a thread


_Opened = tuple[DecryptedMessagePacket, list[tuple[int, TLObject[Any]]]]


@dataclass(eq=False)
class _Line:
    """What is kept per connection."""

    exchange: KeyExchange
    outbox: asyncio.Queue[tuple[Session, Outgoing]] = field(default_factory=asyncio.Queue)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    key: AuthKey | None = None


class Server:
    """Two addresses, main and media, in front of one core."""

    def __init__(self, core: Core, key: ServerKey) -> None:
        self.bandwidth = Bandwidth(core.options.bandwidth)
        self._core = core
        self._key = key
        self._lines: dict[Link, _Line] = {}
        self._listeners: list[asyncio.Server] = []
        self._requests: set[asyncio.Task[None]] = set()

    @property
    def links(self) -> list[Link]:
        """Every open connection."""
        return list(self._lines)

    async def start(self) -> None:
        """Listen."""
        options = self._core.options
        for media, port in ((False, options.port), (True, options.media_port)):
            sock = _listening_socket(options.host, port, options.receive_buffer, options.max_segment)
            self._core.addresses[media] = sock.getsockname()[:2]
            loop = asyncio.get_running_loop()
            self._listeners.append(await loop.create_server(partial(Link, self, media=media), sock=sock))

    async def stop(self) -> None:
        """Break every connection, even a stalled one, and end every task."""
        for listener in self._listeners:
            listener.close()
        tasks = list(self._requests)
        for link, line in self._lines.items():
            link.drop()
            tasks += line.tasks
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(link.gone.wait() for link in self.links))
        for listener in self._listeners:
            await listener.wait_closed()

    def opened(self, link: Link) -> None:
        """A client has connected."""
        self._core.journal.counts["connections"] += 1
        line = self._lines[link] = _Line(KeyExchange(self._key))
        loop = asyncio.get_running_loop()
        line.tasks = [loop.create_task(link.serve()), loop.create_task(self._write(link, line))]

    def closed(self, link: Link) -> None:
        """A connection is over; its sessions wait for the next."""
        line = self._lines.pop(link)
        self._core.journal.counts["received"] += link.received
        for task in line.tasks:
            task.cancel()
        for session in line.key.sessions.values() if line.key else ():
            if session.link is link:
                session.link = None

    def transmit(self, session: Session, *messages: Outgoing) -> None:
        """Send messages in order, if the session is connected."""
        line = self._lines.get(session.link) if session.link else None
        if line is not None:
            for message in messages:
                if len(message.body) <= _BIG and not is_readable(message.body):
                    self._core.journal.crashes.append(f"a client cannot read {message.body!r}")
                line.outbox.put_nowait((session, message))

    async def receive(self, link: Link, packet: BasePacket) -> None:
        """Handle one packet of a connection."""
        try:
            match packet:
                case UnencryptedMessagePacket():
                    await self._exchange(link, packet)
                case EncryptedMessagePacket():
                    await self._encrypted(link, packet)
        except Exception:
            self._core.journal.crashes.append(f"unusable packet: {traceback.format_exc()}")
            link.drop()

    async def _exchange(self, link: Link, packet: UnencryptedMessagePacket) -> None:
        exchange = self._lines[link].exchange
        answer = exchange.answer(read_object(packet.message_data)).write()
        await link.send(UnencryptedMessagePacket(int(time.time() * 2**32) & ~3 | 1, answer))
        if exchange.auth_key is not None:
            self._core.journal.counts["key_exchanges"] += 1
            key = AuthKey(exchange.auth_key, envelope.key_id(exchange.auth_key), exchange.salt)
            self._core.keys[key.id] = key

    async def _encrypted(self, link: Link, packet: EncryptedMessagePacket) -> None:
        key = self._core.keys.get(packet.auth_key_id)
        if key is None:
            return await link.fail(404)
        message, bodies = await self._open(key, packet)
        line = self._lines.get(link)
        if line is None:
            return None
        if line.key is None:
            line.key = key
            await self._outlast_rivals(link, key)
        session = self._session(key, link, message)
        objection = service.objection(session, message)
        if objection is not None:
            self._core.journal.counts["objections"] += 1
            return self.transmit(session, session.reply(objection.write(), content=False))
        if session.is_new:
            session.is_new = False
            self.transmit(session, session.reply(service.greeting(session, message.message_id).write()))
        for message_id, body in bodies:
            self._accept(session, link, message_id, body)
        return None

    async def _open(self, key: AuthKey, packet: EncryptedMessagePacket) -> _Opened:
        if len(packet.encrypted_data) <= _BIG:
            return _open(key, packet)
        if self._core.options.blind and (peeked := peek(key.secret, packet)) is not None:
            message, part = peeked
            return message, [(message.message_id, part)]
        return await asyncio.to_thread(_open, key, packet)

    def _accept(self, session: Session, link: Link, message_id: int, body: TLObject[Any]) -> None:
        if link.stalled or session.is_repeated(message_id):
            return
        if service.is_service(body):
            answer = service.respond(session, message_id, body)
            if answer is not None:
                self.transmit(session, session.reply(answer.write(), content=False))
            return
        self._spawn(serve(self._core, self.transmit, session, link, message_id, body))

    def _session(self, key: AuthKey, link: Link, message: DecryptedMessagePacket) -> Session:
        session = key.sessions.get(message.session_id)
        if session is None:
            if not link.media:  # a client that comes back as somebody new asks for what it missed
                key.sessions = {one.id: one for one in key.sessions.values() if one.media or one.link}
            session = key.sessions[message.session_id] = Session(key, message.session_id, link)
        elif session.link is not link:
            self.transmit(session, *session.resume(link))
        return session

    async def _outlast_rivals(self, link: Link, key: AuthKey) -> None:
        """Spoil the key when two live main connections use it: AUTH_KEY_DUPLICATED."""
        rivals = [
            other
            for other, line in self._lines.items()
            if other is not link and line.key is key and not (other.media or other.stalled or link.media)
        ]
        if not rivals or key.account is None:
            return
        waiting = [asyncio.ensure_future(rival.gone.wait()) for rival in rivals]
        _, alive = await asyncio.wait(waiting, timeout=self._core.options.grace)
        if alive and not key.duplicated:
            key.duplicated = True
            violation = Violation(
                "second_main_connection",
                "",
                "AUTH_KEY_DUPLICATED",
                "one key on two main connections",
                key.account.id,
                0,
            )
            self._core.journal.violations.append(violation)
        for task in alive:
            task.cancel()

    async def _write(self, link: Link, line: _Line) -> None:
        while True:
            session, message = await line.outbox.get()
            if len(message.body) > _BIG:
                packet = await asyncio.to_thread(_seal, session, message)
            else:
                packet = _seal(session, message)
            await link.send(packet)
            if message.sent is not None:
                message.sent()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._requests.add(task)
        task.add_done_callback(self._requests.discard)


def _open(key: AuthKey, packet: EncryptedMessagePacket) -> _Opened:
    message = envelope.unseal(key.secret, packet)
    return message, list(read_messages(message.message_id, message.data))


def _seal(session: Session, message: Outgoing) -> EncryptedMessagePacket:
    return envelope.seal(
        session.key.secret,
        salt=session.key.salt,
        session_id=session.id,
        message_id=message.message_id,
        seq_no=message.seq_no,
        body=message.body,
    )


def _listening_socket(host: str, port: int, receive_buffer: int, max_segment: int) -> socket.socket:
    """Accepted connections inherit these options; set later, they cannot shrink a window already open."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, max_segment)
    sock.bind((host, port))
    sock.setblocking(False)
    return sock
