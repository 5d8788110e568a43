"""What a file of sound says of itself."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from medusa.media.child.tags import KNOWN, Tags, merged

COVER = b"\xff\xd8 a picture \xff\xd9"


def frames(tag: bytes) -> dict[str, bytes]:
    """An ID3v2.3 tag, read as its specification says."""
    assert tag[:6] == b"ID3\x03\x00\x00"
    assert all(byte < 128 for byte in tag[6:10])
    size = tag[6] << 21 | tag[7] << 14 | tag[8] << 7 | tag[9]
    assert size == len(tag) - 10
    found: dict[str, bytes] = {}
    at = 10
    while at < len(tag):
        length = int.from_bytes(tag[at + 4 : at + 8], "big")
        found[tag[at : at + 4].decode()] = tag[at + 10 : at + 10 + length]
        at += 10 + length
    assert at == len(tag)
    return found


def test_an_mp3_has_them_in_front() -> None:
    tag = Tags({"title": "Café 🌊", "artist": "A", "date": "2020-01-02"}, COVER).id3()
    found = frames(tag)
    assert found["TIT2"][1:].decode("utf-16") == "Café 🌊"
    assert found["TYER"][1:].decode("utf-16") == "2020"
    assert found["APIC"] == b"\0image/jpeg\0\x03\0" + COVER
    assert Tags().id3() == b""


def test_an_ogg_has_its_picture_among_the_comments() -> None:
    comments = Tags({"title": "A"}, COVER).comments()
    block = base64.b64decode(comments.pop("METADATA_BLOCK_PICTURE"))
    assert block[:4] == b"\0\0\0\x03"
    assert block.endswith(len(COVER).to_bytes(4, "big") + COVER)
    assert comments == {"title": "A"}


def test_the_page_knows_better_than_the_file() -> None:
    own = {"TITLE": "Track 01", "Album": "Sea", "encoder": "Lavf", "genre": "  Folk \n"}
    assert merged(own, title="A walk", performer="", album="Other") == {
        "title": "A walk",
        "album": "Other",
        "genre": "Folk",
    }
    assert merged(own, title="", performer="Ann") == {
        "title": "Track 01",
        "artist": "Ann",
        "album": "Sea",
        "genre": "Folk",
    }


@given(
    st.dictionaries(st.sampled_from(sorted(KNOWN)) | st.text(max_size=5), st.text(max_size=600)),
    st.text(),
    st.text(),
    st.none() | st.binary(min_size=1, max_size=300_000),
)
def test_whatever_is_said_the_tag_is_whole(
    own: dict[str, str], title: str, performer: str, cover: bytes | None
) -> None:
    tags = Tags(merged(own, title=title, performer=performer), cover)
    assert set(tags.texts) <= KNOWN
    if tags.id3():
        assert len(frames(tags.id3())) == len(tags.texts) + (cover is not None)
