"""Sources whose tracks and times are not as one would like them."""

import io
from pathlib import Path

import av
import pytest
from av.packet import Packet
from av.stream import Stream

from tests.integration.media.remuxing import remux
from tests.site.inspect import Coded, inspect, packets
from tests.site.library import Library
from tests.site.reel import Reel, wind


@pytest.fixture(scope="module")
def clip() -> Path:
    return Library().file("tiny.mp4")


def apart(found: dict[str, list[Coded]]) -> float:
    """Seconds from the first picture to the first sound."""
    return min(p.start for p in found["audio"]) - min(p.start for p in found["video"])


@pytest.mark.parametrize("delay", [-0.7, -0.02, 0.0, 0.02, 1.5])
@pytest.mark.parametrize("start", [0.0, 3.0, -0.5], ids=["at 0", "late", "cut off"])
@pytest.mark.parametrize("container", ["mp4", "mpegts", "matroska"])
def test_edit_lists_and_starts_that_are_not_zero(
    tmp_path: Path, clip: Path, container: str, start: float, delay: float
) -> None:
    source = tmp_path / "film"
    wind(clip, source, Reel(pictures=300, delay=delay, start=start), container=container)
    (data,), (ended,) = remux(source, 100_000)
    was, now = packets(source), packets(data)
    assert apart(now) == pytest.approx(apart(was), abs=0.003)
    for kind, coded in was.items():
        assert [p.md5 for p in now[kind]] == [p.md5 for p in coded]
    assert inspect(data).errors == 0
    assert ended.summary.duration == pytest.approx(5 + abs(delay), abs=0.2)


def test_pictures_of_varying_duration_keep_their_times(tmp_path: Path, clip: Path) -> None:
    source = tmp_path / "film.mp4"
    wind(clip, source, Reel(pictures=600, jitter=True))
    (data,), _ = remux(source, 100_000)
    was, now = packets(source)["video"], packets(data)["video"]
    assert [p.start - now[0].start for p in now] == pytest.approx(
        [p.start - was[0].start for p in was], abs=1e-4
    )


def test_one_picture_without_a_duration(tmp_path: Path, clip: Path) -> None:
    source = tmp_path / "film.mp4"
    wind(clip, source, Reel(pictures=1, sounds=0))
    (data,), (ended,) = remux(source, 100_000)
    report = inspect(data)
    assert (report.frames, report.errors) == (1, 0)
    assert report.is_faststart
    assert ended.summary.thumbnail


def test_every_track_of_sound_is_kept_in_its_order(tmp_path: Path, clip: Path) -> None:
    source = tmp_path / "film.mp4"
    wind(clip, source, Reel(pictures=300, sounds=3))
    (data,), _ = remux(source, 100_000)
    kinds = [track.kind for track in inspect(data).tracks]
    assert kinds == ["video", "audio", "audio", "audio"]


def test_of_sound_alone_the_default_track_is_kept(tmp_path: Path, clip: Path) -> None:
    source = tmp_path / "film.mkv"
    wind(clip, source, Reel(pictures=120, sounds=3, default=1), container="matroska")
    (data,), _ = remux(source, 100_000, sound_only=True)
    with av.open(str(source), "r") as container:
        wanted = [bytes(packet) for packet in container.demux(audio=1) if packet.size]
    with av.open(io.BytesIO(data), "r") as container:
        assert [bytes(packet) for packet in container.demux(audio=0) if packet.size] == wanted


@pytest.mark.parametrize("container", ["matroska", "mpegts"], ids=["subtitles", "data"])
def test_subtitles_and_data_stay_behind(tmp_path: Path, clip: Path, container: str) -> None:
    source, words = tmp_path / "film", tmp_path / "words.srt"
    words.write_text("1\n00:00:00,000 --> 00:00:01,000\nwords\n")
    with (
        av.open(str(source), "w", format=container) as out,
        av.open(str(clip), "r") as first,
        av.open(str(words), "r") as second,
    ):
        copies = [out.add_stream_from_template(stream, opaque=True) for stream in first.streams]
        notes: Stream = (
            out.add_stream_from_template(second.streams[0])
            if container == "matroska"
            else out.add_data_stream("timed_id3")
        )
        for packet in first.demux():
            if packet.size:
                note: Packet[Stream] = Packet(b"words")
                note.stream, note.time_base = notes, packet.time_base
                note.pts = note.dts = packet.dts
                packet.stream = copies[packet.stream.index]
                out.mux([packet, note])
    with av.open(str(source), "r") as made:
        assert len(made.streams) == 3
    (data,), _ = remux(source, 100_000)
    assert [track.kind for track in inspect(data).tracks] == ["video", "audio"]
    assert packets(data).keys() == packets(clip).keys()


@pytest.mark.parametrize("max_size", [None, 150_000], ids=["whole", "cut"])
def test_times_that_start_over(tmp_path: Path, clip: Path, max_size: int | None) -> None:
    """MPEG-TS in a row, as advertisements come in HLS: everything is there, once, and times rise."""
    part = tmp_path / "part.ts"
    wind(clip, part, Reel(pictures=600, start=20), container="mpegts")
    source = tmp_path / "film.ts"
    source.write_bytes(part.read_bytes() * 4)
    files, ended = remux(source, 100_000, max_size=max_size)
    assert (len(files) > 1) is (max_size is not None)
    assert sum(e.summary.duration or 0 for e in ended) == pytest.approx(40, abs=0.2 * len(files) + 0.4)
    for kind, coded in packets(part).items():
        joined = [p.md5 for data in files for p in packets(data)[kind]]
        assert joined == [p.md5 for p in coded] * 4
    assert all(inspect(data).errors == 0 for data in files)
