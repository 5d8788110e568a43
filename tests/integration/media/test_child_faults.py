"""A media child that breaks down costs its own job only, and the person is told what happened.

What runs in it is a plugin of SOURCES_DIR, in real children of a real mother.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest

from medusa.errors import MediaChildDied, MedusaError, MemoryShort
from medusa.media import ends
from medusa.media import job as job_module
from medusa.media import source as source_module
from medusa.media.choose import choose
from medusa.media.group import Group
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.model import Media
from medusa.wishes import Wish
from tests.integration.media.conftest import IMPATIENT
from tests.integration.media.fetching import LARGEST, members, only_file, probe
from tests.site import Site
from tests.site.extractors import install_faulty

CRASHED = "The download process crashed on this media."
UNEXPECTED = "The download process ended unexpectedly."
FAULTS: dict[str, tuple[type[MedusaError], str]] = {
    "segv": (MediaChildDied, CRASHED),
    "abort": (MediaChildDied, CRASHED),
    "killed": (MediaChildDied, "The download process was killed; the machine may be short of memory."),
    "leak": (MemoryShort, "This media needs more memory than a download may have."),
    "garble": (MediaChildDied, ends.GARBLED),
    "close": (MediaChildDied, UNEXPECTED),
    "leave": (MediaChildDied, UNEXPECTED),
    "raise": (MediaChildDied, UNEXPECTED),
    "recurse": (MediaChildDied, UNEXPECTED),
}
HARMLESS = ("print", "threads", "escape")
"""What a child may do without failing its job. What has left its process group ends with it all the same."""
STUCK_SECONDS = 1.5


@pytest.fixture
async def own() -> AsyncIterator[Nursery]:
    """A nursery whose mother nobody else may have ended."""
    async with aclosing(Nursery()) as nursery:
        yield nursery


@pytest.fixture
def faulty(base: Path, site: Site, own: Nursery, tmp_path: Path) -> Source:
    """A source with the faulty plugin."""
    plugins = install_faulty(tmp_path / "plugins")
    return Source(base, own, allow=[site.allow], plugins=plugins, patience=IMPATIENT)


async def mother_pid(base: Path, nursery: Nursery) -> int:
    async with Group(base, nursery) as child:
        return psutil.Process(child.pid).ppid()


async def outcome(source: Source, url: str) -> object:
    """A title, or the error."""
    try:
        found = await source.probe(url)
    except MedusaError as error:
        return error
    assert isinstance(found, Media)
    return found.title


async def test_each_fails_its_own_job_while_others_go_on(
    faulty: Source, site: Site, base: Path, own: Nursery
) -> None:
    mother = await mother_pid(base, own)
    media = await probe(faulty, site.url("big-5.mp4", rate=2_000_000))
    plan = choose(media, Wish(), max_size=LARGEST)
    async with faulty.open(media, plan) as arriving:
        # Under way all the time that the others break down.
        frames = aiter(await only_file(arriving))
        await anext(frames)
        names = [*FAULTS, *HARMLESS]
        ended = await asyncio.gather(*(outcome(faulty, f"{site.base}/faulty/{name}") for name in names))
        size = 0
        async for frame in frames:
            size = frame.offset + len(frame.data)
    assert size == site.original("big-5.mp4").stat().st_size
    outcomes = dict(zip(names, ended, strict=True))
    assert {name: outcomes.pop(name) for name in HARMLESS} == dict.fromkeys(HARMLESS, "Faulty")
    told = {name: (type(error), str(error)) for name, error in outcomes.items()}
    assert told == FAULTS
    assert await mother_pid(base, own) == mother
    assert list(base.iterdir()) == []
    assert psutil.Process(mother).children() == []


@pytest.mark.parametrize("name", ["spin", "hang", "fork"])
async def test_what_does_not_end_is_ended(
    faulty: Source, site: Site, base: Path, own: Nursery, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mother = await mother_pid(base, own)
    monkeypatch.setattr(source_module, "PROBE_TIME", STUCK_SECONDS)
    with pytest.raises(MediaChildDied) as caught:
        await faulty.probe(f"{site.base}/faulty/{name}")
    assert name == "fork" or caught.value.sentence == ends.STUCK
    assert psutil.Process(mother).children() == []
    assert list(base.iterdir()) == []


async def test_a_child_that_stops_in_the_middle_is_noticed(
    source: Source, site: Site, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_module, "STUCK_SECONDS", 0.5)
    media = await probe(source, site.url("big-5.mp4", rate=2_000_000))
    async with source.open(media, choose(media, Wish(), max_size=LARGEST)) as arriving:
        frames = aiter(await only_file(arriving))
        await anext(frames)
        psutil.Process(arriving.pid).suspend()
        with pytest.raises(MediaChildDied) as caught:
            async for _ in frames:
                pass
    assert caught.value.sentence == ends.STUCK
    assert members(arriving.pid) == []
    assert list(base.iterdir()) == []
