"""Files over HTTP, with ranges and with faults."""

import asyncio
import functools
import hashlib
import mmap
import re
import time
from pathlib import Path

from tests.site.faults import Fault
from tests.site.http import Connection, Request
from tests.site.pages import type_of

BLOCK = 64 * 1024
LATENESS = 0.1
"""Seconds that a line may make up for: sleeping takes longer than asked for."""

Span = tuple[int, int]
"""Start and end, the latter not included."""


class Line:
    """A line of `rate` bytes a second, in virtual time; None means as fast as the machine can."""

    def __init__(self, rate: int | None, now: float) -> None:
        self._rate = rate
        self._free_at = now

    def take(self, size: int, now: float) -> float:
        """Account for `size` bytes at time `now`; the seconds until the line is free again."""
        if self._rate is None:
            return 0.0
        self._free_at = max(self._free_at, now - LATENESS) + size / self._rate
        return max(0.0, self._free_at - now)


async def serve_file(path: Path, fault: Fault, request: Request, connection: Connection) -> None:
    """Answer with the file, or the range of it that was asked for."""
    if fault.status is not None:
        await connection.answer(fault.status, "text/plain", b"no")
        return
    if fault.cookie and "session=open-sesame" not in request.headers.get("cookie", ""):
        await connection.answer(403, "text/plain", b"not without the cookie")
        return
    data = await asyncio.to_thread(_content, path)
    span = _span(request.headers.get("range"), len(data)) if fault.ranges else None
    if span is not None and fault.change is not None and span[0] >= fault.change:
        data = memoryview(bytes(data)[::-1])
    if span is not None and span[0] >= len(data):
        await connection.head(416, {"Content-Range": f"bytes */{len(data)}", "Content-Length": 0})
        return
    await connection.head(206 if span else 200, _headers(path, data, span, fault))
    if request.method != "HEAD":
        start, end = span or (0, len(data))
        await _send(data[start:end], fault, connection)


def _headers(path: Path, data: memoryview, span: Span | None, fault: Fault) -> dict[str, object]:
    start, end = span or (0, len(data))
    headers: dict[str, object] = {
        "Content-Type": type_of(path.name),
        "ETag": f'"{hashlib.md5(data[:BLOCK]).hexdigest()[:12]}"',
    }
    if fault.ranges:
        headers["Accept-Ranges"] = "bytes"
    if span:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
    if fault.length == "none":
        headers["Transfer-Encoding"] = "chunked"
    elif fault.length != "close":
        headers["Content-Length"] = end - start if fault.length == "exact" else fault.length
    return headers


async def _send(data: memoryview, fault: Fault, connection: Connection) -> None:
    chunked = fault.length == "none"
    limit = min(n for n in (fault.cut, fault.stall, len(data)) if n is not None)
    step = BLOCK if fault.rate is None else max(1, min(BLOCK, fault.rate // 10))
    line = Line(fault.rate, time.monotonic())
    for start in range(0, limit, step):
        block = data[start : min(start + step, limit)]
        await connection.body(b"%x\r\n%b\r\n" % (len(block), bytes(block)) if chunked else block)
        await asyncio.sleep(line.take(len(block), time.monotonic()))
    if limit == fault.stall:
        await asyncio.Event().wait()
    if limit < len(data):
        if fault.reset:
            connection.reset()
    elif chunked:
        await connection.body(b"0\r\n\r\n")


@functools.lru_cache(maxsize=8)
def _content(path: Path) -> memoryview:
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _span(header: str | None, size: int) -> Span | None:
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", header or "")
    if not found:
        return None
    end = int(found[2]) + 1 if found[2] else size
    return int(found[1]), min(end, size)
