"""Encrypts and writes in a thread of its own.

Neither needs the interpreter's lock, so several writers keep several processors busy, and the event loop is
free for everything else.
"""

import asyncio
import select
from collections.abc import Callable
from queue import SimpleQueue
from socket import socket
from threading import Thread

from medusa.telegram.mtproto.message import Message

Seal = Callable[[Message], memoryview]

_POLL_MS = 1000


class Writer:
    """One connection's way out. Messages leave in the order in which they are put."""

    def __init__(self, sock: socket, seal: Seal, on_failure: Callable[[Exception], None]) -> None:
        """`sock` does not block. `on_failure` is called in the event loop, once, when it goes wrong."""
        self.written = 0
        """Bytes that the system has taken so far."""
        self._socket = sock
        self._seal = seal
        self._on_failure = on_failure
        self._queue: SimpleQueue[Message | None] = SimpleQueue()
        self._stopping = False
        self._loop = asyncio.get_running_loop()
        self._ended = self._loop.create_future()
        self._writable = select.poll()
        self._writable.register(sock, select.POLLOUT)
        Thread(target=self._run, name="parts", daemon=True).start()

    def put(self, message: Message) -> None:
        """Send it when its turn comes."""
        self._queue.put(message)

    async def stop(self) -> None:
        """Let the thread end, in the middle of a packet if need be; shut the socket down to hasten it."""
        self._stopping = True
        self._queue.put(None)
        await asyncio.shield(self._ended)

    def _run(self) -> None:
        try:
            while (message := self._queue.get()) is not None and not self._stopping:
                self._write(self._seal(message))
                message.ends_at = self.written
                del message  # it may hold half a megabyte, and the next one may be long in coming
        except Exception as error:
            self._loop.call_soon_threadsafe(self._on_failure, error)
        finally:
            self._loop.call_soon_threadsafe(self._ended.set_result, None)

    def _write(self, packet: memoryview) -> None:
        while packet and not self._stopping:
            try:
                sent = self._socket.send(packet)
            except BlockingIOError:
                self._writable.poll(_POLL_MS)
                continue
            self.written += sent
            packet = packet[sent:]
