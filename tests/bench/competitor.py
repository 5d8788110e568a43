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
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

import uvloop
from pyrogram import Client

from medusa.model import Frame
from medusa.telegram import crypto
from medusa.telegram.lane import open_lane
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
    crypto.install()
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


def limit(size: int) -> None:
    """What cannot be avoided: every byte hashed and encrypted once, on one core."""
    part, key, iv = FRAME * 2, bytes(32), bytes(32)
    for _ in range(size // PART_SIZE):
        sha256(part).digest()
        crypto.ige256_encrypt(part, key, iv)


async def compete(order: dict[str, Any]) -> list[dict[str, float]]:
    """Log in, warm up, and upload so many times."""
    mb, rounds = order["mb"], order["rounds"]
    if order["who"] == "limit":
        return [await _measured(in_a_thread, mb) for _ in range(rounds)]
    endpoint = Endpoint(order["host"], order["port"], Path(order["key"]).read_bytes())
    transport: dict[str, Any] = {"protocol_factory": GuardedTransport} if order["who"] == "medusa" else {}
    client = make_client(endpoint, order["who"], bot_token=order["token"], no_updates=True, **transport)
    async with client:
        upload = {"medusa": medusa, "save_file": save_file}[order["who"]](client)
        await upload(16 * MIB)
        return [await _measured(upload, mb) for _ in range(rounds)]


async def in_a_thread(size: int) -> None:
    """`limit`, without holding the loop."""
    await asyncio.to_thread(limit, size)


async def _measured(upload: Upload, mb: int) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    await upload(mb * MIB)
    return {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def main() -> None:
    """Carry out the order on the command line."""
    rounds = uvloop.run(compete(json.loads(sys.argv[1])))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write(json.dumps({"rounds": rounds, "peak": peak}) + "\n")


if __name__ == "__main__":
    main()
