"""Which fragments of a playlist hold a section. Pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from medusa.media.child.span import Span

_MARGIN = 1
"""Fragments more at each end: playlists round their times."""
Lengths = Sequence[float | None]
"""Seconds of each fragment; None where nothing is shown, as in one that holds a header."""


class Part(NamedTuple):
    """What to fetch of a playlist."""

    numbers: list[int]
    """Of the fragments, counted from 0, in order."""
    begins: float
    """Seconds of the recording before the first of them that shows something."""


def part(lengths: Lengths, count: int, span: Span) -> Part:
    """The fragments that hold this span, and what precedes them all; everything where lengths are missing."""
    headers = [number for number, length in enumerate(lengths) if length is None]
    if len(lengths) != count or headers not in ([], [0]):
        return Part(list(range(count)), 0.0)
    first, last, time = len(headers), count - 1, 0.0
    ends: list[float] = []
    for length in lengths[first:]:
        time += length or 0.0
        ends.append(time)
    begin = next((n for n, end in enumerate(ends) if end > span.start), len(ends) - 1)
    begin = max(0, begin - _MARGIN)
    if span.end is not None:
        until = next((n for n, end in enumerate(ends) if end >= span.end), len(ends) - 1)
        last = min(last, first + until + _MARGIN)
    return Part(headers + list(range(first + begin, last + 1)), ends[begin - 1] if begin > 0 else 0.0)


def hls_lengths(playlist: str, period: int | None = None) -> list[float | None]:
    """Of each fragment that yt_dlp.downloader.hls makes of a media playlist: its header and its segments.

    `period`: the number of the only stretch between discontinuities that is wanted. Where yt-dlp leaves out
    what it takes for advertisements, the number of fragments does not match, and nobody trusts the lengths.
    """
    return list(_hls_lengths(playlist, period))


def _hls_lengths(playlist: str, period: int | None) -> Iterator[float | None]:
    seconds: float | None = 0.0
    stretch = 0
    for line in map(str.strip, playlist.splitlines()):
        is_wanted = period is None or stretch == period
        if line.startswith("#EXTINF:"):
            seconds = _seconds(line[8:].partition(",")[0])
        elif line.startswith("#EXT-X-DISCONTINUITY") and "SEQUENCE" not in line:
            stretch += 1
        elif line.startswith("#EXT-X-MAP") and is_wanted:
            yield None
        elif line and not line.startswith("#") and is_wanted:
            yield seconds


def _seconds(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
