"""HLS and DASH: yt-dlp reads the playlists and decrypts, the fragments stay in memory.

Left to itself, yt-dlp fetches each fragment into a file in the working directory, any number of them ahead
of a slow reader, skips those that are missing, and hands to ffmpeg what it cannot do.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

import yt_dlp
from yt_dlp.downloader.dash import DashSegmentsFD
from yt_dlp.downloader.hls import HlsFD
from yt_dlp.networking.exceptions import RequestError

from medusa.errors import LiveStream, MediaUnreadable, ProtectedMedia, SourceIncomplete
from medusa.media.child.ahead import fetch_ahead
from medusa.media.child.meter import Meter
from medusa.media.child.origin import Origin, Place
from medusa.media.child.playlist import Lengths, hls_lengths, part
from medusa.media.child.span import Span
from medusa.media.child.ytdl import Info
from medusa.media.child.ytdl import number as positive
from medusa.media.order import FRAGMENTS_AT_ONCE, Patience

AHEAD = 16 * 1024 * 1024
"""Bytes of fragments that may wait for their turn."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a fragment that has to be held whole."""
_TELLING = 3
"""Fragments after which their number tells something of the size: the first may be an init segment."""

Fragment = Mapping[str, Any]
Decrypt = Callable[[Fragment, bytes], bytes]


class Sink(Protocol):
    """Where the bytes go."""

    def write(self, data: bytes) -> None: ...


class InMemory:
    """Takes the place of yt-dlp's handling of fragments; mixed into its downloaders."""

    ydl: yt_dlp.YoutubeDL
    sink: Sink
    patience: Patience
    meter: Meter
    span: Span | None = None
    """The section that is wanted of it."""
    begin: Callable[[float], None]
    """Told the time at which the fetched part begins, before its first byte."""
    between: bytes = b""
    """What is written between two fragments."""

    def _prepare_and_start_frag_download(self, context: dict[str, Any], info: Info) -> None:
        context["fragment_index"] = 0

    def download_and_append_fragments(
        self, context: Mapping[str, Any], fragments: Iterable[Fragment], info: Info, **_: Any
    ) -> bool:
        """Write all fragments in order. Raises SourceIncomplete when one is missing."""
        todo = list(fragments)
        if not todo:
            raise SourceIncomplete(detail="a playlist without fragments")
        if self.span is not None:
            wanted = part(self._lengths(info), len(todo), self.span)
            todo = [todo[number] for number in wanted.numbers]
            self.begin(wanted.begins)
        received = 0
        last = 1
        for number, data in self._data(todo, info):
            self.sink.write(data if number == last else self.between + data)
            last = number
            received += len(data)
            total = received * len(todo) // number if number >= _TELLING else None
            self.meter.report(received, total)
        self.meter.report(received, received, force=True)
        return True

    def _lengths(self, info: Info) -> Lengths:
        """Seconds of each fragment."""
        raise NotImplementedError

    def _data(self, todo: list[Fragment], info: Info) -> Iterator[tuple[int, bytes]]:
        """What to write, with the number of fragments begun so far."""
        if len(todo) <= 2 and not any(_is_encrypted(fragment) for fragment in todo):
            # A whole file, dressed up as a playlist.
            for number, fragment in enumerate(todo, 1):
                for block in self._read(fragment, info):
                    yield number, block
            return
        decrypt = self.decrypter(info)  # type: ignore[attr-defined]  # yt-dlp's
        fetched = fetch_ahead(
            todo,
            lambda fragment: self._fetch(fragment, info),
            size_of=lambda blocks: sum(map(len, blocks)),
            at_once=FRAGMENTS_AT_ONCE,
            limit=AHEAD,
        )
        for number, (fragment, blocks) in enumerate(fetched, 1):
            if _is_encrypted(fragment):
                blocks = deque([opened(decrypt, fragment, b"".join(blocks))])
            while blocks:
                yield number, blocks.popleft()

    def _fetch(self, fragment: Fragment, info: Info) -> deque[bytes]:
        blocks: deque[bytes] = deque()
        size = 0
        for block in self._read(fragment, info):
            blocks.append(block)
            size += len(block)
            if size > LARGEST:
                raise MediaUnreadable(detail=f"a fragment of more than {LARGEST} bytes")
        return blocks

    def _read(self, fragment: Fragment, info: Info) -> Iterator[bytes]:
        span = fragment.get("byte_range") or {}
        place = Place(
            fragment["url"], info.get("http_headers") or {}, start=span.get("start", 0), end=span.get("end")
        )
        try:
            yield from Origin(self.ydl, place, self.patience).read()
        except RequestError as error:
            raise SourceIncomplete(detail=f"fragment {fragment['frag_index']}: {error}") from error


def opened(decrypt: Decrypt, fragment: Fragment, data: bytes) -> bytes:
    """A fragment decrypted. Raises MediaUnreadable where it, or its key, is none."""
    try:
        return decrypt(fragment, data)
    except ValueError as error:
        raise MediaUnreadable(detail=f"fragment {fragment['frag_index']}: {error}") from error


def _is_encrypted(fragment: Fragment) -> bool:
    method: str = fragment.get("decrypt_info", {}).get("METHOD", "NONE")
    return method != "NONE"


class _Hls(InMemory, HlsFD):  # type: ignore[misc]
    playlist = ""

    def _lengths(self, info: Info) -> Lengths:
        return hls_lengths(self.playlist, info.get("format_index"))

    def can_download(self, manifest: str, info: Info, allow_unplayable_formats: bool = False) -> bool:
        """Always true: what only ffmpeg could fetch is refused. Raises errors of medusa.errors."""
        self.playlist = manifest
        if "#EXT-X-ENDLIST" not in manifest and "#EXT-X-PLAYLIST-TYPE:VOD" not in manifest:
            raise LiveStream(detail="an HLS playlist that goes on")
        can: bool = HlsFD.can_download(manifest, info, allow_unplayable_formats)
        if can:
            return True
        if self._has_drm(manifest):
            raise ProtectedMedia(detail="HLS key format")
        raise MediaUnreadable(detail="an HLS playlist that is encrypted other than with AES-128")


class _Dash(InMemory, DashSegmentsFD):  # type: ignore[misc]
    def _lengths(self, info: Info) -> Lengths:
        return [positive(fragment, "duration") for fragment in info["fragments"]]


def download(
    ydl: yt_dlp.YoutubeDL,
    info: Info,
    sink: Sink,
    patience: Patience,
    *,
    between: bytes = b"",
    span: Span | None = None,
    begin: Callable[[float], None] = lambda time: None,
) -> None:
    """Write the stream of an HLS or DASH format to `sink`, with `between` behind every fragment but the last.

    Of a `span` no more than the fragments that hold it; `begin` is told at which time they start.
    Raises errors of medusa.errors, and yt-dlp's for the playlist itself.
    """
    downloader = (_Hls if info["protocol"].startswith("m3u8") else _Dash)(ydl, ydl.params)
    downloader.sink, downloader.patience, downloader.meter = sink, patience, Meter(info["format_id"])
    downloader.between, downloader.span, downloader.begin = between, span, begin
    if not downloader.real_download("-", dict(info)):
        raise SourceIncomplete(detail="yt-dlp gave up")
