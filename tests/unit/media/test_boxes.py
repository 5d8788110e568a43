"""The top-level boxes of an MP4 that passes by."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from medusa.media.child.boxes import BoxWalker


def box(kind: bytes, payload: bytes, *, large: bool = False) -> bytes:
    if large:
        return (1).to_bytes(4, "big") + kind + (16 + len(payload)).to_bytes(8, "big") + payload
    return (8 + len(payload)).to_bytes(4, "big") + kind + payload


FILE = (
    box(b"ftyp", b"isom") + box(b"free", b"") + box(b"mdat", bytes(100), large=True) + box(b"moov", bytes(30))
)


def walk(*blocks: bytes) -> BoxWalker:
    walker = BoxWalker()
    for block in blocks:
        walker.feed(block)
    return walker


@given(st.lists(st.integers(0, len(FILE)), max_size=12))
def test_blocks_of_any_size_show_the_same_boxes(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(FILE)]
    walker = walk(*(FILE[a:b] for a, b in pairwise(edges)))
    assert walker.boxes == walk(FILE).boxes
    assert [b.type for b in walker.boxes] == [b"ftyp", b"free", b"mdat", b"moov"]
    assert not walker.is_cut
    assert walker.index is not None
    assert walker.media is not None
    assert walker.index.offset > walker.media.offset


@given(st.integers(1, len(FILE) - 1))
def test_an_end_inside_a_box_is_seen(length: int) -> None:
    ends = {12, 20, 136}
    assert walk(FILE[:length]).is_cut is (length not in ends and length >= 8)


@given(st.binary(max_size=200))
def test_what_is_no_mp4_is_left_alone(data: bytes) -> None:
    walker = walk(b"PK\x03\x04\x14\0\0\0" + data)
    assert not walker.boxes
    assert not walker.is_cut


def test_a_box_to_the_end_of_the_file_is_never_cut() -> None:
    walker = walk(box(b"ftyp", b"isom") + bytes(4) + b"mdat" + bytes(5))
    assert not walker.is_cut
    assert walker.media is not None
    assert walker.media.size is None
