"""Sound in the form that somebody wants, encoded while it arrives: the same sound, and with tags."""

import asyncio
import io
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
import pytest_asyncio

from medusa.errors import MediaUnreadable
from medusa.media.child import describe
from medusa.media.child.tags import Tags
from medusa.media.containers import Container
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.model import Kind, Method
from medusa.wishes import AudioFormat, Section, Shape, Wish
from tests.integration.media.conftest import IMPATIENT
from tests.integration.media.fetching import AT_ONCE, Cut, Fetched, fetch, fetch_cut
from tests.integration.media.remuxing import encode
from tests.site import Site
from tests.site.inspect import inspect, packets
from tests.site.library import TAGS, Library

SOUND = Wish(audio_only=True)
TONE = 440
"""Hertz, of everything that the site plays."""


class Case(NamedTuple):
    """A link whose sound is wanted in a form."""

    source: str
    form: AudioFormat
    codec: str
    title: str
    has_cover: bool = False
    section: Section | None = None
    duration: float = 10.0


PAGE = "A walk <by> the sea & back"
CASES = {
    "a film's as MP3": Case("watch", AudioFormat.MP3, "mp3", PAGE, has_cover=True),
    "a film's as M4A": Case("vp9.webm", AudioFormat.M4A, "aac", "vp9", duration=3.7),
    "a page's as Opus": Case("watch", AudioFormat.OPUS, "opus", PAGE, has_cover=True),
    "a page's as it is": Case("watch", AudioFormat.M4A, "aac", PAGE, has_cover=True),
    "of a broadcast": Case("hls-ts", AudioFormat.MP3, "mp3", "index"),
    "of mono": Case("mono.flac", AudioFormat.MP3, "mp3", "mono"),
    "a part as it is": Case(
        "song.mp3", AudioFormat.MP3, "mp3", TAGS["title"], section=Section(start=3, end=6.5), duration=3.5
    ),
    "a part of a film": Case(
        "dash", AudioFormat.OPUS, "opus", "index", section=Section(start=4), duration=6.0
    ),
}
CUT = {"MP3": AudioFormat.MP3, "M4A": AudioFormat.M4A, "Opus": AudioFormat.OPUS}
ORIGINALS = ("small.mp4", "video.mp4", "large.mp4", "picture.jpg", "vp9.webm", "song.mp3", "mono.flac")
LIMIT = 900_000


class Gallery:
    """What every case became, fetched once for all tests here."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.files: dict[str, Fetched] = {}
        self.cuts: dict[str, Cut] = {}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gallery(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Gallery:
    limit = asyncio.Semaphore(AT_ONCE)
    async with Site() as site, asyncio.TaskGroup() as group:
        source = Source(tmp_path_factory.mktemp("jobs"), nursery, allow=[site.allow], patience=IMPATIENT)
        gallery = Gallery(site)

        async def fetch_one(name: str, case: Case) -> None:
            async with limit:
                shape = Shape(audio_format=case.form, section=case.section)
                gallery.files[name] = await fetch(source, site.url(case.source), SOUND, shape)

        async def cut_one(name: str, form: AudioFormat) -> None:
            async with limit:
                shape = Shape(audio_format=form)
                gallery.cuts[name] = await fetch_cut(source, site.url("long.flac"), LIMIT, SOUND, shape)

        for original in (*ORIGINALS, "long.flac"):
            # Made now: nobody waits for a site that does not answer.
            await asyncio.to_thread(site.library.file, original)
        for name, case in CASES.items():
            group.create_task(fetch_one(name, case))
        for name, form in CUT.items():
            group.create_task(cut_one(name, form))
    return gallery


def heard(data: bytes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The samples of the first channel, at 44.1 kHz."""
    resampler = av.AudioResampler("fltp", "mono", 44_100)
    with av.open(io.BytesIO(data), "r") as container:
        frames = [f for frame in container.decode(audio=0) for f in resampler.resample(frame)]
        frames += [f for f in resampler.resample(None) if f is not None]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float64)


def pitch(samples: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Hertz of what is heard most."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * 44_100 / len(samples))


def tags_of(data: bytes) -> Mapping[str, str]:
    """Of the container and of its sound."""
    with av.open(io.BytesIO(data), "r") as container:
        found = {**container.metadata, **container.streams.audio[0].metadata}
    return {name.lower(): text for name, text in found.items()}


def cover_of(data: bytes) -> bytes | None:
    """The picture inside."""
    with av.open(io.BytesIO(data), "r") as container:
        return describe.cover(container)


@pytest.mark.parametrize("name", CASES)
def test_it_is_the_same_sound(gallery: Gallery, name: str) -> None:
    case, got = CASES[name], gallery.files[name]
    report = got.report()
    assert got.plan.method is Method.ENCODE
    assert got.plan.kind is Kind.AUDIO
    assert report.tracks[0].codec == case.codec
    assert report.errors == 0
    samples = heard(got.data)
    assert len(samples) / 44_100 == pytest.approx(case.duration, abs=0.1)
    assert pitch(samples) == pytest.approx(TONE, abs=1)
    # Without a gap or a crack, and as loud as it was: two channels make one that is louder by a half.
    loudness = [np.sqrt(np.mean(part**2)) for part in np.array_split(samples[4410:-4410], 50)]
    whole = 8000 / 32768 / (np.sqrt(2) if case.source == "mono.flac" else 1)
    assert loudness == pytest.approx([whole] * 50, rel=0.1)


@pytest.mark.parametrize("name", CASES)
def test_players_know_how_long_it_is(gallery: Gallery, name: str) -> None:
    case, got = CASES[name], gallery.files[name]
    assert got.report().duration == pytest.approx(case.duration, abs=0.1)
    assert got.summary.duration == pytest.approx(case.duration, abs=0.1)
    assert got.summary.size == len(got.data)


@pytest.mark.parametrize("name", CASES)
def test_it_has_its_tags(gallery: Gallery, name: str) -> None:
    case, got = CASES[name], gallery.files[name]
    assert tags_of(got.data)["title"] == case.title
    assert got.summary.title == case.title
    cover = cover_of(got.data)
    assert (cover is not None) is case.has_cover
    assert (got.summary.thumbnail is not None) is case.has_cover
    if cover is not None:
        with av.open(io.BytesIO(cover), "r") as picture:
            frame = next(picture.decode(video=0))
        assert (frame.width, frame.height) == (640, 360)
    if case.source == "song.mp3":
        assert (tags_of(got.data)["artist"], got.summary.performer) == (TAGS["artist"], TAGS["artist"])


def test_what_is_of_that_form_already_is_not_encoded_again(gallery: Gallery) -> None:
    for name, source in (("a page's as it is", "small.mp4"), ("a part as it is", "song.mp3")):
        original = [coded.md5 for coded in packets(gallery.site.library.file(source))["audio"]]
        got = [coded.md5 for coded in packets(gallery.files[name].data)["audio"]]
        at = original.index(got[0])
        assert got == original[at : at + len(got)]


@pytest.mark.parametrize("name", CUT)
def test_what_is_too_large_is_cut_into_pieces_that_play(gallery: Gallery, name: str) -> None:
    cut = gallery.cuts[name]
    assert len(cut.files) > 1
    assert all(len(data) <= LIMIT for data in cut.files)
    assert all(tags_of(data)["title"] == "long" for data in cut.files)
    sounds = [heard(data) for data in cut.files]
    assert all(pitch(samples) == pytest.approx(TONE, abs=1) for samples in sounds)
    for summary, data in zip(cut.summaries, cut.files, strict=True):
        assert summary.duration == pytest.approx(inspect(data).duration, abs=0.1)
    assert sum(map(len, sounds)) / 44_100 == pytest.approx(100, abs=0.1 * len(sounds))
    assert sum(summary.duration or 0 for summary in cut.summaries) == pytest.approx(100, abs=0.2)


# --- without a media child --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def library() -> Library:
    return Library()


@pytest.mark.parametrize("container", [Container.MP3, Container.M4A, Container.OPUS])
def test_it_comes_out_the_same_each_time(library: Library, container: Container) -> None:
    """Or else an upload that was interrupted could not go on."""
    tags = Tags({"title": "A"}, library.file("picture.jpg").read_bytes())
    one, two = (encode(library.file("song.flac"), container, tags) for _ in range(2))
    assert one == two


@pytest.mark.parametrize("source", ["song.flac", "song.mp3"])
def test_an_mp3_needs_no_more_room_at_its_head_the_longer_it_is(library: Library, source: str) -> None:
    assert len(encode(library.file(source), Container.MP3, Tags(), window=1000)) > 100_000


@pytest.mark.parametrize("container", [Container.MP3, Container.M4A, Container.OPUS])
def test_six_channels_become_two_and_odd_rates_common_ones(tmp_path: Path, container: Container) -> None:
    source = tmp_path / "odd.wav"
    with av.open(str(source), "w", format="wav") as target:
        stream = target.add_stream("pcm_u8", rate=11_024)
        stream.codec_context.layout = "5.1"
        tone = np.sin(2 * np.pi * TONE * np.arange(11_024 * 3) / 11_024) * 100 + 128
        frame = av.AudioFrame.from_ndarray(np.repeat(tone.astype(np.uint8), 6).reshape(1, -1), "u8", "5.1")
        frame.sample_rate, frame.pts = 11_024, 0
        target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    data = encode(source, container, Tags())
    with av.open(io.BytesIO(data), "r") as made:
        assert made.streams.audio[0].codec_context.layout.nb_channels == 2
        assert made.streams.audio[0].codec_context.sample_rate == 48_000
    samples = heard(data)
    assert len(samples) / 44_100 == pytest.approx(3, abs=0.1)
    assert pitch(samples) == pytest.approx(TONE, abs=1)


def test_a_source_that_changes_on_the_way(library: Library, tmp_path: Path) -> None:
    """A broadcast goes from stereo at 44.1 kHz to mono at 48 kHz."""
    source = tmp_path / "changing.mp3"
    parts = [library.file(name) for name in ("song.mp3", "mono.flac")]
    mono = tmp_path / "mono.mp3"
    with (
        av.open(str(parts[1])) as flac,
        av.open(str(mono), "w", format="mp3", options={"write_xing": "0"}) as out,
    ):
        stream = out.add_stream("libmp3lame", rate=48_000)
        stream.codec_context.layout = "mono"
        for frame in flac.decode(audio=0):
            frame.pts = None
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    source.write_bytes(parts[0].read_bytes() + mono.read_bytes())
    samples = heard(encode(source, Container.OPUS, Tags()))
    assert len(samples) / 44_100 == pytest.approx(20, abs=0.3)
    for half in np.array_split(samples, 2):
        assert pitch(half) == pytest.approx(TONE, abs=1)


def test_damaged_sound_is_an_error_and_a_scratch_is_none(library: Library, tmp_path: Path) -> None:
    good = bytearray(library.file("song.mp3").read_bytes())
    good[80_000:80_400] = bytes(400)
    scratched = tmp_path / "scratched.mp3"
    scratched.write_bytes(good)
    assert len(heard(encode(scratched, Container.OPUS, Tags()))) / 44_100 == pytest.approx(10, abs=0.2)
    flac = bytearray(library.file("song.flac").read_bytes())
    flac[9000:] = bytes(len(flac) - 9000)
    broken = tmp_path / "broken.flac"
    broken.write_bytes(flac[:8500])
    with pytest.raises((MediaUnreadable, av.FFmpegError)):
        encode(broken, Container.MP3, Tags())
