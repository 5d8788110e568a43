"""A file on a web server: read once from end to end, or at any place, and never wrong bytes.

yt-dlp's own downloader starts a file over into the same output when it cannot resume, and takes a changed
file for the old one. So this reads by itself, through yt-dlp's network layer with its cookies, headers and
impersonation.
"""

import contextlib
import re
import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import yt_dlp
from yt_dlp.networking import Request, Response
from yt_dlp.networking.exceptions import HTTPError, TransportError

from medusa.errors import MediaUnreadable, SourceChanged, SourceIncomplete, SourceUnreachable
from medusa.media.order import Patience

BLOCK = 256 * 1024
_READ = 16 * 1024
"""Bytes at a time: a read that fails loses what it had."""
LARGEST_PACKED = 64 * 1024 * 1024
"""Bytes, unpacked, of what a server packs although it was asked not to: ten megabytes may hide gigabytes."""
_LONGEST_WAIT = 0.5
"""Seconds that bytes wait for company."""
_LONGEST_PAUSE = 10.0
_SPAN = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


class Span(NamedTuple):
    """What a Content-Range says: bytes `start` to `end`, the latter not included, of `total`."""

    start: int
    end: int
    total: int | None


class Version(NamedTuple):
    """How a server tells one state of a file from another; None: it does not say."""

    total: int | None
    etag: str | None
    modified: str | None

    def differs(self, other: "Version") -> bool:
        """Whether some mark is known of both, and not the same."""
        return any(a != b for a, b in zip(self, other, strict=True) if a is not None and b is not None)


class Place(NamedTuple):
    """Where a file is, and how to ask for it."""

    url: str
    headers: Mapping[str, str]
    data: bytes | None = None
    impersonate: object = None
    """yt-dlp's ImpersonateTarget."""
    start: int = 0
    end: int | None = None
    """Not included; None: to the end of the file."""


class Origin:
    """One file, or one range of it; offsets count from the start of the range."""

    def __init__(
        self,
        ydl: yt_dlp.YoutubeDL,
        place: Place,
        patience: Patience,
        *,
        piece: int | None = None,
        ask_ranges: bool = False,
    ) -> None:
        """`piece`: ask for at most so many bytes at once, since some sites slow down what asks for more.

        `ask_ranges`: find out with the first request whether the server honours ranges.
        """
        self._ydl = ydl
        self._place = place
        self._patience = patience
        self._piece = piece
        self._ask_ranges = ask_ranges
        self.version: Version | None = None
        self.ranges = False
        """Whether the server honoured a range."""
        self.headers: Mapping[str, str] = {}
        """Of the first response."""
        self.url = place.url
        """Where redirects led."""

    @property
    def size(self) -> int | None:
        """Bytes, known after the first response where the server says so."""
        place = self._place
        total = self.version.total if self.version else None
        if place.end is not None:
            return place.end - place.start
        return None if total is None else total - place.start

    def read(self, position: int = 0) -> Iterator[bytes]:
        """The bytes from `position` to the end, in order; resumed after a failure where the server can.

        Raises SourceUnreachable, SourceIncomplete, SourceChanged, MediaUnreadable, and HTTPError for what the
        server answers.
        """
        failures = 0
        while True:
            before = position
            failure: Exception | None = None
            try:
                for block in self._read_once(position):
                    position += len(block)
                    failures = 0
                    yield block
                if self._is_complete(position):
                    return
            except HTTPError as error:
                if not _is_passing(error):
                    raise
                failure = error
            except TransportError as error:
                failure = error
            if failure is None and self._piece and position > before:
                continue
            failures += 1
            if failures > self._patience.retries:
                kind = SourceIncomplete if position else SourceUnreachable
                raise kind(detail=f"{position} of {self.size} bytes; {failure}") from failure
            time.sleep(min(_LONGEST_PAUSE, self._patience.pause * 2 ** (failures - 1)))

    def _is_complete(self, position: int) -> bool:
        if self.size is None:
            # A piece never is the whole; otherwise the end is where the server closes.
            return not (self._piece and self.ranges)
        if position > self.size:
            raise SourceIncomplete(detail=f"{position} bytes where {self.size} were promised")
        return position == self.size

    def _read_once(self, position: int) -> Iterator[bytes]:
        """The body of one response, in blocks that are worth passing on."""
        with contextlib.closing(self._request(position)) as response:
            waiting = bytearray()
            since = time.monotonic()
            try:
                while data := response.read(_READ):
                    waiting += data
                    _check_unpacked(response, position + len(waiting))
                    if len(waiting) >= BLOCK or time.monotonic() - since > _LONGEST_WAIT:
                        yield bytes(waiting)
                        position += len(waiting)
                        waiting.clear()
                        since = time.monotonic()
            except TransportError:
                if waiting:
                    yield bytes(waiting)
                raise
            if waiting:
                yield bytes(waiting)

    def _request(self, position: int) -> Response:
        """A response whose body starts at `position`."""
        start = self._place.start + position
        wants_range = bool(start or self._place.end is not None or self._piece or self._ask_ranges)
        try:
            response = self._ydl.urlopen(self._make_request(start, wants_range))
        except HTTPError as error:
            if error.status == 416 and self.version is not None:
                raise self._cannot_resume(_version(error.response, None), position) from error
            raise
        span = _span(response.headers.get("Content-Range")) if response.status == 206 else None
        self._check(_version(response, span), span, start, response)
        return response

    def _make_request(self, start: int, wants_range: bool) -> Request:
        headers = {"Accept-Encoding": "identity", **self._place.headers}
        if wants_range:
            ends = [self._place.end, start + self._piece if self._piece else None]
            end = min((end for end in ends if end is not None), default=None)
            headers["Range"] = f"bytes={start}-{'' if end is None else end - 1}"
        extensions = {"impersonate": self._place.impersonate} if self._place.impersonate else {}
        return Request(self._place.url, self._place.data, headers, extensions=extensions)

    def _check(self, version: Version, span: Span | None, start: int, response: Response) -> None:
        """Take note of the first response, and hold every later one against it."""
        if (span is None and start > 0) or (span is not None and span.start != start):
            response.close()
            raise self._cannot_resume(version, start - self._place.start)
        if self.version is None:
            self.version, self.headers, self.url = version, response.headers, response.url
        elif self.version.differs(version):
            response.close()
            raise SourceChanged(detail=f"{self.version} became {version}")
        self.ranges = self.ranges or span is not None

    def _cannot_resume(self, version: Version, position: int) -> SourceChanged | SourceIncomplete:
        if self.version is not None and self.version.differs(version):
            return SourceChanged(detail=f"{self.version} became {version}")
        return SourceIncomplete(detail=f"the server cannot resume at byte {position} of {self.size}")


def _span(header: str | None) -> Span | None:
    found = _SPAN.fullmatch((header or "").strip())
    return (
        Span(int(found[1]), int(found[2]) + 1, None if found[3] == "*" else int(found[3])) if found else None
    )


def _version(response: Response, span: Span | None) -> Version:
    headers = response.headers
    if span is not None:
        total = span.total
    elif response.status == 416:
        found = re.search(r"\*/(\d+)", headers.get("Content-Range") or "")
        total = int(found[1]) if found else None
    else:
        length = headers.get("Content-Length") or ""
        # What arrives compressed is longer than what was sent.
        total = int(length) if length.isdecimal() and not headers.get("Content-Encoding") else None
    return Version(total, headers.get("ETag"), headers.get("Last-Modified"))


def _check_unpacked(response: Response, size: int) -> None:
    """Raises MediaUnreadable."""
    if size > LARGEST_PACKED and response.headers.get("Content-Encoding", "identity") not in ("", "identity"):
        raise MediaUnreadable(detail=f"more than {LARGEST_PACKED} bytes that were sent packed")


def _is_passing(error: HTTPError) -> bool:
    """Whether the same request may well be answered in a moment."""
    return error.status in (408, 425, 429) or error.status >= 500
