"""`python -m tests.bench.competitor ORDER`: one uploader in a process of its own, measured from inside.

ORDER is a JSON object: who, mb, rounds, host, port, key, token. Prints one JSON object: for each round its
wall time and processor time, and the process's peak memory.
"""

import asyncio
import io
import json
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

import uvloop
from pyrogram import Client
from telethon import TelegramClient
from telethon.crypto import AuthKey
from telethon.sessions import MemorySession
from telethon.utils import get_appropriated_part_size

from medusa.model import Frame
from medusa.telegram.lane import open_lane
from medusa.telegram.mtproto import ige
from medusa.telegram.mtproto.ige import BLOCK, encryptor
from medusa.telegram.transport import GuardedTransport
from medusa.upload.parts import PART_SIZE
from medusa.upload.pool import Pool
from medusa.upload.uploader import Uploader
from tests.dc.client import make_client
from tests.dc.datacenter import Endpoint

MIB = 1024 * 1024
FRAME = bytes(range(256)) * 1024
"""256 KiB, what a media child writes at a time."""
LANES = 4
WARM_UP = 64
"""MiB."""
LONGEST_ROUND = 30.0
"""Seconds. Where latency decides, a rate does not depend on the size."""

Upload = Callable[[int], Awaitable[None]]


class Body(io.RawIOBase):
    """A file of `size` bytes that takes no memory, for uploaders that want to seek."""

    name = "body.bin"

    def __init__(self, size: int) -> None:
        self._size, self._at = size, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = self._size - self._at
        wanted = left if size < 0 else min(size, left)
        self._at += wanted
        return (FRAME * (wanted // len(FRAME) + 1))[:wanted]


async def frames(size: int) -> AsyncIterator[Frame]:
    """The same bytes as a stream."""
    for offset in range(0, size, len(FRAME)):
        yield Frame(offset, FRAME[: size - offset])


def medusa(client: Client) -> Upload:
    """This project's uploader."""
    ige.install()
    pool = Pool(lambda: open_lane(client), lanes=LANES)
    uploader = Uploader(pool, max_parts=4000)

    async def upload(size: int) -> None:
        await uploader.upload(frames(size), head_window=0, on_acknowledged=lambda acknowledged: None)

    return upload


def save_file(client: Client) -> Upload:
    """The client's own uploader."""

    async def upload(size: int) -> None:
        await client.save_file(cast(BinaryIO, Body(size)))

    return upload


def telethon(client: TelegramClient, mb: int) -> Upload:
    """Telethon's uploader with cryptg, and with parts as it chooses them for a file of `mb` MiB."""
    part_size_kb = get_appropriated_part_size(mb * MIB)

    async def upload(size: int) -> None:
        await client.upload_file(cast(BinaryIO, Body(size)), part_size_kb=part_size_kb, file_size=size)

    return upload


def limit(size: int) -> None:
    """What cannot be avoided: every byte hashed and encrypted once, on one core."""
    part, key, iv = FRAME * 2, bytes(32), bytes(32)
    encrypt, output = encryptor(), memoryview(bytearray(PART_SIZE + BLOCK))
    for _ in range(size // PART_SIZE):
        sha256(part).digest()
        encrypt(part, key, iv, output)


async def in_a_thread(size: int) -> None:
    """`limit`, without holding the loop."""
    await asyncio.to_thread(limit, size)


@asynccontextmanager
async def competitor(order: dict[str, Any]) -> AsyncIterator[Upload]:
    """Who the order names, logged in."""
    who, endpoint = order["who"], Endpoint(order["host"], order["port"], Path(order["key"]).read_bytes())
    if who == "limit":
        yield in_a_thread
        return
    transport: dict[str, Any] = {"protocol_factory": GuardedTransport} if who == "medusa" else {}
    client = make_client(endpoint, who, bot_token=order["token"], no_updates=True, **transport)
    async with client:
        if who != "telethon":
            yield {"medusa": medusa, "save_file": save_file}[who](client)
            return
        auth_key = await client.storage.auth_key()
    async with telethon_client(endpoint, auth_key) as other:
        yield telethon(other, order["mb"])


@asynccontextmanager
async def telethon_client(endpoint: Endpoint, auth_key: bytes) -> AsyncIterator[TelegramClient]:
    """Telethon with a key that is logged in already."""
    session = MemorySession()
    session.set_dc(2, endpoint.host, endpoint.port)
    session.auth_key = AuthKey(auth_key)
    client = TelegramClient(session, 1, "loopback", receive_updates=False)
    await client.connect()
    try:
        yield client
    finally:
        await client.disconnect()


async def compete(order: dict[str, Any]) -> list[dict[str, float]]:
    """Warm up, and upload so many times; less at a time for those that would need minutes."""
    async with competitor(order) as upload:
        warm_up = await _measured(upload, WARM_UP)
        affordable = int(WARM_UP * LONGEST_ROUND / warm_up["seconds"])
        mb = max(WARM_UP, min(order["mb"], affordable))
        return [await _measured(upload, mb) for _ in range(order["rounds"])]


async def _measured(upload: Upload, mb: int) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    await upload(mb * MIB)
    return {"mb": mb, "seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def main() -> None:
    """Carry out the order on the command line."""
    rounds = uvloop.run(compete(json.loads(sys.argv[1])))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write(json.dumps({"rounds": rounds, "peak": peak}) + "\n")


if __name__ == "__main__":
    main()
