"""The transport against peers that stop reading, stop answering, or are only slow."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from pyrogram.errors import AuthKeyUnregistered

from medusa.telegram.transport import UNKNOWN_KEY, GuardedTransport

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Impatient(GuardedTransport):
    STALL_SECONDS = 0.5
    SILENCE_SECONDS = 0.5


@asynccontextmanager
async def connected(behave: Behave) -> AsyncIterator[Impatient]:
    """A transport to a peer that behaves like this; both sides have small buffers."""
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await behave(reader, writer)
            await done.wait()
        finally:
            writer.transport.abort()

    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    server = await asyncio.start_server(serve, sock=listener, limit=4096)
    transport = Impatient(loop=asyncio.get_running_loop())
    await transport.connect(listener.getsockname())
    assert transport.writer is not None
    transport.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 * 1024)
    try:
        yield transport
    finally:
        await transport.close()
        transport.crypto_executor.shutdown()
        done.set()
        server.close()
        await server.wait_closed()


async def read_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Keep the connection and take nothing from it."""


async def read_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a little, ever again, and answer in the end."""
    loop, taken = asyncio.get_running_loop(), 0
    while taken < 1_000_000:
        taken += len(await reader.read(65536))
        await asyncio.wait([loop.create_future()], timeout=0.002)
    writer.write(b"\x01done")
    await writer.drain()


async def test_a_peer_that_stops_reading_does_not_hold_the_sender() -> None:
    async with connected(read_nothing) as transport:
        with pytest.raises(OSError, match="took no byte"):
            await transport.send(b"x" * 1_000_000)
        assert transport.lost.is_set()
        with pytest.raises(OSError, match="closed"):
            await transport.send(b"x" * 4)


async def test_the_lock_is_free_after_a_stall_so_that_a_session_can_restart() -> None:
    async with connected(read_nothing) as transport:
        sends = [asyncio.create_task(transport.send(b"x" * 1_000_000)) for _ in range(3)]
        outcomes = await asyncio.gather(*sends, return_exceptions=True)
        assert all(isinstance(outcome, OSError) for outcome in outcomes)
        async with asyncio.timeout(1):
            await transport.close()


async def test_a_silent_peer_is_given_up() -> None:
    async with connected(read_nothing) as transport:
        assert await transport.recv() is None
        assert transport.lost.is_set()


async def test_a_slow_peer_is_left_alone() -> None:
    async with connected(read_slowly) as transport:
        receiving = asyncio.create_task(transport.recv())
        await transport.send(b"x" * 1_000_000)
        assert await receiving == b"done"
        assert not transport.lost.is_set()


@pytest.mark.parametrize("turns", [1, 2, 5])
async def test_cancelling_a_send_leaves_nothing_locked(turns: int) -> None:
    async with connected(read_nothing) as transport:
        sending = asyncio.create_task(transport.send(b"x" * 1_000_000))
        for _ in range(turns):
            await asyncio.sleep(0)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        async with asyncio.timeout(5):
            await transport.close()


async def test_what_was_begun_arrives_although_its_sender_was_cancelled() -> None:
    async with connected(read_slowly) as transport:
        receiving = asyncio.create_task(transport.recv())
        sending = asyncio.create_task(transport.send(b"x" * 1_000_000))
        await asyncio.sleep(0)
        sending.cancel()
        assert await receiving == b"done"


async def test_a_key_that_the_server_does_not_know_is_named() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(b"\x01" + (-404).to_bytes(4, "little", signed=True))
        await writer.drain()

    async with connected(refuse) as transport:
        await transport.send(b"\0" * 64)
        assert await transport.recv() == UNKNOWN_KEY
        with pytest.raises(AuthKeyUnregistered):
            await transport.send(b"\0" * 64)
