"""Codecs and what holds them."""

import pytest

from medusa.media.containers import UNKNOWN, Container, family, for_audio, for_video, mime_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((n, "h264") for n in ("avc1.64001F", "avc3", "h264")),
        *((n, "hevc") for n in ("hev1.1.6", "hvc1", "hevc", "h265", "dvh1.05")),
        *((n, "av1") for n in ("av01.0.08M.08", "av1")),
        *((n, "vp9") for n in ("vp9", "vp09.00.51.08", "vp9.2")),
        *((n, "aac") for n in ("mp4a.40.2", "mp4a.40.5", "aac")),
        *((n, "mp3") for n in ("mp3", "mp4a.40.34", "mp4a.6B")),
        *((n, n) for n in ("opus", "vorbis", "flac", "ac3", "eac3", "alac", "vp8", "theora")),
        ("ec-3", "eac3"),
        ("ac-3", "ac3"),
        (UNKNOWN, UNKNOWN),
        (None, None),
    ],
)
def test_families(name: str | None, expected: str | None) -> None:
    assert family(name) == expected


def test_mp4_unless_it_is_known_not_to_fit() -> None:
    assert for_video("h264", "aac") is Container.MP4
    assert for_video(UNKNOWN, UNKNOWN) is Container.MP4
    assert for_video("vp9", None) is Container.MP4
    assert for_video("vp8", "opus") is Container.MKV
    assert for_video("h264", "vorbis") is Container.MKV


def test_sound() -> None:
    assert for_audio("aac") is for_audio(UNKNOWN) is Container.M4A
    assert for_audio("vorbis") is for_audio("opus") is Container.OGG


def test_only_what_is_indexed_is_rewritten() -> None:
    assert {c for c in Container if c.is_rewritten} == {Container.MP4, Container.M4A, Container.MKV}


def test_mime_types() -> None:
    assert all("/" in c.mime for c in Container)
    assert mime_of("MP4") == "video/mp4"
    assert mime_of("zip") == "application/octet-stream"
