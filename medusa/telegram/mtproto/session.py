"""A session of an account's key on a connection of its own: requests out, answers in.

It lives as long as its connection; whoever needs another opens a new one. It never waits without an end:
when nothing moves on the connection, or an answer does not come although the request has arrived, whoever
waits is told.
"""

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from socket import SHUT_RDWR, socket
from typing import Any

from loguru import logger
from pyrogram.crypto import mtproto
from pyrogram.errors import RPCError, SecurityCheckMismatch
from pyrogram.raw import functions, types
from pyrogram.raw.core import MsgContainer, TLObject

from medusa.telegram.mtproto.clock import steady_time
from medusa.telegram.mtproto.framing import Deframer
from medusa.telegram.mtproto.message import Chunks, Message, Numbers
from medusa.telegram.mtproto.sealer import Sealer, key_id
from medusa.telegram.mtproto.writer import Writer
from medusa.telegram.unsent import queued
from medusa.upload.pacing import Clock

_READ = 16 * 1024
_ACKS = 16
_CLOCK_CODES = frozenset({16, 17})
"""The message id is too far in the past, or in the future."""


@dataclass(frozen=True)
class Patience:
    """How long a connection may hesitate; seconds."""

    silence: float = 10.0
    """Without a byte that comes in or is taken by the other side."""
    answer: float = 15.0
    """From a request's arrival, or the answer to another one, to its own answer: a slow line may take any
    time before, and what has left this machine may still wait in a proxy behind others."""
    overdue: float = 60.0
    """From a request's arrival to its answer, whatever else is answered."""
    ping: float = 5.0
    look: float = 1.0
    """Between two looks at all this."""


@dataclass(slots=True, eq=False)
class _Request:
    """Somebody waits for the answer."""

    method: type[TLObject[Any]]
    message: Message
    answer: asyncio.Future[Any]
    arrived: float | None = None
    """When it was seen that the other side has all of it."""


class MediaSession:
    """Carries requests of one key over one connection."""

    def __init__(
        self, sock: socket, auth_key: bytes, *, patience: Patience, clock: Clock = steady_time
    ) -> None:
        """`sock` is connected and does not block; it belongs to the session from now on. `clock`: the
        server's, as far as it is known."""
        self._socket = sock
        self._auth_key = auth_key
        self._key_id = key_id(auth_key)
        self._patience = patience
        self._id = os.urandom(8)
        self._salt = 0
        self._numbers = Numbers(clock)
        self._waiting: dict[int, _Request] = {}
        self._acks: list[int] = []
        self._received = 0
        self._answered = 0.0
        """When the last answer came."""
        self._lost: Exception | None = None
        self._writer = Writer(sock, Sealer(auth_key, self._id).seal, self._lose)
        self._life = asyncio.create_task(self._live())

    @property
    def alive(self) -> bool:
        """False once the connection is lost."""
        return self._lost is None

    async def call(self, method: type[TLObject[Any]], chunks: Chunks) -> Any:
        """The answer to a request of this method, serialized in `chunks`.

        Raises Pyrogram's RPCError, and OSError when no answer will come.
        """
        if self._lost is not None:
            raise ConnectionError("the connection is lost") from self._lost
        request = _Request(method, self._send(chunks), asyncio.get_running_loop().create_future())
        self._waiting[request.message.id] = request
        try:
            answer = await request.answer
        finally:
            self._waiting.pop(request.message.id, None)
        if isinstance(answer, types.RpcError):
            RPCError.raise_it(answer, method)
        return answer

    async def close(self) -> None:
        """Hang up at once, whatever is under way. Never raises."""
        self._lose(ConnectionAbortedError("the connection was closed"))
        self._life.cancel()
        await asyncio.wait([self._life])
        await self._writer.stop()
        self._socket.close()

    # --- the connection --------------------------------------------------------------------------

    async def _live(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read())
                group.create_task(self._watch())
        except* Exception as problems:
            self._lose(problems.exceptions[0])

    def _lose(self, reason: Exception) -> None:
        if self._lost is not None:
            return
        self._lost = reason
        if not isinstance(reason, OSError):
            logger.opt(exception=reason).error("a fault in the program ended a media connection")
        with suppress(OSError):
            self._socket.shutdown(SHUT_RDWR)
        for request in self._waiting.values():
            _fail(request, ConnectionError(f"the connection was lost: {reason!r}"))

    async def _read(self) -> None:
        loop, deframer = asyncio.get_running_loop(), Deframer()
        while data := await loop.sock_recv(self._socket, _READ):
            self._received += len(data)
            for packet in deframer.feed(data):
                self._receive(packet)
        raise ConnectionResetError("the server hung up")

    async def _watch(self) -> None:
        clock = asyncio.get_running_loop().time
        pinged_at = moved_at = clock()
        received = arrived = backlog = 0
        while True:
            now, before = clock(), (received, arrived)
            received, arrived = self._received, self._arrived()
            # A system takes pings even for a program that hangs, so only what has had to wait counts.
            if received > before[0] or (backlog and arrived > before[1]):
                moved_at = now
            elif now - moved_at >= self._patience.silence:
                raise TimeoutError(f"nothing has moved for {self._patience.silence:.0f} s")
            backlog = self._writer.written - arrived
            if now - pinged_at >= self._patience.ping:
                pinged_at = now
                self._ping()
            self._acknowledge()
            self._expire(now, arrived)
            await asyncio.sleep(self._patience.look)

    def _arrived(self) -> int:
        """Bytes that the other side has taken: what was written and has left the system."""
        return self._writer.written - queued(self._socket)

    def _expire(self, now: float, arrived: int) -> None:
        """Give up requests that have arrived long ago."""
        for request in self._waiting.values():
            if request.message.ends_at is None or request.message.ends_at > arrived:
                continue
            if request.arrived is None:
                request.arrived = now
                continue
            waited = now - request.arrived
            if min(waited, now - self._answered) >= self._patience.answer or waited >= self._patience.overdue:
                _fail(request, TimeoutError(f"no answer for {waited:.0f} s"))

    # --- what goes out ---------------------------------------------------------------------------

    def _send(self, chunks: Chunks, *, content: bool = True) -> Message:
        message = Message(
            self._numbers.next_id(), self._numbers.next_seq_no(content=content), self._salt, chunks
        )
        self._writer.put(message)
        return message

    def _ping(self) -> None:
        """With the order to hang up should this side fall silent."""
        delay = round(2 * self._patience.silence + self._patience.ping)
        ping = functions.PingDelayDisconnect(ping_id=self._numbers.next_id(), disconnect_delay=delay)
        self._send([ping.write()])

    def _acknowledge(self) -> None:
        if self._acks:
            self._send([types.MsgsAck(msg_ids=self._acks).write()], content=False)
            self._acks = []

    def _send_again(self, message_id: int) -> None:
        """A message that the server did not take for its numbers' sake."""
        request = self._waiting.pop(message_id, None)
        if request is not None:
            request.message = self._send(request.message.chunks)
            self._waiting[request.message.id] = request

    # --- what comes in ---------------------------------------------------------------------------

    def _receive(self, packet: bytes) -> None:
        if len(packet) == 4:
            raise ConnectionError(f"transport error {int.from_bytes(packet, 'little', signed=True)}")
        try:
            message = mtproto.unpack(BytesIO(packet), self._id, self._auth_key, self._key_id)
        except (SecurityCheckMismatch, ValueError) as error:
            raise ConnectionError(f"an unreadable packet: {error}") from error
        messages = message.body.messages if isinstance(message.body, MsgContainer) else [message]
        for one in messages:
            if one.seq_no % 2:
                self._acks.append(one.msg_id)
            self._take_in(one.msg_id, one.body)
        if len(self._acks) >= _ACKS:
            self._acknowledge()

    def _take_in(self, message_id: int, body: TLObject[Any]) -> None:
        match body:
            case types.RpcResult():
                self._answer(body.req_msg_id, body.result)
            case types.BadServerSalt():
                self._salt = body.new_server_salt
                self._send_again(body.bad_msg_id)
            case types.NewSessionCreated():
                self._salt = body.server_salt
            case types.BadMsgNotification() if body.error_code in _CLOCK_CODES:
                self._numbers.synchronize(message_id)
                self._send_again(body.bad_msg_id)
            case types.BadMsgNotification():
                raise ConnectionError(f"the server refused a message: {body.error_code}")
            case types.MsgDetailedInfo() | types.MsgNewDetailedInfo():
                self._acks.append(body.answer_msg_id)
            case _:
                pass  # a pong, or news that belong to the main connection

    def _answer(self, message_id: int, answer: Any) -> None:
        self._answered = asyncio.get_running_loop().time()
        request = self._waiting.get(message_id)
        if request is not None and not request.answer.done():
            request.answer.set_result(answer)


def _fail(request: _Request, error: OSError) -> None:
    if not request.answer.done():
        request.answer.set_exception(error)
