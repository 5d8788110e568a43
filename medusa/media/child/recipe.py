"""What a stream needs to know of a probe: addresses, headers, cookies, fragment lists. Signed, so secret."""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import yt_dlp

from medusa.media.child.origin import Place
from medusa.media.child.ytdl import Info, text

PROTOCOLS = frozenset({"http", "https", "m3u8", "m3u8_native", "http_dash_segments"})
"""What can be fetched without ffmpeg and in order."""
_LONGEST = 256 * 1024 * 1024
"""Bytes of an unpacked recipe."""

# Everything that the downloaders read of an info dict.
_OF_FORMAT = (
    "format_id",
    "url",
    "protocol",
    "ext",
    "http_headers",
    "cookies",
    "request_data",
    "impersonate",
    "downloader_options",
    "fragments",
    "fragment_base_url",
    "format_index",
    "hls_aes",
    "hls_media_playlist_data",
    "extra_param_to_segment_url",
    "extra_param_to_key_url",
)
_OF_INFO = ("id", "extractor_key", *_OF_FORMAT[-5:])


def write(
    info: Info,
    formats: list[Info],
    thumbnails: list[str],
    media: Mapping[str, Any],
    subtitles: Sequence[Mapping[str, Any]] = (),
    cookies: str = "",
) -> bytes:
    """The recipe for any of these formats and subtitles; `media` is what the probe says of them.

    `cookies`: what `jar.dump` gave.
    """
    values = {
        "info": _kept(info, _OF_INFO),
        "formats": {f["format_id"]: _kept(f, _OF_FORMAT) for f in formats},
        "thumbnails": thumbnails,
        "cookies": cookies,
        "subtitles": {one["language"]: one for one in subtitles},
        "duration": media["duration"],
        "album": text(info, "album"),
        "sides": {f["id"]: [f["width"], f["height"]] for f in media["formats"]},
    }
    return zlib.compress(json.dumps(yt_dlp.YoutubeDL.sanitize_info(values), default=str).encode())


def read(data: bytes) -> dict[str, Any]:
    """The values of `write`."""
    values = json.loads(zlib.decompressobj().decompress(data, _LONGEST))
    assert isinstance(values, dict)
    return values


def format_info(recipe: Mapping[str, Any], format_id: str) -> Info:
    """What a downloader wants to know of one format."""
    return {**recipe["info"], **recipe["formats"][format_id]}


def place(ydl: yt_dlp.YoutubeDL, info: Info) -> Place:
    """Where a format on a web server is."""
    data = info.get("request_data")
    target, _ = ydl._parse_impersonate_targets(info.get("impersonate"))
    return Place(
        url=info["url"],
        headers=dict(info.get("http_headers") or {}),
        data=data.encode("latin-1") if isinstance(data, str) else data,
        impersonate=target,
    )


def piece(info: Info) -> int | None:
    """How much to ask for at once, where the site slows down larger requests."""
    size = (info.get("downloader_options") or {}).get("http_chunk_size")
    return size if isinstance(size, int) and size > 0 else None


def load_cookies(ydl: yt_dlp.YoutubeDL, info: Info) -> None:
    """Give yt-dlp the cookies that the site set while it was probed."""
    if cookies := info.get("cookies"):
        ydl._load_cookies(cookies, autoscope=False)


def _kept(info: Info, keys: tuple[str, ...]) -> dict[str, Any]:
    values = {key: info[key] for key in keys if info.get(key) is not None}
    return {
        key: value.decode("latin-1") if isinstance(value, bytes) else value for key, value in values.items()
    }
