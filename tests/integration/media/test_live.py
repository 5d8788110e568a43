"""Broadcasts: recorded from now on, while they happen, into files that play; no ffmpeg is there."""

import asyncio

import pytest

from medusa.media.choose import choose, question
from medusa.media.source import Source
from medusa.media.stream import MediaStream
from medusa.model import Media, Plan
from medusa.wishes import Recording, Wish
from tests.integration.media.fetching import LARGEST, collect, probe
from tests.site import Site
from tests.site.broadcast import WINDOW
from tests.site.inspect import inspect, packets

BEHIND = 3
SEGMENT = 2.0


async def planned(
    source: Source, site: Site, seconds: float | None, *, max_size: int = LARGEST
) -> tuple[Media, Plan]:
    media = await probe(source, site.url("live"))
    assert media.is_live
    assert [choice.label for choice in question(media, None)][-1] == "Until I stop"
    return media, choose(media, Wish(recording=Recording(seconds=seconds)), max_size=max_size)


async def record(stream: MediaStream, plan: Plan) -> list[bytes]:
    return [await collect(file, plan.head_window) async for file in stream.files()]


def check(site: Site, data: bytes, segments: int, *, first: int) -> None:
    """The file has these segments of the broadcast and nothing else, and plays."""
    report = inspect(data)
    assert report.is_faststart
    assert report.errors == 0
    assert report.seeks
    assert report.duration == pytest.approx(segments * SEGMENT, rel=0.05)  # a pause every ten seconds
    aired = [coded.md5 for coded in packets(site.library.file("long.mp4"))["video"]]
    assert [coded.md5 for coded in packets(data)["video"]] == aired[first * 50 : (first + segments) * 50]


async def test_until_it_ends(site: Site, source: Source) -> None:
    media, plan = await planned(source, site, None)
    site.broadcast.steps = True
    async with asyncio.timeout(30), source.open(media, plan) as stream:
        recording = asyncio.create_task(record(stream, plan))
        while site.broadcast.aired < 12:
            await asyncio.sleep(0.02)
        site.broadcast.is_over = True
        (data,) = await recording
    first = int(site.broadcast.asked[1]) + 1 - BEHIND
    check(site, data, site.broadcast.aired - first, first=first)


@pytest.mark.slow  # test_live of the acceptance tests does the same
async def test_until_somebody_stops_it(site: Site, source: Source) -> None:
    media, plan = await planned(source, site, None)
    async with asyncio.timeout(30), source.open(media, plan) as stream:
        recording = asyncio.create_task(record(stream, plan))
        while not stream.received:
            await asyncio.sleep(0.02)
        stream.finish()
        (data,) = await recording
    assert inspect(data).seeks


@pytest.mark.parametrize("channel", ["aes", "fmp4", "split"])
async def test_every_kind_of_hls(site: Site, source: Source, channel: str) -> None:
    media = await probe(source, site.url(f"live/{channel}.m3u8"))
    assert media.is_live
    plan = choose(media, Wish(recording=Recording()), max_size=LARGEST)
    site.broadcast.aired, site.broadcast.is_over = 5, True
    async with asyncio.timeout(30), source.open(media, plan) as stream:
        (data,) = await record(stream, plan)
    report = inspect(data)
    assert (report.is_faststart, report.errors, report.seeks) == (True, 0, True)
    assert {track.kind for track in report.tracks} == {"video", "audio"}
    assert report.duration == pytest.approx(BEHIND * SEGMENT, rel=0.05)
    original = [coded.md5 for coded in packets(site.library.file("late.mp4"))["video"]]
    assert [coded.md5 for coded in packets(data)["video"]] == original[100:]


async def test_for_a_while(site: Site, source: Source) -> None:
    media, plan = await planned(source, site, 10.0)
    site.broadcast.steps = True
    async with asyncio.timeout(30), source.open(media, plan) as stream:
        (data,) = await record(stream, plan)
    assert inspect(data).duration == pytest.approx(10.0, rel=0.05)


async def test_what_is_larger_than_a_file_comes_in_pieces_that_play(site: Site, source: Source) -> None:
    media, plan = await planned(source, site, 60.0, max_size=6_000_000)
    assert plan.size is None or plan.size > 0
    site.broadcast.steps = True
    async with (
        asyncio.timeout(60),
        source.open(media, plan.evolve(head_window=200_000, max_size=900_000)) as stream,
    ):
        pieces = await record(stream, plan.evolve(head_window=200_000))
    assert len(pieces) > 1
    assert all(inspect(piece).errors == 0 and inspect(piece).is_faststart for piece in pieces)
    assert sum(inspect(piece).duration or 0 for piece in pieces) == pytest.approx(60.0, rel=0.05)
    assert site.broadcast.aired > WINDOW
