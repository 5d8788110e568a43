"""Streams that are larger than a file may be: each piece plays, and together they are the source."""

import asyncio
import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import av
import pytest
import pytest_asyncio

from medusa.errors import Uncuttable
from medusa.media.choose import choose
from medusa.media.nursery import Nursery
from medusa.media.pieces import are_playable, piece_of
from medusa.media.source import Source
from medusa.model import Kind, Method
from medusa.wishes import Wish
from tests.integration.media.conftest import IMPATIENT
from tests.integration.media.fetching import AT_ONCE, Cut, fetch_cut, probe, stream_cut
from tests.site import Site
from tests.site.inspect import Coded, inspect, packets

LIMIT = 3_000_000


class Case(NamedTuple):
    """A link whose stream is cut into pieces that play."""

    path: str
    originals: tuple[str, ...]
    """The files that have its tracks."""
    limit: int = LIMIT
    sound_only: bool = False


FILMS = {
    "a progressive MP4": Case("film-10.mp4", ("film-10.mp4",)),
    "an MP4 with its index at the end": Case("film-10-late.mp4", ("film-10-late.mp4",)),
    "an MP4 without ranges": Case("film-10.mp4?ranges=0", ("film-10.mp4",)),
    "an MP4 without ranges or length": Case("film-10.mp4?ranges=0&length=none", ("film-10.mp4",)),
    "MPEG-TS": Case("film-10.ts", ("film-10.ts",)),
    "Matroska": Case("film-10.mkv", ("film-10.mkv",)),
    "HLS": Case("hls-film/index.m3u8", ("film-10.mp4",)),
    "DASH, picture and sound apart": Case(
        "dash-film/index.mpd", ("dash-film/video.mp4", "dash-film/audio.mp4")
    ),
    "WebM that MP4 does not hold": Case("long.webm", ("long.webm",), limit=600_000),
}
MUSIC = {
    "M4A": Case("long.m4a", ("long.m4a",), limit=1_000_000),
    "MP3": Case("song.mp3", ("song.mp3",), limit=60_000),
    "Ogg": Case("song.ogg", ("song.ogg",), limit=60_000),
    "FLAC": Case("song.flac", ("song.flac",), limit=120_000),
    "the sound of a film": Case("hls-film/index.m3u8", ("film-10.mp4",), limit=150_000, sound_only=True),
}
CASES = FILMS | MUSIC


class Gallery:
    """What every case became, fetched once for all tests here."""

    def __init__(self, site: Site, cuts: dict[str, Cut], left_behind: list[Path]) -> None:
        self.site = site
        self.cuts = cuts
        self.left_behind = left_behind

    def source(self, name: str) -> dict[str, list[Coded]]:
        """The packets of the original."""
        found: dict[str, list[Coded]] = {}
        for original in CASES[name].originals:
            found |= packets(self.site.library.file(original))
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

        async def fetch(case: Case) -> Cut:
            async with limit:
                url = f"{site.base}/{case.path}"
                return await fetch_cut(source, url, case.limit, Wish(audio_only=case.sound_only))

        cuts = await asyncio.gather(*map(fetch, CASES.values()))
        return Gallery(site, dict(zip(CASES, cuts, strict=True)), list(base.iterdir()))


@pytest.mark.parametrize("name", CASES)
def test_each_piece_plays_by_itself(gallery: Gallery, name: str) -> None:
    cut = gallery.cuts[name]
    assert len(cut.files) > 1
    assert are_playable(cut.plan)
    for data, summary in zip(cut.files, cut.summaries, strict=True):
        assert len(data) <= CASES[name].limit
        report = inspect(data)
        assert report.errors == 0
        assert report.is_faststart or not cut.plan.file_name.endswith(("mp4", "m4a"))
        assert summary.size == len(data)
        if name in FILMS:
            assert (summary.width, summary.height) == (report.width, report.height)
            assert summary.thumbnail


@pytest.mark.parametrize("name", CASES)
def test_together_they_hold_every_packet_once(gallery: Gallery, name: str) -> None:
    pieces = [packets(data) for data in gallery.cuts[name].files]
    for kind, coded in gallery.source(name).items():
        joined = [packet.md5 for piece in pieces for packet in piece[kind]]
        assert joined == [packet.md5 for packet in coded]


@pytest.mark.parametrize("name", FILMS)
def test_each_begins_with_a_key_frame_at_its_start(gallery: Gallery, name: str) -> None:
    for data in gallery.cuts[name].files:
        first = packets(data)["video"][0]
        assert first.is_key
        assert first.start == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("name", CASES)
def test_picture_and_sound_stay_together(gallery: Gallery, name: str) -> None:
    """Within a piece, all packets of all tracks are as far apart as they were in the source."""
    source = {kind: iter(coded) for kind, coded in gallery.source(name).items()}
    for data in gallery.cuts[name].files:
        shifts = [shift for kind, coded in packets(data).items() for shift in _shifts(coded, source[kind])]
        assert max(shifts) - min(shifts) < 0.003


def _shifts(piece: list[Coded], source: Iterator[Coded]) -> list[float]:
    return [
        was.start - now.start for now, was in zip(piece, itertools.islice(source, len(piece)), strict=True)
    ]


@pytest.mark.parametrize("name", CASES)
def test_a_cut_separates_what_is_shown_and_heard_before_it_from_the_rest(gallery: Gallery, name: str) -> None:
    for data in gallery.cuts[name].files[1:]:
        for kind, coded in packets(data).items():
            first = min(packet.start for packet in coded)
            assert -0.003 < first < 0.25, kind


@pytest.mark.parametrize("name", CASES)
def test_their_durations_add_up(gallery: Gallery, name: str) -> None:
    cut = gallery.cuts[name]
    coded = gallery.source(name)
    whole = max(track[-1].start for track in coded.values()) - min(track[0].start for track in coded.values())
    total = sum(summary.duration or 0 for summary in cut.summaries)
    # A piece ends with the sound that was heard last, and the source has pauses.
    assert total == pytest.approx(whole, abs=0.3 * len(cut.files))
    for data, summary in zip(cut.files, cut.summaries, strict=True):
        with av.open(io.BytesIO(data), "r") as container:
            assert container.duration is not None
            assert container.duration / av.time_base == pytest.approx(summary.duration or 0, abs=0.1)


@pytest.mark.parametrize("name", FILMS)
def test_hardly_any_room_is_left_unused(gallery: Gallery, name: str) -> None:
    """But for the next two groups of pictures, or a sixteenth."""
    cut, limit = gallery.cuts[name], CASES[name].limit
    assert all(len(data) > limit * 0.6 for data in cut.files[:-1])


def test_nothing_is_left_behind(gallery: Gallery) -> None:
    assert gallery.left_behind == []


# --- by bytes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [100_000, 768_406 // 2, 768_406 - 1, 768_406, 768_407])
async def test_a_file_that_is_no_media_is_cut_by_bytes(source: Source, site: Site, limit: int) -> None:
    original = site.original("zip").read_bytes()
    cut = await fetch_cut(source, site.url("zip"), limit)
    assert cut.plan.method is Method.PASS
    assert b"".join(cut.files) == original
    assert [len(data) for data in cut.files[:-1]] == [limit] * (len(cut.files) - 1)
    assert 0 < len(cut.files[-1]) <= limit
    assert len(cut.files) == -(-len(original) // limit)


async def test_a_film_that_cannot_be_rewritten_is_cut_by_bytes(source: Source, site: Site) -> None:
    url = site.url("film-10-late.mp4", ranges=0)
    cut = await fetch_cut(source, url, LIMIT)
    assert b"".join(cut.files) == site.library.file("film-10-late.mp4").read_bytes()
    assert not are_playable(cut.plan)
    assert piece_of(cut.plan, 2).kind is Kind.DOCUMENT
    assert [(s.duration, s.width) for s in cut.summaries] == [(None, None)] * len(cut.files)


async def test_a_small_file_of_unknown_size_is_passed_on(source: Source, site: Site) -> None:
    cut = await fetch_cut(source, site.url("mp4-nolength"), 2_000_000_000)
    assert cut.files == [site.original("mp4-nolength").read_bytes()]
    assert cut.summaries[0].width == 320


# --- the edge ---------------------------------------------------------------------------------------


async def test_what_fits_is_not_cut(source: Source, site: Site) -> None:
    """The source's size tells that the rest fits, though a group as large as those before might not."""
    media = await probe(source, site.url("film-10-late.mp4"))
    plan = choose(media, Wish(), max_size=2**40)
    assert plan.size is not None
    cut = await stream_cut(source, media, plan.evolve(max_size=plan.size + plan.head_window + 20_000))
    assert len(cut.files) == 1


async def test_a_group_of_pictures_that_does_not_fit(source: Source, site: Site, base: Path) -> None:
    with pytest.raises(Uncuttable):
        await fetch_cut(source, site.url("hls-film/index.m3u8"), 300_000)
    assert list(base.iterdir()) == []


async def test_where_the_index_runs_out_the_next_file_begins(source: Source, site: Site) -> None:
    """In a stream that has to be cut anyway: no retry for want of room. Half of it has 70 kB of index."""
    original = await asyncio.to_thread(site.library.file, "long.mp4")
    media = await probe(source, site.url("long.mp4"))
    plan = choose(media, Wish(), max_size=LIMIT)
    cut = await stream_cut(source, media, plan.evolve(head_window=40_000))
    assert len(cut.files) == 5
    assert all(inspect(data).is_faststart for data in cut.files)
    for kind, coded in packets(original).items():
        joined = [packet.md5 for data in cut.files for packet in packets(data)[kind]]
        assert joined == [packet.md5 for packet in coded]
