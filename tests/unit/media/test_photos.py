"""Which pictures are photos, and how their sides are known."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media import photos
from medusa.media.child import still
from medusa.media.choose import choose
from medusa.model import Format, Kind, Media, Method
from medusa.wishes import AudioFormat, Shape, Wish
from tests.site.library import Library

GIF = b"GIF89a" + (320).to_bytes(2, "little") + (180).to_bytes(2, "little") + bytes(20)
WEBP = {
    "lossy": b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\xb4\x00",
    "lossless": b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (319 | 179 << 14).to_bytes(4, "little") + bytes(8),
    "extended": b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\x01\0\xb3\0\0",
}


def picture(width: int = 640, height: int = 360, size: int | None = 100_000, form: str = "jpg") -> Media:
    one = Format(
        id="0", protocol="https", container=form, width=width, height=height, size=size, size_is_exact=True
    )
    return Media(
        url="https://example.org/a.jpg",
        title="a.jpg",
        source="x",
        kind=Kind.DOCUMENT,
        formats=(one,),
        mime="image/jpeg",
    )


@pytest.mark.parametrize("name", ["picture.jpg", "picture.png"])
def test_real_pictures(name: str) -> None:
    head = Library().file(name).read_bytes()
    assert still.look_at(head) == still.Still(name[-3:], 640, 360)
    assert still.look_at(head[:12]) is None


def test_others() -> None:
    assert still.look_at(GIF) == still.Still("gif", 320, 180)
    for head in WEBP.values():
        assert still.look_at(head) == still.Still("webp", 320, 180)
    assert still.look_at(b"%PDF-1.7") is None


@given(st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP"]), st.binary())
def test_no_head_breaks_it(magic: bytes, rest: bytes) -> None:
    for head in (magic + rest, magic + zlib.compress(rest) * 3):
        found = still.look_at(head)
        assert found is None or (found.width > 0 and found.height > 0)


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        (picture(), Kind.PHOTO),
        (picture(form="png"), Kind.PHOTO),
        (picture(form="gif"), Kind.DOCUMENT),
        (picture(form="pdf"), Kind.DOCUMENT),
        (picture(size=photos.LARGEST), Kind.PHOTO),
        (picture(size=photos.LARGEST + 1), Kind.DOCUMENT),
        (picture(size=None), Kind.DOCUMENT),
        (picture(6000, 4000), Kind.PHOTO),
        (picture(6000, 4001), Kind.DOCUMENT),
        (picture(100, 2000), Kind.PHOTO),
        (picture(100, 2001), Kind.DOCUMENT),
    ],
)
def test_what_telegram_takes_as_a_photo(media: Media, kind: Kind) -> None:
    # What is wanted of sound has nothing to say here.
    plan = choose(media, Wish(audio_only=True), Shape(audio_format=AudioFormat.MP3), max_size=2**31)
    assert (plan.kind, plan.method, plan.file_name) == (kind, Method.PASS, "a.jpg")


def test_a_file_where_that_is_wanted() -> None:
    assert choose(picture(), Wish(), Shape(as_document=True), max_size=2**31).kind is Kind.DOCUMENT
