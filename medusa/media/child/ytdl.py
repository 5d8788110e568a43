"""yt-dlp, set up: what it may do, where it speaks, and its answers as plain values."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import yt_dlp
import yt_dlp.globals

from medusa.media.order import FRAGMENTS_AT_ONCE, Patience

Info = Mapping[str, Any]
"""An info dict, as yt_dlp/extractor/common.py describes it. Its values are untrusted."""

LONGEST_LINE = 1000


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


def make(proxy: str, patience: Patience, *, extractors: bool) -> yt_dlp.YoutubeDL:
    """A YoutubeDL without configuration, plugins, caches or post-processors; it speaks to the proxy only."""
    yt_dlp.globals.plugin_dirs.value = []
    ydl = yt_dlp.YoutubeDL(_options(proxy, patience), auto_init=False)
    if extractors:
        ydl.add_default_info_extractors()
    return ydl


def compile_patterns() -> None:
    """Have every extractor look at a link: each compiles its pattern when it is asked for the first time."""
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
        # One link is one file; of a list, the first.
        "noplaylist": True,
        "playlist_items": "1",
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
