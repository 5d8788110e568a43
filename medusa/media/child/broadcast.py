"""A playlist of HLS that goes on: its segments, and which of them are new each time it is read. Pure.

RFC 8216, sections 4.3 and 6.3.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urljoin

from medusa.errors import MediaUnreadable, ProtectedMedia

BEHIND = 3
"""Segments at the end of the playlist with which a recording begins, as players do (6.3.3)."""
MOST_SEGMENTS = 100_000
LONGEST_SEGMENT = 3600.0
"""Seconds. What claims more is not believed."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=(?:"([^"]*)"|([^",]*))')


class Part(NamedTuple):
    """Where bytes are; `end` is not included, None is the end of the file."""

    url: str
    start: int = 0
    end: int | None = None


class Key(NamedTuple):
    """Of AES-128. Without an `iv`, the number of the segment takes its place."""

    url: str
    iv: bytes | None


class Segment(NamedTuple):
    """A few seconds of a broadcast."""

    number: int
    place: Part
    seconds: float
    key: Key | None = None
    head: Part | None = None
    """What has to precede the first segment that names it."""
    is_missing: bool = False
    """The broadcaster has nothing there."""


class Playlist(NamedTuple):
    """What a broadcast offers at a moment."""

    segments: tuple[Segment, ...]
    target: float
    """Seconds that a segment has at the most."""
    is_over: bool


@dataclass
class _Reading:
    """A playlist, line by line."""

    url: str
    number: int = 0
    seconds: float = 0.0
    target: float = 0.0
    is_over: bool = False
    key: Key | None = None
    head: Part | None = None
    span: tuple[int, int] | None = None
    last_end: int = 0
    is_missing: bool = False

    def tag(self, name: str, value: str) -> None:
        """Take note of what a tag says. Raises ProtectedMedia, MediaUnreadable."""
        match name:
            case "EXT-X-MEDIA-SEQUENCE":
                self.number = _whole(value)
            case "EXT-X-TARGETDURATION":
                self.target = _seconds(value)
            case "EXTINF":
                self.seconds = _seconds(value.partition(",")[0])
            case "EXT-X-ENDLIST":
                self.is_over = True
            case "EXT-X-GAP":
                self.is_missing = True
            case "EXT-X-BYTERANGE":
                self.span = _span(value, self.last_end)
            case "EXT-X-MAP":
                told = _attributes(value)
                span = _span(told["BYTERANGE"], 0) if "BYTERANGE" in told else (0, None)
                self.head = Part(urljoin(self.url, told.get("URI", "")), *span)
            case "EXT-X-KEY":
                self.key = _key(_attributes(value), self.url)

    def segment(self, line: str) -> Segment:
        """The segment at this address."""
        start, end = self.span or (0, None)
        found = Segment(
            self.number,
            Part(urljoin(self.url, line), start, end),
            self.seconds,
            self.key,
            self.head,
            self.is_missing,
        )
        self.number, self.last_end = self.number + 1, end or 0
        self.span, self.seconds, self.is_missing = None, 0.0, False
        return found


def read(text: str, url: str) -> Playlist:
    """The playlist that was at `url`. Raises ProtectedMedia, MediaUnreadable."""
    if not text.removeprefix("\ufeff").lstrip().startswith("#EXTM3U"):
        raise MediaUnreadable(detail="no playlist")
    reading = _Reading(url)
    segments: list[Segment] = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("#EXT"):
            name, _, value = line[1:].partition(":")
            reading.tag(name, value)
        elif line and not line.startswith("#"):
            segments.append(reading.segment(line))
            if len(segments) > MOST_SEGMENTS:
                raise MediaUnreadable(detail=f"a playlist of more than {MOST_SEGMENTS} segments")
    longest = max((segment.seconds for segment in segments), default=0.0)
    return Playlist(tuple(segments), reading.target or longest, reading.is_over)


@dataclass
class Follower:
    """Remembers how far a recording is. `limit`: seconds after which it is complete; None: never."""

    limit: float | None = None
    taken: float = 0.0
    """Seconds so far."""
    missed: int = 0
    """Segments that were gone before they could be fetched."""
    _next: int | None = field(default=None)

    @property
    def is_full(self) -> bool:
        """Whether it is as long as it should be."""
        return self.limit is not None and self.taken >= self.limit

    def fresh(self, playlist: Playlist) -> Iterator[Segment]:
        """The segments that are to be fetched now, in order."""
        first = self._first(playlist)
        for segment in playlist.segments:
            if segment.number >= first and not self.is_full:
                self._next = segment.number + 1
                self.taken += segment.seconds
                yield segment

    def _first(self, playlist: Playlist) -> int:
        numbers = [segment.number for segment in playlist.segments]
        if not numbers:
            return self._next or 0
        if self._next is None:
            return numbers[-BEHIND:][0]
        if numbers[-1] + len(numbers) < self._next:
            # No stale copy: the broadcaster has begun to count anew, so what is there now is new.
            return numbers[0]
        self.missed += max(0, numbers[0] - self._next)
        return self._next


def pause(playlist: Playlist, *, had_news: bool) -> float:
    """Seconds until the playlist is worth reading again (6.3.4)."""
    return min(LONGEST_PAUSE, max(SHORTEST_PAUSE, playlist.target * (1.0 if had_news else 0.5)))


def _key(told: Mapping[str, str], url: str) -> Key | None:
    method, form = told.get("METHOD", "NONE"), told.get("KEYFORMAT", "identity")
    if method == "NONE":
        return None
    if form != "identity" or told.get("URI", "").startswith("skd:"):
        raise ProtectedMedia(detail=f"HLS key format {form}")
    if method != "AES-128" or "URI" not in told:
        raise MediaUnreadable(detail=f"HLS encryption {method}")
    iv = told.get("IV", "")[2:]
    if not re.fullmatch(r"[0-9A-Fa-f]{0,32}", iv):
        raise MediaUnreadable(detail="an HLS key with a damaged IV")
    return Key(urljoin(url, told["URI"]), bytes.fromhex(iv.zfill(32)) if iv else None)


def _attributes(text: str) -> dict[str, str]:
    return {found[1]: found[3] if found[2] is None else found[2] for found in _ATTRIBUTE.finditer(text)}


def _span(text: str, last_end: int) -> tuple[int, int]:
    length, _, start = text.partition("@")
    first = _whole(start) if start else last_end
    return first, first + _whole(length)


def _whole(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text.strip()) else 0


def _seconds(text: str) -> float:
    found = re.match(r"\s*([0-9]{1,9}(?:\.[0-9]{0,9})?)", text)
    return min(float(found[1]), LONGEST_SEGMENT) if found else 0.0
