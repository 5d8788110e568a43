"""Text as Telegram counts it."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.text import bar, clip, escape, human_size, human_time, human_wait, one_line, utf16_length


@given(st.text(), st.integers(0, 50))
def test_clipped_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert utf16_length(clipped) <= limit
    assert clipped == text or text.startswith(clipped.removesuffix("…"))
    if utf16_length(text) <= limit:
        assert clipped == text


def test_an_emoji_is_two_units_and_never_halved() -> None:
    assert utf16_length("a😀") == 3
    assert clip("😀😀😀", 4) == "😀…"


@given(st.text())
def test_one_line_has_nothing_invisible(text: str) -> None:
    line = one_line(text)
    assert line.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert line == line.strip()


def test_direction_marks_are_taken_out() -> None:
    assert one_line("movie\u202egpj.exe\n\tx") == "movie gpj.exe x"
    assert one_line("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


@given(st.text())
def test_escaped_text_means_the_same_and_opens_no_tag(text: str) -> None:
    escaped = escape(text)
    assert html.unescape(html.unescape(escaped)) == text
    assert not {"<", ">", '"'} & set(escaped)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (125_500_000, "125.5 MB"),
        (999_960, "1.0 MB"),
        (2_097_152_000, "2.10 GB"),
        (999_994_000_000, "999.99 GB"),
        (3_535_180_000_000, "3.54 TB"),
    ],
)
def test_sizes_read_well(size: int, text: str) -> None:
    assert human_size(size) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (212, "3:32"), (3723, "1:02:03")])
def test_times_read_well(seconds: float, text: str) -> None:
    assert human_time(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (15.6, "16 s"), (59, "59 s"), (60, "1:00"), (3723, "1:02:03")]
)
def test_waits_read_well(seconds: float, text: str) -> None:
    assert human_wait(seconds) == text


@given(st.floats(-1, 2))
def test_a_bar_has_its_width(share: float) -> None:
    assert len(bar(share)) == 10
