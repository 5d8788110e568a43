"""A part of a recording: exactly its packets arrive, and from the source little more than those."""

import asyncio
from typing import NamedTuple

import pytest
import pytest_asyncio

from medusa.errors import MedusaError, WrongArgument
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.model import Kind
from medusa.wishes import Section, Shape, Wish
from tests.integration.media.conftest import IMPATIENT
from tests.integration.media.fetching import AT_ONCE, Fetched, fetch
from tests.site import Site
from tests.site.inspect import Coded, inspect, packets

PACKET = 0.03
"""Seconds."""
REORDER = 0.15
"""Seconds that the last pictures may be shown behind the end, since others of the part follow them."""


class Case(NamedTuple):
    """A link of which a part is wanted."""

    path: str
    originals: tuple[str, ...]
    """The files that have its tracks."""
    start: float
    end: float | None = None
    sound_only: bool = False

    @property
    def vague(self) -> float:
        """Seconds by which a playlist is off, which is all that is known of skipped fragments."""
        return 0.1 if self.path.startswith("hls") else 0.0


FILMS = {
    "a progressive MP4": Case("long.mp4", ("long.mp4",), 200.3, 205),
    "an MP4 with its index at the end": Case("film-10-late.mp4", ("film-10-late.mp4",), 4.5, 7),
    "an MP4 without ranges": Case("video.mp4?ranges=0&length=none", ("video.mp4",), 4.5, 7),
    "a fragmented MP4": Case("fragmented.mp4", ("fragmented.mp4",), 4.5, 7),
    "MPEG-TS with far key frames": Case("big-10.ts", ("big-10.ts",), 2.1, 3),
    "Matroska": Case("film-10.mkv", ("film-10.mkv",), 4.5, None),
    "WebM that MP4 does not hold": Case("long.webm", ("long.webm",), 44.5, 47),
    "HLS": Case("hls-ts/index.m3u8", ("late.mp4",), 4.5, 5.5),
    "HLS in fragments of MP4": Case("hls-fmp4/index.m3u8", ("late.mp4",), 4.5, 7),
    "HLS, picture and sound apart": Case("hls-split/index.m3u8", ("late.mp4",), 4.5, 7),
    "HLS of one segment": Case("hls-one/index.m3u8", ("big-40.mp4",), 4.5, 5),
    "DASH": Case("dash/index.mpd", ("late.mp4",), 4.5, 7),
    "DASH, a file each": Case(
        "dash-files/index.mpd", ("dash-files/video.mp4", "dash-files/audio.mp4"), 8.5, 9
    ),
}
MUSIC = {
    "MP3": Case("song.mp3", ("song.mp3",), 3.3, 6),
    "M4A": Case("long.m4a", ("long.m4a",), 100, 110.5),
    "Ogg": Case("song.ogg", ("song.ogg",), 3.3, 6),
    "FLAC": Case("song.flac", ("song.flac",), 3.3, None),
    "the sound of HLS": Case("hls-ts/index.m3u8", ("late.mp4",), 4.5, 7, sound_only=True),
}
CASES = FILMS | MUSIC


class Gallery:
    """What every case became, fetched once for all tests here."""

    def __init__(self, site: Site, files: dict[str, Fetched]) -> None:
        self.site = site
        self.files = files

    def source(self, name: str) -> dict[str, list[Coded]]:
        """The packets of the original, from nought."""
        found: dict[str, list[Coded]] = {}
        for original in CASES[name].originals:
            found |= packets(self.site.library.file(original))
        if CASES[name].path.endswith((".ts", ".mp3")):
            first = min(track[0].start for track in found.values())
            found = {kind: [one._replace(start=one.start - first) for one in found[kind]] for kind in found}
        return {"audio": found["audio"]} if CASES[name].sound_only else found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gallery(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Gallery:
    base = tmp_path_factory.mktemp("jobs")
    limit = asyncio.Semaphore(AT_ONCE)
    async with Site() as site:
        source = Source(base, nursery, allow=[site.allow], patience=IMPATIENT)
        for case in CASES.values():
            for path in (case.path.partition("?")[0], *case.originals):
                await asyncio.to_thread(site.library.file, path)

        async def fetch_one(case: Case) -> Fetched:
            async with limit:
                shape = Shape(section=Section(start=case.start, end=case.end))
                return await fetch(
                    source, f"{site.base}/{case.path}", Wish(audio_only=case.sound_only), shape
                )

        files = await asyncio.gather(*map(fetch_one, CASES.values()))
        assert list(base.iterdir()) == []
        assert site.internal_hits == 0
        return Gallery(site, dict(zip(CASES, files, strict=True)))


def begin_of(case: Case, source: dict[str, list[Coded]]) -> float:
    """Where the part begins: at the key frame before, of sound alone at the packet."""
    lead = source.get("video", source["audio"])
    return max(one.start for one in lead if one.is_key and one.start <= case.start + 1e-6)


@pytest.mark.parametrize("name", CASES)
def test_exactly_its_packets_arrive(gallery: Gallery, name: str) -> None:
    """Those of the source, all in a row, from the key frame to the end."""
    case, source, got = CASES[name], gallery.source(name), packets(gallery.files[name].data)
    begin = begin_of(case, source)
    ends = max(track[-1].start for track in source.values())
    assert got.keys() == source.keys()
    for kind, track in source.items():
        arrived = [one.md5 for one in got[kind]]
        run = track[index_of(arrived, track, begin) :][: len(arrived)]
        assert arrived == [one.md5 for one in run]
        assert run[0].start == pytest.approx(begin, abs=PACKET + case.vague)
        assert run[0].is_key
        last = max(one.start for one in run)
        late = REORDER if kind == "video" else 0.0
        assert last == pytest.approx(min(case.end or 10**6, ends), abs=2 * PACKET + case.vague + late)


def index_of(run: list[str], track: list[Coded], time: float) -> int:
    """Where in a track these packets are; of several places the one nearest to a time."""
    whole = [one.md5 for one in track]
    found = [at for at, md5 in enumerate(whole) if md5 == run[0] and whole[at : at + len(run)] == run]
    assert found, "not in a row"
    return min(found, key=lambda at: abs(track[at].start - time))


@pytest.mark.parametrize("name", CASES)
def test_it_begins_at_nought_and_is_as_long_as_it_is(gallery: Gallery, name: str) -> None:
    case, source, fetched = CASES[name], gallery.source(name), gallery.files[name]
    got = packets(fetched.data)
    ends = max(track[-1].start for track in source.values())
    length = min(case.end or 10**6, ends) - begin_of(case, source)
    assert min(track[0].start for track in got.values()) == pytest.approx(0, abs=2 * PACKET)
    report = inspect(fetched.data)
    assert report.errors == 0
    assert report.duration == pytest.approx(length, abs=REORDER + 2 * PACKET + case.vague)
    assert fetched.summary.duration == pytest.approx(length, abs=REORDER + 2 * PACKET + case.vague)
    assert fetched.summary.size == len(fetched.data)
    assert fetched.plan.kind is (Kind.AUDIO if case.sound_only or "video" not in got else fetched.plan.kind)


@pytest.mark.parametrize("name", FILMS)
def test_picture_and_sound_stay_together(gallery: Gallery, name: str) -> None:
    """Each packet is as far from the first picture as it is in the source."""
    source, got = gallery.source(name), packets(gallery.files[name].data)
    times = {one.md5: one.start for one in source["audio"]}
    first = got["video"][0]
    begin = next(one.start for one in source["video"] if one.is_key and one.md5 == first.md5)
    drifts = [one.start - first.start - times[one.md5] + begin for one in got["audio"]]
    if len(times) == len(source["audio"]):  # else the same comes again and again
        assert drifts == pytest.approx([0.0] * len(drifts), abs=0.02 if "apart" not in name else 0.06)


@pytest.mark.parametrize("name", FILMS)
def test_its_picture_is_one_of_its_own(gallery: Gallery, name: str) -> None:
    assert gallery.files[name].summary.thumbnail


@pytest.mark.parametrize(
    ("path", "start", "share"),
    [("big-40.mp4", 8.0, 0.5), ("big-40-late.mp4", 8.0, 0.5), ("hls-big/index.m3u8", 8.0, 0.75)],
)
async def test_no_more_is_fetched_than_is_needed(
    site: Site, source: Source, path: str, start: float, share: float
) -> None:
    await asyncio.to_thread(site.library.file, path)
    whole = (await asyncio.to_thread(site.library.file, "big-40.mp4")).stat().st_size
    got = await fetch(source, site.url(path), None, Shape(section=Section(start=start, end=start + 1)))
    assert 0 < len(got.data) < whole * share
    assert sum(site.sent.values()) < whole * share


@pytest.mark.parametrize(
    "path", ["video.mp4", "film-10.ts?ranges=0&length=none", "song.mp3?ranges=0&length=none"]
)
async def test_a_part_behind_the_end(site: Site, source: Source, path: str) -> None:
    """Of a source that does not say how long it is, as well."""
    with pytest.raises(WrongArgument):
        await fetch(source, f"{site.base}/{path}", None, Shape(section=Section(start=50)))


async def test_what_is_missing_outside_the_part_does_not_matter(site: Site, source: Source) -> None:
    await asyncio.to_thread(site.library.file, "hls-ts/index.m3u8")
    url = site.url("hls-ts", missing=4)
    with pytest.raises(MedusaError):
        await fetch(source, url)
    got = await fetch(source, url, None, Shape(section=Section(start=0.5, end=1.5)))
    assert got.summary.duration == pytest.approx(1.5, abs=REORDER + PACKET)
