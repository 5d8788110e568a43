"""The muxer in process: containers that no source of the site leads to, and what it refuses."""

from pathlib import Path

import av
import pytest

from medusa.errors import IndexTooSmall, MediaUnreadable
from medusa.media.child.summary import Summary
from medusa.media.containers import Container
from tests.integration.media import remuxing
from tests.site.inspect import inspect, track_md5s
from tests.site.library import Library


@pytest.fixture(scope="module")
def library() -> Library:
    return Library()


def remux(
    paths: list[Path], container: Container, window: int, *, sound: bool = False
) -> tuple[bytes, Summary]:
    """The one file that is made of them."""
    (data,), ((summary, is_last),) = remuxing.remux(paths, window, container, sound_only=sound)
    assert is_last
    assert summary.size == len(data)
    return data, summary


def test_codecs_that_mp4_does_not_hold_go_into_matroska(library: Library) -> None:
    source = library.file("vp8.webm")
    data, summary = remux([source], Container.MKV, 200_000)
    assert track_md5s(data) == track_md5s(source)
    assert (summary.width, summary.height) == (320, 180)
    report = inspect(data)
    assert report.errors == 0
    assert report.seeks
    assert data.index(b"\x1c\x53\xbb\x6b") < 200_000  # Cues, where a player looks first


def test_codecs_that_mp4_does_not_hold_are_refused_by_mp4(library: Library) -> None:
    with pytest.raises((MediaUnreadable, av.FFmpegError)):
        remux([library.file("vp8.webm")], Container.MP4, 200_000)


def test_matroska_with_too_little_room(library: Library) -> None:
    with pytest.raises(IndexTooSmall):
        remux([library.file("vp8.webm")], Container.MKV, 65_540)


@pytest.mark.parametrize(
    ("name", "container"),
    [
        ("vp9.webm", Container.OGG),
        ("song.mp3", Container.MP3),
        ("song.m4a", Container.M4A),
        ("late.mp4", Container.M4A),
    ],
)
def test_sound_alone(library: Library, name: str, container: Container) -> None:
    source = library.file(name)
    data, summary = remux([source], container, 100_000 if container.is_rewritten else 0, sound=True)
    assert track_md5s(data) == {"audio": track_md5s(source)["audio"]}
    assert inspect(data).errors == 0
    assert summary.duration == pytest.approx(inspect(source).tracks[-1].duration, abs=0.1)


def test_picture_and_sound_of_two_files(library: Library) -> None:
    picture, sound = library.file("large.mp4"), library.file("song.m4a")
    data, _ = remux([picture, sound], Container.MP4, 100_000)
    assert track_md5s(data) == {"video": track_md5s(picture)["video"], "audio": track_md5s(sound)["audio"]}
    assert inspect(data).is_faststart


def test_a_file_without_the_track_that_is_wanted(library: Library) -> None:
    with pytest.raises(MediaUnreadable):
        remux([library.file("song.m4a"), library.file("song.m4a")], Container.MP4, 100_000)


def test_a_playlist_is_not_followed(tmp_path: Path, library: Library) -> None:
    playlist = tmp_path / "x.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXTINF:10,\nfile://{library.file('late.mp4')}\n#EXT-X-ENDLIST\n")
    with pytest.raises(av.FFmpegError):
        remux([playlist], Container.MP4, 100_000)
