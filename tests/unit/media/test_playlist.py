"""Which fragments hold a section."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.child.playlist import hls_lengths, part
from medusa.media.child.span import Span

PLAYLIST = """#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-MAP:URI="init.mp4"
#EXTINF:2.5,
0.m4s
#EXT-X-BYTERANGE:100@0
#EXTINF:2,title, with a comma
1.m4s

#EXT-X-DISCONTINUITY
#EXTINF:1.5,
2.m4s
#EXT-X-ENDLIST
"""


def test_lengths_of_a_playlist() -> None:
    assert hls_lengths(PLAYLIST) == [None, 2.5, 2.0, 1.5]
    assert hls_lengths(PLAYLIST, 1) == [1.5]
    assert hls_lengths(PLAYLIST.replace("2.5", "soon")) == [None, None, 2.0, 1.5]


@pytest.mark.parametrize(
    ("span", "numbers", "begins"),
    [
        (Span(0.0), [0, 1, 2, 3, 4, 5], 0.0),
        (Span(4.5, 5.5), [0, 2, 3, 4], 2.0),
        (Span(2.0, 4.0), [0, 1, 2, 3], 0.0),
        (Span(8.0), [0, 4, 5], 6.0),
        (Span(99.0), [0, 4, 5], 6.0),
        (Span(1.0, 99.0), [0, 1, 2, 3, 4, 5], 0.0),
    ],
)
def test_one_more_is_fetched_at_each_end(span: Span, numbers: list[int], begins: float) -> None:
    assert part([None, 2.0, 2.0, 2.0, 2.0, 2.0], 6, span) == (numbers, begins)


@pytest.mark.parametrize(
    ("lengths", "count"), [([None, None, None], 3), ([2.0, None], 2), ([2.0, 2.0], 3), ([2.0, 2.0, 2.0], 2)]
)
def test_where_lengths_are_missing_all_are_fetched(lengths: list[float | None], count: int) -> None:
    assert part(lengths, count, Span(3.0, 4.0)) == (list(range(count)), 0.0)


@given(
    st.lists(st.floats(0.01, 30), min_size=1, max_size=50),
    st.booleans(),
    st.floats(0, 500),
    st.none() | st.floats(0.01, 500),
)
def test_the_section_is_inside_what_is_fetched(
    seconds: list[float], has_header: bool, start: float, length: float | None
) -> None:
    lengths: list[float | None] = [None, *seconds] if has_header else [*seconds]
    end = None if length is None else start + length
    found = part(lengths, len(lengths), Span(start, end))
    first = found.numbers[1] if has_header else found.numbers[0]
    assert not has_header or found.numbers[0] == 0
    assert found.numbers == sorted(set(found.numbers))
    assert found.begins == pytest.approx(sum(length or 0 for length in lengths[:first]))
    assert found.begins <= start
    fetched_until = sum(length or 0 for length in lengths[: found.numbers[-1] + 1])
    assert fetched_until >= min(sum(seconds), end if end is not None else sum(seconds)) - 1e-6


@given(st.text(), st.none() | st.integers(0, 3))
def test_any_playlist_has_lengths(text: str, period: int | None) -> None:
    lengths = hls_lengths(f"#EXTINF:{text},\n{text}", period)
    found = part(lengths, len(lengths), Span(1.0, 2.0)) if lengths else None
    assert found is None or found.begins >= 0
