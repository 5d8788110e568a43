"""yt-dlp, set up: what it may do, where it speaks, and its answers as plain values."""

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import yt_dlp

from medusa.errors import MediaUnreadable
from medusa.media.child import customs
from medusa.media.order import FRAGMENTS_AT_ONCE, Patience

Info = Mapping[str, Any]
"""An info dict, as yt_dlp/extractor/common.py describes it. Its values are untrusted."""

LISTS = frozenset({"playlist", "multi_video"})
"""The types of info dicts that have entries."""
LONGEST_LINE = 1000
LARGEST_PAGE = 32 * 1024 * 1024
"""Bytes, unpacked, of what is read whole: pages, playlists, keys. Ten megabytes may unpack to gigabytes."""
_STEP = 256 * 1024


class Log:
    """Takes yt-dlp's messages to the standard error, a line each."""

    def debug(self, message: str) -> None:
        """Chatter, which yt-dlp sends here as well as its screen output."""

    def warning(self, message: str) -> None:
        say(f"warning: {message}")

    def error(self, message: str) -> None:
        say(f"error: {message}")


def say(message: str) -> None:
    """One bounded line for the log."""
    sys.stderr.write(" ".join(message.split())[:LONGEST_LINE] + "\n")


def report(format_id: str, received: int, total: int | None) -> None:
    """One line of progress."""
    sys.stderr.write(json.dumps({"format": format_id, "received": received, "total": total}) + "\n")


class Ydl(yt_dlp.YoutubeDL):  # type: ignore[misc]  # yt-dlp has no types
    """yt-dlp that leaves playlists alone."""

    def process_ie_result(
        self, ie_result: Any, download: bool = True, extra_info: dict[str, Any] | None = None
    ) -> Any:
        """A playlist as its extractor has it; a reference to something else is followed."""
        if ie_result.get("_type") in LISTS:
            return {**(extra_info or {}), **ie_result}
        return super().process_ie_result(ie_result, download, extra_info)

    def urlopen(self, req: Any) -> Any:
        """As yt-dlp does, and the jar is asked for both ends: curl takes cookies out of it without asking."""
        self.cookiejar.get_cookies_for_url(getattr(req, "url", None) or getattr(req, "full_url", req))
        response = super().urlopen(req)
        self.cookiejar.get_cookies_for_url(response.url)
        response.read = partial(_read, response.read)
        return response


def _read(read: Callable[[int], bytes], size: int | None = None) -> bytes:
    """So many bytes of an answer, or all of them. Raises MediaUnreadable when these are too many."""
    if size is not None and size >= 0:
        return read(size)
    data = bytearray()
    while block := read(_STEP):
        data += block
        if len(data) > LARGEST_PAGE:
            raise MediaUnreadable(detail=f"a page of more than {LARGEST_PAGE} bytes")
    return bytes(data)


def make(proxy: str, patience: Patience, *, extractors: bool, plugins: str = "") -> yt_dlp.YoutubeDL:
    """A YoutubeDL without configuration, caches or post-processors; it speaks to the proxy only.

    `plugins`: the directory with the only ones that are loaded, empty for none.
    """
    customs.load(plugins if extractors else "")
    ydl = Ydl(_options(proxy, patience), auto_init=False)
    if extractors:
        ydl.add_default_info_extractors()
    return ydl


def get_ready() -> None:
    """Load what looks at most links, and have every extractor look at one: that compiles its pattern."""
    importlib.import_module("yt_dlp.extractor.generic")
    for extractor in yt_dlp.extractor.gen_extractor_classes():
        extractor.suitable("https://example.org/")


def _options(proxy: str, patience: Patience) -> dict[str, Any]:
    return {
        "quiet": True,
        "noprogress": True,
        "logger": Log(),
        "color": "never",
        "cachedir": False,
        "proxy": proxy,
        "socket_timeout": patience.silence,
        "extractor_retries": min(2, patience.retries),
        # A video that is also in a playlist is meant by itself.
        "noplaylist": True,
        # Any choice of formats is made later, by medusa.media.choose.
        "format": lambda context: context["formats"][-1:],
        "js_runtimes": {"deno": {}},
        "remote_components": (),
        # A fragment that is missing is an error, not a gap.
        "skip_unavailable_fragments": False,
        "concurrent_fragment_downloads": FRAGMENTS_AT_ONCE,
        "hls_prefer_native": True,
    }


def text(info: Info, key: str) -> str | None:
    """A string that is not empty, or None."""
    value = info.get(key)
    return value.strip() or None if isinstance(value, str) else None


def number(info: Info, key: str) -> float | None:
    """A positive number, or None."""
    value = info.get(key)
    return value if isinstance(value, int | float) and 0 < value < float("inf") else None


def whole(info: Info, key: str) -> int | None:
    """A positive number, rounded, or None."""
    value = number(info, key)
    return None if value is None else round(value)
