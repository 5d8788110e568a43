"""Subtitles as text: what sites write comes out as times and words, and nothing breaks on the way."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.child import captions
from medusa.media.child.captions import LARGEST_TIME, LONGEST_TEXT, Cue, TooManyCues
from tests.site import texts

LINE = st.text(st.characters(categories=["L", "N", "Po", "So"], exclude_characters="<>&{\\"), min_size=1).map(
    str.strip
)
WORDS = st.lists(LINE.filter(bool).filter(lambda line: "-->" not in line), min_size=1, max_size=3).map(
    "\n".join
)


CUES = st.lists(
    st.builds(
        lambda start, length, words: Cue(start, start + length, words[: LONGEST_TEXT // 2].rstrip()),
        st.integers(0, LARGEST_TIME // 2),
        st.integers(1, 600_000),
        WORDS,
    ),
    max_size=20,
).map(lambda found: sorted(found, key=lambda cue: cue.start))
"""By their start; they may overlap."""


def test_webvtt() -> None:
    assert captions.parse(texts.EN_VTT) == [
        Cue(1000, 2500, "A walk by the sea & back."),
        Cue(4000, 6000, "Two lines\nat once."),
    ]


def test_subrip() -> None:
    assert captions.parse(texts.DE_SRT) == [
        Cue(1000, 2500, "Ein Spaziergang am Meer."),
        Cue(4000, 6000, "Schön & gut."),
    ]


def test_segments_of_hls_have_their_clocks_compared() -> None:
    assert captions.parse("\n\n".join(texts.SEGMENTS)) == [
        Cue(1000, 2500, "A walk by the sea & back."),
        Cue(4000, 6000, "Two lines\nat once."),
    ]


def test_the_clock_of_a_broadcast_begins_anew() -> None:
    segment = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{},LOCAL:00:00:00.000\n\n00:01.000 --> 00:02.000\n{}\n\n"
    around = segment.format((1 << 33) - 90_000, "before") + segment.format(90_000, "after")
    assert captions.parse(around) == [Cue(1000, 2000, "before"), Cue(3000, 4000, "after")]


@pytest.mark.parametrize(
    "text",
    ["", "WEBVTT", "00:00:02.000 --> 00:00:01.000\nbackwards", "00:01.000 --> 00:02.000\n<b></b>", "<tt/>"],
)
def test_nothing_to_show(text: str) -> None:
    assert captions.parse(text) == []


def test_more_cues_than_anybody_reads() -> None:
    with pytest.raises(TooManyCues):
        captions.parse("00:00.000 --> 99:99.999\nx\n\n" * (captions.MOST_CUES + 1))


def test_lines_that_scroll_come_once() -> None:
    rolling = [
        Cue(0, 2000, "so this is"),
        Cue(2000, 2010, "so this is"),
        Cue(2010, 4000, "so this is\nwhere we began"),
        Cue(4000, 6000, "where we began\nand where we end"),
    ]
    assert captions.unrolled(rolling) == [
        Cue(0, 2010, "so this is"),
        Cue(2010, 4000, "where we began"),
        Cue(4000, 6000, "and where we end"),
    ]


@given(CUES)
def test_what_is_written_is_read_again(said: list[Cue]) -> None:
    once = captions.parse(captions.to_srt(said))
    assert captions.parse(captions.to_srt(once)) == once
    assert {cue.text for cue in once} == {cue.text for cue in said}


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    check(captions.parse(text))


@given(
    st.lists(
        st.sampled_from(re.findall(r"\S+|\s", texts.EN_VTT + texts.DE_SRT + texts.SEGMENTS[0])), max_size=200
    )
)
def test_no_shuffled_subtitles_break_it(parts: list[str]) -> None:
    check(captions.parse("".join(parts)))


def check(found: list[Cue]) -> None:
    assert found == sorted(found, key=lambda cue: cue.start)
    for cue in found:
        assert 0 <= cue.start < cue.end <= LARGEST_TIME
        assert 0 < len(cue.text) <= LONGEST_TEXT + cue.text.count("\n")
        assert all(line.strip() for line in cue.text.split("\n"))
        assert "-->" not in cue.text


@given(CUES)
def test_in_a_track_one_text_follows_the_other(said: list[Cue]) -> None:
    track = list(captions.in_turn(said))
    for before, after in pairwise(track):
        assert before.start < before.end <= after.start
    for cue in said:
        alone = all(one is cue or one.end <= cue.start or one.start >= cue.end for one in said)
        assert cue in track or not alone


@given(CUES, st.integers(0, LARGEST_TIME), st.integers(1, LARGEST_TIME))
def test_a_part_begins_at_nought(said: list[Cue], start: int, length: int) -> None:
    part = captions.part(said, start, start + length)
    assert all(0 <= cue.start < cue.end <= length for cue in part)
    assert len(part) == sum(cue.start < start + length and cue.end > start for cue in said)
