"""One child waits for the next probe; it is used, replaced, and never left behind."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
import pytest

from medusa.media.engine import Engine
from medusa.media.source import Source
from tests.integration.media.fetching import is_gone, probe
from tests.site import Site


@pytest.fixture(autouse=True)
def others() -> Iterator[None]:
    """What this process has started before, like the database that tests share, is no child of a test."""
    OTHERS.update(psutil.Process().children())
    yield
    OTHERS.clear()


OTHERS = set[psutil.Process]()


async def children() -> list[psutil.Process]:
    return [child for child in await asyncio.to_thread(psutil.Process().children) if child not in OTHERS]


@asynccontextmanager
async def one_child() -> AsyncIterator[psutil.Process]:
    """The spare, as soon as it has been started."""
    while len(found := await children()) != 1:
        await asyncio.sleep(0.01)
    yield found[0]


async def test_the_spare_does_the_probe_and_another_takes_its_place(
    source: Source, site: Site, base: Path
) -> None:
    async with source:
        async with one_child() as spare:
            media = await probe(source, site.url("big-1.mp4"))
        assert media.formats
        assert await is_gone(spare.pid)
        async with one_child() as successor:
            assert successor.pid != spare.pid
    assert await children() == []
    assert list(base.iterdir()) == []


async def test_two_probes_at_once_need_no_second_spare(source: Source, site: Site) -> None:
    async with source, one_child():
        first, second = await asyncio.gather(*(source.probe(site.url("big-1.mp4")) for _ in range(2)))
        assert first.title == second.title
    assert await children() == []


async def test_a_spare_that_has_died_is_no_loss(source: Source, site: Site, base: Path) -> None:
    async with source:
        async with one_child() as spare:
            spare.kill()
            while psutil.pid_exists(spare.pid):  # to wait for it would take its end away from asyncio
                await asyncio.sleep(0.01)
        assert (await probe(source, site.url("big-1.mp4"))).formats
    assert await children() == []
    assert list(base.iterdir()) == []


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.1, 0.3])
async def test_whoever_gives_up_leaves_nothing(
    source: Source, site: Site, base: Path, seconds: float
) -> None:
    async with source:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await source.probe(site.url("big-1.mp4"))
    assert await children() == []
    assert not base.exists() or list(base.iterdir()) == []


async def commands() -> list[str]:
    """Which yt-dlp each child runs."""
    found = list[str]()
    for child in await children():
        with suppress(psutil.NoSuchProcess, IndexError):
            found.append((await asyncio.to_thread(child.cmdline))[-2])
    return found


async def test_the_spare_is_replaced_when_another_yt_dlp_is_used(
    base: Path, site: Site, tmp_path: Path
) -> None:
    engine = Engine()
    async with Source(base, allow=[site.allow], engine=engine) as source:
        async with one_child():
            assert await commands() == [""]
        engine.use("2026.11.20", str(tmp_path))
        while await commands() != [str(tmp_path)]:
            await asyncio.sleep(0.01)
        assert (await probe(source, site.url("big-1.mp4"))).formats
    assert await children() == []
    assert list(base.iterdir()) == []


async def test_a_spare_that_was_just_started_is_not_taken_for_another_yt_dlp(
    base: Path, site: Site, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    engine = Engine()
    async with Source(base, allow=[site.allow], engine=engine) as source:
        engine.use("2026.11.20", str(tmp_path / "new"))
        assert (await probe(source, site.url("big-1.mp4"))).formats
        while await commands() != [str(tmp_path / "new")]:
            await asyncio.sleep(0.01)
    assert await children() == []
