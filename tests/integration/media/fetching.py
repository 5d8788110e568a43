"""Fetching a link to the end, with the contract of frames checked; and what a job leaves behind."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from medusa.errors import IndexTooSmall, MedusaError
from medusa.media.choose import choose
from medusa.media.source import Source
from medusa.media.stream import MediaStream, StreamedFile
from medusa.model import Media, Plan, Summary
from medusa.wishes import Shape, Wish
from tests.site.inspect import Report, inspect

LARGEST = 2_000_000_000
AT_ONCE = 4


@dataclass(frozen=True)
class Fetched:
    """A file that arrived."""

    media: Media
    plan: Plan
    data: bytes
    summary: Summary
    received: int
    expected: int | None

    def report(self) -> Report:
        """What it is."""
        return inspect(self.data)


async def probe(source: Source, url: str, **how: Any) -> Media:
    """What a link to one medium leads to."""
    found = await source.probe(url, **how)
    assert isinstance(found, Media)
    return found


async def fetch(
    source: Source, url: str, wish: Wish | None = None, shape: Shape | None = None, **how: Any
) -> Fetched:
    """Probe, choose and stream, as the bot does. `how`: of the probe."""
    media = await probe(source, url, **how)
    plan = choose(media, wish or Wish(), shape or Shape(), max_size=LARGEST)
    try:
        return await stream(source, media, plan)
    except IndexTooSmall:
        return await stream(source, media, plan.evolve(head_window=plan.head_window * 2))


async def stream(source: Source, media: Media, plan: Plan) -> Fetched:
    """The file of one plan."""
    async with source.open(media, plan) as arriving:
        file = await only_file(arriving)
        data = await collect(file, plan.head_window)
        return Fetched(media, plan, data, file.summary, arriving.received, arriving.expected)


@dataclass(frozen=True)
class Cut:
    """A stream that arrived in files."""

    plan: Plan
    files: list[bytes]
    summaries: list[Summary]


async def fetch_cut(
    source: Source, url: str, max_size: int, wish: Wish | None = None, shape: Shape | None = None
) -> Cut:
    """Probe, choose and stream with this limit of a file."""
    media = await probe(source, url)
    plan = choose(media, wish or Wish(), shape or Shape(), max_size=max_size)
    return await stream_cut(source, media, plan)


async def stream_cut(source: Source, media: Media, plan: Plan) -> Cut:
    """All files of one plan."""
    files: list[bytes] = []
    summaries: list[Summary] = []
    async with source.open(media, plan) as arriving:
        async for file in arriving.files():
            assert file.number == len(files) + 1
            files.append(await collect(file, plan.head_window))
            summaries.append(file.summary)
    return Cut(plan, files, summaries)


async def only_file(arriving: MediaStream) -> StreamedFile:
    """The first file of a stream, which is not cut."""
    return await anext(aiter(arriving.files()))


async def collect(arriving: StreamedFile, head_window: int) -> bytes:
    """All frames put together. Fails when one is neither next in line nor inside the head window."""
    data = bytearray()
    async for offset, block in arriving:
        end = offset + len(block)
        assert block
        assert offset == len(data) or end <= head_window, f"a frame at {offset}, after {len(data)} bytes"
        data[offset:end] = block
    assert len(data) == arriving.summary.size
    return bytes(data)


async def fetch_all(
    source: Source, links: Mapping[str, tuple[str, Wish]]
) -> dict[str, Fetched | MedusaError]:
    """What became of each link, a few at a time: most of it is waiting for processes to start."""
    results: dict[str, Fetched | MedusaError] = {}
    limit = asyncio.Semaphore(AT_ONCE)

    async def fetch_one(key: str, url: str, wish: Wish) -> None:
        async with limit:
            try:
                results[key] = await fetch(source, url, wish)
            except MedusaError as error:
                results[key] = error

    async with asyncio.TaskGroup() as group:
        for key, (url, wish) in links.items():
            group.create_task(fetch_one(key, url, wish))
    return results


def members(group: int) -> list[int]:
    """The processes of a group."""
    return list(_members(group))


async def is_gone(pid: int) -> bool:
    """Whether a process that was killed has ended within a few seconds."""
    if not psutil.pid_exists(pid):
        return True
    gone, _ = await asyncio.to_thread(psutil.wait_procs, [psutil.Process(pid)], 5)
    return bool(gone)


def disk_use(directory: Path) -> int:
    """Bytes in all files below it."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def _members(group: int) -> Iterator[int]:
    for pid in psutil.pids():
        try:
            if os.getpgid(pid) == group:
                yield pid
        except ProcessLookupError:
            continue
