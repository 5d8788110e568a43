"""Files on a web server, read in process: ranges, pieces and jumps."""

import asyncio
import collections
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import yt_dlp
from yt_dlp.networking.exceptions import HTTPError

from medusa.errors import SourceChanged, SourceIncomplete
from medusa.media.child.origin import Origin, Place
from medusa.media.child.ranged import BudgetSpent, RangedFile
from medusa.media.order import Patience
from tests.site import Site

PATIENCE = Patience(silence=1.0, retries=2, pause=0.0)
NAME = "archive.zip"


@contextmanager
def opened(url: str, *, start: int = 0, end: int | None = None, piece: int | None = None) -> Iterator[Origin]:
    with yt_dlp.YoutubeDL({"quiet": True}, auto_init=False) as ydl:
        yield Origin(ydl, Place(url, {}, start=start, end=end), PATIENCE, piece=piece)


async def read(url: str, position: int = 0, **options: int) -> bytes:
    def work() -> bytes:
        with opened(url, **options) as origin:
            return b"".join(origin.read(position))

    return await asyncio.to_thread(work)


async def test_whole_and_from_the_middle(site: Site) -> None:
    data = site.original(NAME).read_bytes()
    assert await read(site.url(NAME)) == data
    assert await read(site.url(NAME), 1000) == data[1000:]


async def test_a_range_of_a_file(site: Site) -> None:
    data = site.original(NAME).read_bytes()
    assert await read(site.url(NAME), start=500, end=90_000) == data[500:90_000]
    assert await read(site.url(NAME), 50, start=500, end=90_000) == data[550:90_000]
    assert await read(site.url(NAME, cut=20_000), start=500, end=90_000) == data[500:90_000]


@pytest.mark.parametrize("piece", [50_000, 768_406, 10_000_000])
async def test_in_pieces(site: Site, piece: int) -> None:
    data = site.original(NAME).read_bytes()
    assert await read(site.url(NAME), piece=piece) == data
    assert site.requests[NAME] == -(-len(data) // piece)


async def test_pieces_of_a_server_that_knows_no_ranges(site: Site) -> None:
    assert await read(site.url(NAME, ranges=0), piece=50_000) == site.original(NAME).read_bytes()


@pytest.mark.parametrize(
    ("faults", "options", "error"),
    [
        ({"ranges": 0}, {"start": 500, "end": 90_000}, SourceIncomplete),
        ({"ranges": 0, "cut": 100_000}, {}, SourceIncomplete),
        ({"change": 40_000}, {"piece": 50_000}, SourceChanged),
        ({"status": 404}, {}, HTTPError),
    ],
)
async def test_never_other_bytes(
    site: Site, faults: dict[str, object], options: dict[str, int], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await read(site.url(NAME, **faults), **options)


async def with_file(url: str, work: Callable[[RangedFile], None], budget: int | None = None) -> None:
    def run() -> None:
        with opened(url, piece=100_000) as origin:
            file = RangedFile(origin, budget=budget)
            try:
                work(file)
            finally:
                file.close()

    await asyncio.to_thread(run)


async def test_jumps(site: Site) -> None:
    data = site.original(NAME).read_bytes()

    def work(file: RangedFile) -> None:
        assert file.seekable()
        for offset, whence in ((0, 0), (700_000, 0), (10, 0), (-100, 2), (5, 0), (300_000, 0), (50, 1)):
            position = file.seek(offset, whence)
            assert position == file.tell()
            assert file.read(64) == data[position : position + 64]
        file.seek(0, 2)
        assert file.read(10) == b""

    await with_file(site.url(NAME), work)


async def test_a_budget_is_kept(site: Site) -> None:
    def work(file: RangedFile) -> None:
        file.seek(400_000)
        with pytest.raises(BudgetSpent):
            collections.deque(iter(lambda: file.read(50_000), b""), maxlen=0)
        assert file.received <= 250_000

    await with_file(site.url(NAME), work, budget=200_000)
