"""Bytes between a media child and an origin, once it is decided that they may speak."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from medusa.media.head import BadAnswer, Head, rewrite_answer, split_answer
from medusa.media.network import BLOCK, Streams

ANSWER_HEAD_LIMIT = 256 * 1024
"""Bytes of a status line with its headers, of all that an origin sends before the answer itself."""


async def carry(
    head: Head, child: Streams, origin: Streams, *, count: Callable[[int], None], silence: float
) -> None:
    """Carry a request and its answer, or a tunnel, until the origin has no more or the child hangs up.

    `count` is told of bytes received, and may raise OSError to end it. Raises OSError, TimeoutError for an
    origin that sends nothing for so many seconds of `silence`.
    """
    reader, writer = child
    async with closing(origin[1]):
        answering = asyncio.ensure_future(_answer(head, origin[0], writer, count, silence))
        asking = asyncio.ensure_future(_ask(head, reader, origin[1]))
        try:
            await asyncio.wait([answering, asking], return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                raise ConnectionResetError("the child has hung up")
            answering.result()
        finally:
            answering.cancel()
            asking.cancel()
            await asyncio.gather(answering, asking, return_exceptions=True)


async def _ask(head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send what the child sends; it returns when the child hangs up.

    Behind a request and its body nothing is sent: another request would be for this origin, whatever it says.
    """
    with suppress(OSError):
        await put(writer, head.forward)
        left = head.length
        while block := await reader.read(BLOCK):
            await put(writer, block if left is None else block[:left])
            left = None if left is None else max(0, left - len(block))
        return
    # An origin that hears no more may have answered already.
    while await reader.read(BLOCK):
        pass


async def _answer(
    head: Head,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    count: Callable[[int], None],
    silence: float,
) -> None:
    async def receive() -> bytes:
        async with asyncio.timeout(silence):
            block = await reader.read(BLOCK)
        count(len(block))
        return block

    if head.length is None:
        await put(writer, b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        try:
            start = await _start(receive)
        except BadAnswer as error:
            await answer(writer, "502 Bad Gateway", str(error))
            return
        await put(writer, start)
    while block := await receive():
        await put(writer, block)


async def _start(receive: Callable[[], Awaitable[bytes]]) -> bytes:
    """The beginning of the answer, its head rewritten. Raises BadAnswer, ConnectionResetError."""
    data = b""
    received = 0
    while True:
        if (found := split_answer(data)) is not None:
            head, data = found
            if len(head) > ANSWER_HEAD_LIMIT:
                raise BadAnswer(f"more than {ANSWER_HEAD_LIMIT} bytes of headers")
            if not head or (start := rewrite_answer(head)):
                return start + data if head else data
            continue
        if received > ANSWER_HEAD_LIMIT:
            raise BadAnswer(f"more than {ANSWER_HEAD_LIMIT} bytes, and still no answer")
        block = await receive()
        if not block:
            raise ConnectionResetError("no answer, or half of its head")
        received += len(block)
        data += block


async def put(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Write and wait for room. Raises OSError when the connection is gone."""
    if writer.transport.is_closing():
        # asyncio drops what is written now; uvloop raises RuntimeError.
        raise ConnectionResetError("the connection is closed")
    writer.write(data)
    await writer.drain()


async def answer(writer: asyncio.StreamWriter, status: str, reason: str) -> None:
    """An answer of the proxy itself. Raises OSError."""
    body = f"{reason}\n".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    await put(writer, head.encode() + body)


@asynccontextmanager
async def closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close the connection after the block; after a failed one, reset it.

    A body without a length ends where the connection is closed, so a broken one must not look closed.
    """
    try:
        yield
        writer.close()
        await writer.wait_closed()
    except BaseException:
        if (connection := writer.get_extra_info("socket")) is not None and not writer.transport.is_closing():
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        raise
