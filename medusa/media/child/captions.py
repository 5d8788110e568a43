"""Subtitles as text: WebVTT and SubRip in, SubRip out. Pure; what sites write is taken as it comes.

WebVTT: https://www.w3.org/TR/webvtt1/. Segments of HLS, one behind the other, are read as one text: each says
in its X-TIMESTAMP-MAP how its clock relates to the broadcast's (RFC 8216, 3.5).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple

MOST_CUES = 50_000
"""A film has two thousand, a day of talk thirty thousand."""
LONGEST_TEXT = 1000
"""Characters of one cue."""
LARGEST_TIME = 100 * 3600 * 1000
"""Milliseconds; SubRip has two digits for the hours."""
MOST_AT_ONCE = 4
"""Cues that are shown together."""

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s|$)")
_LOCAL = re.compile(rf"LOCAL:{_TIME}")
_MPEG = re.compile(r"MPEGTS:(\d{1,20})")
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_WRAP = 1 << 33
"""An MPEG clock of 90 kHz has 33 bits."""


class Cue(NamedTuple):
    """A text and when it is shown: milliseconds from the beginning of the video."""

    start: int
    end: int
    text: str
    """Lines without marks, none of them empty."""


class TooManyCues(ValueError):
    """No subtitles are that long."""


def parse(text: str) -> list[Cue]:
    """The cues of WebVTT or SubRip, by their time; what is neither has none. Raises TooManyCues."""
    found: list[Cue] = []
    for cue in sorted(_cues(text), key=lambda cue: cue.start):
        last = found[-1] if found else None
        if last is not None and last.text == cue.text and cue.start <= last.end:
            # Each segment of HLS repeats what is shown across its border.
            found[-1] = last._replace(end=max(last.end, cue.end))
        else:
            found.append(cue)
    return found


def unrolled(cues: Iterable[Cue]) -> list[Cue]:
    """Each line once: what machines write scrolls up, so that every line comes in two cues or more."""
    found: list[Cue] = []
    shown: list[str] = []
    for cue in cues:
        lines = cue.text.split("\n")
        known = next(
            k for k in range(min(len(shown), len(lines)), -1, -1) if shown[len(shown) - k :] == lines[:k]
        )
        shown = lines
        if known < len(lines):
            found.append(cue._replace(text="\n".join(lines[known:])))
        elif found:
            found[-1] = found[-1]._replace(end=max(found[-1].end, cue.end))
    return found


def in_turn(cues: Iterable[Cue]) -> Iterator[Cue]:
    """The same without overlaps, as a track of a file needs them: what is shown together is one cue."""
    shown: list[Cue] = []
    at = 0
    for cue in [*cues, None]:
        until = cue.start if cue is not None else LARGEST_TIME
        while shown and at < until:
            end = min(until, *(one.end for one in shown))
            if end > at:
                yield Cue(at, end, "\n".join(one.text for one in shown))
            at = max(at, end)
            shown = [one for one in shown if one.end > at]
        at = until
        if cue is not None and len(shown) < MOST_AT_ONCE:
            shown.append(cue)


def part(cues: Iterable[Cue], start: int, end: int | None = None) -> list[Cue]:
    """What is shown from `start` to `end`, counted from `start`."""
    last = LARGEST_TIME if end is None else end
    return [
        Cue(max(0, cue.start - start), min(cue.end, last) - start, cue.text)
        for cue in cues
        if cue.end > start and cue.start < last
    ]


def to_srt(cues: Iterable[Cue]) -> str:
    """A SubRip file."""
    return "".join(
        f"{number}\n{_clock(cue.start)} --> {_clock(cue.end)}\n{cue.text}\n\n"
        for number, cue in enumerate(cues, 1)
    )


def _cues(text: str) -> Iterator[Cue]:
    """In the order of the file."""
    first: int | None = None
    shift = count = 0
    lines = iter(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    for line in lines:
        if line.startswith("X-TIMESTAMP-MAP"):
            clock = _clock_of(line)
            first = clock if first is None else first
            shift = _nearest(clock - first)
        elif timing := _TIMING.match(line):
            count += 1
            if count > MOST_CUES:
                raise TooManyCues(f"more than {MOST_CUES}")
            start, end = _time(*timing.groups()[:4]) + shift, _time(*timing.groups()[4:]) + shift
            words = _plain(lines)
            if words and 0 <= start < end <= LARGEST_TIME:
                yield Cue(start, end, words)


def _clock_of(line: str) -> int:
    """Milliseconds of the broadcast at which this segment's own clock starts."""
    local, mpeg = _LOCAL.search(line), _MPEG.search(line)
    return (int(mpeg[1]) // 90 if mpeg else 0) - (_time(*local.groups()) if local else 0)


def _nearest(shift: int) -> int:
    """The broadcast's clock begins anew after 26 hours."""
    around = _WRAP // 90
    return (shift + around // 2) % around - around // 2


def _plain(lines: Iterator[str]) -> str:
    """The text up to the next empty line."""
    kept: list[str] = []
    room = LONGEST_TEXT
    for line in lines:
        if not line.strip():
            break
        words = " ".join(_visible(unescape(_TAG.sub("", line[: 4 * LONGEST_TEXT]))).split())[:room].rstrip()
        room -= len(words)
        # A line of an arrow alone would be read as a time.
        if words and "-->" not in words:
            kept.append(words)
    return "\n".join(kept)


def _visible(text: str) -> str:
    """Without control characters; marks of direction and joiners stay, for some scripts need them."""
    return "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNSEEN
    )


_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn"})


def _time(hours: str | None, minutes: str, seconds: str, fraction: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))


def _clock(milliseconds: int) -> str:
    seconds, fraction = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{fraction:03}"
