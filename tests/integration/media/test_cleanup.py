"""What a job leaves behind, however it ends: nothing."""

import asyncio
import json
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from medusa.errors import MediaChildDied
from medusa.media.choose import choose
from medusa.media.source import Source
from medusa.model import Frame, Media, Plan
from medusa.wishes import Wish
from tests.integration.media.fetching import LARGEST, disk_use, is_gone, members, only_file, probe
from tests.site import Site

PARENT = """
import asyncio, json, sys
from pathlib import Path
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.media.choose import choose
from medusa.wishes import Wish

async def main(url, allow, base):
    source = Source(Path(base), Nursery(), allow=[allow])
    media = await source.probe(url)
    async with source.open(media, choose(media, Wish(), max_size=10**9)) as stream:
        async for _ in await anext(aiter(stream.files())):
            print(json.dumps(stream.pid), flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


async def read_on(frames: AsyncIterator[Frame]) -> None:
    async for _ in frames:
        pass


async def prepare(source: Source, url: str) -> tuple[Media, Plan]:
    media = await probe(source, url)
    return media, choose(media, Wish(), max_size=LARGEST)


@pytest.mark.parametrize("name", ["big-5.mp4", "hls-split", "big-20-late.mp4"])
@pytest.mark.parametrize("seed", range(3))
async def test_cancelled_at_any_moment(source: Source, site: Site, base: Path, name: str, seed: int) -> None:
    media, plan = await prepare(source, site.url(name, rate=2_000_000))
    groups = []

    async def run() -> None:
        async with source.open(media, plan) as arriving:
            groups.append(arriving.pid)
            await read_on(aiter(await only_file(arriving)))

    with suppress(TimeoutError):
        async with asyncio.timeout(random.Random(f"{name} {seed}").uniform(0, 0.5)):
            await run()
    assert [pid for group in groups for pid in members(group)] == []
    assert not base.exists() or list(base.iterdir()) == []


@pytest.mark.parametrize("seed", range(2))
async def test_a_probe_that_is_cancelled(source: Source, site: Site, base: Path, seed: int) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(random.Random(seed).uniform(0, 0.4)):
            await source.probe(site.url("watch", rate=100_000))
    assert not base.exists() or list(base.iterdir()) == []


async def test_a_reader_that_stops_early(source: Source, site: Site, base: Path) -> None:
    media, plan = await prepare(source, site.url("big-20-late.mp4"))
    async with source.open(media, plan) as arriving:
        file = await only_file(arriving)
        async for _ in file:
            break
        with pytest.raises(RuntimeError):
            _ = file.summary
    assert members(arriving.pid) == []
    assert list(base.iterdir()) == []


async def test_a_child_that_is_killed(source: Source, site: Site, base: Path) -> None:
    media, plan = await prepare(source, site.url("big-5.mp4", rate=2_000_000))
    async with source.open(media, plan) as arriving:
        frames = aiter(await only_file(arriving))
        await anext(frames)
        psutil.Process(arriving.pid).kill()
        with pytest.raises(MediaChildDied) as caught:
            await read_on(frames)
    assert "signal 9" in caught.value.detail
    assert caught.value.retryable
    assert members(arriving.pid) == []
    assert list(base.iterdir()) == []


async def test_a_bot_that_is_killed_takes_its_child_along(source: Source, site: Site, base: Path) -> None:
    url = site.url("hls-split", rate=20_000)
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, site.url("big-5.mp4", rate=1_500_000), site.allow, str(base)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = json.loads(await parent.stdout.readline())
    assert psutil.pid_exists(child)
    parent.send_signal(signal.SIGKILL)
    while await parent.stdout.read(65536):
        pass
    await parent.wait()
    assert await is_gone(child)
    # Nobody was left to remove the directory; the next job does.
    assert len(list(base.iterdir())) == 1
    await source.probe(url)
    assert list(base.iterdir()) == []


@pytest.mark.parametrize("name", ["big-40.mp4", "hls-big", "hls-one", "dash-files"])
async def test_no_temporary_files_and_little_memory(
    source: Source, site: Site, base: Path, name: str
) -> None:
    media, plan = await prepare(source, site.url(name))
    disk = memory = 0
    async with source.open(media, plan) as arriving:
        child = psutil.Process(arriving.pid)
        async for _ in await only_file(arriving):
            disk = max(disk, await asyncio.to_thread(disk_use, base))
            with suppress(psutil.NoSuchProcess):
                memory = max(memory, child.memory_info().rss)
    assert disk == 0
    assert 20_000_000 < memory < 130_000_000


async def test_a_slow_reader_slows_the_source(source: Source, site: Site) -> None:
    media, plan = await prepare(source, site.url("big-40.mp4"))
    before = site.sent["big-40.mp4"]
    async with source.open(media, plan) as arriving:
        frames = aiter(await only_file(arriving))
        await anext(frames)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.7):
                await asyncio.Event().wait()
        assert arriving.received < 10_000_000
    assert before < site.original("big-40.mp4").stat().st_size
