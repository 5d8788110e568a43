"""Every kind of source, from its link to its bytes."""

import io
from hashlib import sha256
from pathlib import Path

import av
import pytest
import pytest_asyncio

from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.model import Kind, Method
from medusa.wishes import Shape, Wish
from tests.integration.media.conftest import IMPATIENT
from tests.integration.media.fetching import Fetched, fetch, fetch_all
from tests.site import Site
from tests.site.library import TAGS
from tests.site.pages import TITLE

PASSED = [
    *("mp4", "mp4-noranges", "mp4-nolength", "mp4-late-noranges"),
    *("page-video", "page-og", "page-cookie", "redirect"),
]
REMUXED = [
    *("mp4-late", "mp4-fragmented", "big-20-late.mp4", "webm-vp9", "big-5.ts"),
    *("hls-ts", "hls-fmp4", "hls-aes", "hls-ranges"),
]
MUXED = ["hls-split", "dash", "dash-files"]
MUSIC = {"mp3": "audio/mpeg", "m4a": "audio/mp4"}
DOCUMENTS = {"zip": "archive.zip", "pdf": "paper.pdf", "webm-vp8": "vp8.webm"}
TURNED = {"mp4-turned": Method.REMUX, "turned.mp4?ranges=0": Method.PASS}
SOUND = ["mp4", "hls-split", "webm-vp9"]


class Gallery:
    """What every source became, fetched once for all tests here."""

    def __init__(self, site: Site, base: Path, nursery: Nursery) -> None:
        self.site = site
        self._base = base
        self._nursery = nursery
        self._results: dict[str, Fetched | Exception] = {}

    async def fill(self) -> None:
        """Fetch them all."""
        names = [*PASSED, *REMUXED, *MUXED, *MUSIC, *DOCUMENTS, *TURNED, "watch"]
        links = {name: (self.site.url(name), Wish()) for name in names}
        links |= {f"sound of {name}": (self.site.url(name), Wish(audio_only=True)) for name in SOUND}
        links["low watch"] = (self.site.url("watch"), Wish(max_height=200))
        source = Source(self._base, self._nursery, allow=[self.site.allow], patience=IMPATIENT)
        self._results |= await fetch_all(source, links)

    def __getitem__(self, key: str) -> Fetched:
        result = self._results[key]
        if isinstance(result, Exception):
            raise result
        return result

    @property
    def left_behind(self) -> list[Path]:
        """What the jobs did not remove."""
        return list(self._base.iterdir())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gallery(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Gallery:
    async with Site() as site:
        found = Gallery(site, tmp_path_factory.mktemp("jobs"), nursery)
        await found.fill()
        return found


def check_picture(picture: bytes | None, *, upright: bool = False) -> None:
    """Whether Telegram would take it as a thumbnail."""
    assert picture is not None
    assert len(picture) <= 200_000
    with av.open(io.BytesIO(picture), "r", format="jpeg_pipe") as image:
        stream = image.streams.video[0]
        assert stream.codec_context.codec.canonical_name == "mjpeg"
        assert max(stream.width, stream.height) <= 320
        assert (stream.width < stream.height) is upright


@pytest.mark.parametrize("name", PASSED)
def test_a_file_is_passed_on_as_it_is(gallery: Gallery, name: str) -> None:
    got = gallery[name]
    assert got.plan.method is Method.PASS
    assert sha256(got.data).hexdigest() == gallery.site.sha256(name)
    assert (got.media.kind, got.plan.mime) == (Kind.VIDEO, "video/mp4")
    assert (got.summary.width, got.summary.height) == (320, 180)
    assert got.summary.duration == pytest.approx(10, abs=0.1)
    assert got.received == got.expected == len(got.data)
    check_picture(got.summary.thumbnail)


@pytest.mark.parametrize("name", REMUXED + MUXED)
def test_streams_become_one_seekable_file(gallery: Gallery, name: str) -> None:
    got = gallery[name]
    assert got.plan.method is (Method.MUX if name in MUXED else Method.REMUX)
    report = got.report()
    assert report.is_faststart
    assert report.boxes[:2] == ("ftyp", "moov")
    assert report.seeks
    assert report.errors == 0
    assert report.md5s == gallery.site.track_md5(name)
    assert set(report.md5s) == {"video", "audio"}
    assert got.summary.duration == pytest.approx(report.duration, abs=0.1)
    assert (got.summary.width, got.summary.height) == (report.width, report.height) == (320, 180)
    assert got.plan.kind is Kind.VIDEO
    assert got.expected is not None
    check_picture(got.summary.thumbnail)


@pytest.mark.parametrize(("name", "method"), TURNED.items())
def test_a_film_that_was_shot_upright(gallery: Gallery, name: str, method: Method) -> None:
    got = gallery[name]
    assert got.plan.method is method
    assert (got.summary.width, got.summary.height) == (180, 320)
    assert got.report().rotation == 90
    check_picture(got.summary.thumbnail, upright=True)


def test_a_watch_page_offers_its_heights(gallery: Gallery) -> None:
    got = gallery["watch"]
    assert got.media.title == TITLE
    assert got.media.source == "127.0.0.1"
    assert sorted(f.height or 0 for f in got.media.formats) == [90, 180, 360]
    assert got.plan.quality == "360p"
    assert got.report().md5s == gallery.site.track_md5("watch")
    low = gallery["low watch"]
    assert (low.plan.quality, low.summary.height) == ("180p", 180)
    check_picture(got.summary.thumbnail)
    assert gallery.site.requests["picture.jpg"] == 2  # the site's own picture, for both


@pytest.mark.parametrize("name", SOUND)
def test_sound_alone(gallery: Gallery, name: str) -> None:
    got = gallery[f"sound of {name}"]
    assert got.plan.kind is Kind.AUDIO
    assert got.report().md5s == {"audio": gallery.site.track_md5(name)["audio"]}
    assert (got.summary.width, got.summary.height) == (None, None)


@pytest.mark.parametrize(("name", "mime"), MUSIC.items())
def test_music_has_its_tags(gallery: Gallery, name: str, mime: str) -> None:
    got = gallery[name]
    assert (got.media.kind, got.plan.mime) == (Kind.AUDIO, mime)
    assert (got.media.title, got.media.performer) == (TAGS["title"], TAGS["artist"])
    assert (got.summary.title, got.summary.performer) == (TAGS["title"], TAGS["artist"])
    assert got.plan.file_name.startswith("The Örchestra - Café del Mar.")
    assert got.summary.duration == pytest.approx(10, abs=0.1)
    assert got.report().md5s == gallery.site.track_md5(name)


@pytest.mark.parametrize(("name", "file_name"), DOCUMENTS.items())
def test_what_telegram_cannot_play_keeps_its_name_and_bytes(
    gallery: Gallery, name: str, file_name: str
) -> None:
    got = gallery[name]
    assert (got.plan.kind, got.plan.method, got.plan.file_name) == (Kind.DOCUMENT, Method.PASS, file_name)
    assert sha256(got.data).hexdigest() == gallery.site.sha256(name)
    assert (got.summary.thumbnail is None) is (got.media.kind is Kind.DOCUMENT)


def test_files_that_are_no_media(gallery: Gallery) -> None:
    assert [gallery[name].media.kind for name in ("zip", "pdf")] == [Kind.DOCUMENT] * 2
    assert [gallery[name].plan.mime for name in ("zip", "pdf")] == ["application/zip", "application/pdf"]


def test_an_index_at_the_end_does_not_mean_fetching_twice(gallery: Gallery) -> None:
    size = gallery.site.original("big-20-late.mp4").stat().st_size
    # The looks of the probe, the index at the end, and what was on its way when a request was given up.
    assert gallery.site.sent["big-20-late.mp4"] < size * 1.6
    assert gallery["big-20-late.mp4"].received < size * 1.1


def test_nothing_is_left_behind(gallery: Gallery) -> None:
    assert gallery.left_behind == []
    assert gallery.site.internal_hits == 0


@pytest.mark.parametrize(("name", "method"), [("mp4", Method.PASS), ("hls-ts", Method.REMUX)])
async def test_a_plain_file_is_as_good_as_a_video(
    site: Site, source: Source, name: str, method: Method
) -> None:
    got = await fetch(source, site.url(name), None, Shape(as_document=True, name="Sea"))
    assert (got.plan.kind, got.plan.method, got.plan.file_name) == (Kind.DOCUMENT, method, "Sea.mp4")
    assert got.report().is_faststart
    assert got.report().md5s == site.track_md5(name)
    assert got.summary.thumbnail
    assert got.summary.duration == pytest.approx(10, abs=0.1)
