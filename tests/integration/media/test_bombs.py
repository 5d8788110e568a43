"""Answers that are far larger than what is sent, and such that have no end: the child stays small."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import urlencode

import brotli  # type: ignore[import-untyped]
import pytest

from medusa.errors import MediaUnreadable, SourceEndless
from medusa.media.nursery import Nursery
from medusa.media.order import Patience
from medusa.media.source import Source
from tests.integration.media.fetching import fetch
from tests.site.http import Connection, HttpServer, Request

STEP = 64 * 1024 * 1024
TIMES = 160
"""Together 10 GB."""


def _zlib(data: bytes) -> bytes:
    packer = zlib.compressobj(9)
    block = packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
    # The same block as often as one likes: it refers to nothing before it.
    return block[:2] + block[2:] * TIMES


BOMBS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data) * TIMES,
    "deflate": _zlib,
    "br": lambda data: brotli.compress(data * 8, quality=1),
    "gzip, gzip": lambda data: gzip.compress(gzip.compress(data) * TIMES),
}
LEADS = {
    "a page": b"<!doctype html><title>x</title>",
    "a playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n",
    "a document": b"<?xml version='1.0'?><rss>",
}


@pytest.fixture
async def site() -> AsyncIterator[HttpServer]:
    async def handle(request: Request, connection: Connection) -> None:
        encoding = request.query.get("encoding", "")
        if request.path == "endless":
            await connection.head(200, {"Content-Type": "text/html"})
            while True:
                await connection.body(b"<p>" + bytes(2**20))
        if request.path == "file.zip":
            bomb = await asyncio.to_thread(gzip.compress, b"PK\3\4" + bytes(4 * STEP))
            await connection.answer(200, "application/zip", bomb, ("Content-Encoding", "gzip"))
            return
        data = LEADS[request.query["lead"]] + b" " * STEP
        bomb = await asyncio.to_thread(BOMBS[encoding], data)
        kind = "application/vnd.apple.mpegurl" if request.query["lead"] == "a playlist" else "text/html"
        await connection.answer(200, kind, bomb, ("Content-Encoding", encoding))

    async with HttpServer(handle) as server:
        yield server


@pytest.fixture
def source(site: HttpServer, tmp_path: Path, nursery: Nursery) -> Source:
    # The site needs its time to pack what it serves.
    return Source(tmp_path, nursery, allow=[f"127.0.0.1:{site.port}"], patience=Patience(retries=1))


@pytest.mark.parametrize(
    ("encoding", "lead"),
    [("gzip", "a page"), ("deflate", "a playlist"), ("br", "a document"), ("gzip, gzip", "a page")],
)
async def test_a_page_that_unpacks_to_gigabytes(
    source: Source, site: HttpServer, encoding: str, lead: str
) -> None:
    query = urlencode({"encoding": encoding, "lead": lead})
    with pytest.raises(MediaUnreadable) as caught:
        await source.probe(f"http://127.0.0.1:{site.port}/x?{query}")
    assert "bytes" in caught.value.detail


async def test_a_page_without_an_end(source: Source, site: HttpServer) -> None:
    with pytest.raises((MediaUnreadable, SourceEndless)):
        await source.probe(f"http://127.0.0.1:{site.port}/endless")


async def test_a_file_that_unpacks_to_gigabytes(source: Source, site: HttpServer) -> None:
    with pytest.raises(MediaUnreadable) as caught:
        await fetch(source, f"http://127.0.0.1:{site.port}/file.zip")
    assert "packed" in caught.value.detail
