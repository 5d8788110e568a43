"""The subtitles of a page: which there are, and what they say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yt_dlp
from yt_dlp.networking.exceptions import RequestError
from yt_dlp.utils import ISO639Utils, YoutubeDLError

from medusa.errors import MedusaError, SubtitlesLost
from medusa.media import names
from medusa.media.child import captions, fragments, ytdl
from medusa.media.child.captions import Cue, TooManyCues
from medusa.media.child.origin import Origin, Place
from medusa.media.child.ytdl import Info, text
from medusa.media.order import Patience, StreamOrder

LARGEST = 8 * 1024 * 1024
"""Bytes of a text, and of a playlist's segments together."""
MOST = 400
"""Languages of a page: a machine translates into all of them."""
_LONGEST_NAME = 80
_READABLE = ("vtt", "srt")
"""What is understood, the best first."""
_NO_SUBTITLES = frozenset({"live_chat", "danmaku", "comments", "rechat"})
"""What some sites' extractors list among them."""

Track = Mapping[str, Any]


def of_page(info: Info) -> list[dict[str, Any]]:
    """Fields of a medusa.model.Subtitle and, under "place", where it is; the ones by people first."""
    found: dict[str, dict[str, Any]] = {}
    for key, is_automatic in (("subtitles", False), ("automatic_captions", True)):
        for language, place in _readable(info.get(key)):
            if language not in found and len(found) < MOST:
                name = names.clean((text(place, "name") or "")[:_LONGEST_NAME])
                found[language] = {
                    "language": language,
                    "name": name,
                    "is_automatic": is_automatic,
                    "place": place,
                }
    return list(found.values())


def fields(tracks: Sequence[Track]) -> list[dict[str, Any]]:
    """What a Media says of these: not where they are."""
    return [{key: value for key, value in track.items() if key != "place"} for track in tracks]


def fetch(ydl: yt_dlp.YoutubeDL, track: Track, patience: Patience) -> list[Cue]:
    """What they say. Raises SubtitlesLost, whatever is wrong with them: the video is there all the same."""
    try:
        cues = captions.parse(_decoded(_bytes(ydl, track["place"], patience)))
    except (MedusaError, RequestError, YoutubeDLError, TooManyCues) as error:
        raise SubtitlesLost(detail=f"{track['language']}: {error!r}") from error
    cues = captions.unrolled(cues) if track["is_automatic"] else cues
    if not cues:
        raise SubtitlesLost(detail=f"{track['language']}: nothing in them that could be shown")
    return cues


def of_part(cues: list[Cue], order: StreamOrder) -> list[Cue]:
    """Those of the part of the video that is wanted. Raises SubtitlesLost when nothing is said in it."""
    if not order.is_part:
        return cues
    end = None if order.end is None else round(order.end * 1000)
    if not (said := captions.part(cues, round(order.start * 1000), end)):
        raise SubtitlesLost(detail="nothing is said in this part")
    return said


def iso_639_2(language: str) -> str:
    """The three letters that files have for a language: "eng" for "en" and "en-GB"; else "und"."""
    first = language.lower().replace("_", "-").partition("-")[0]
    return first if len(first) == 3 and first.isascii() else ISO639Utils.short2long(first) or "und"


class _Gathered:
    """Takes so many bytes and no more."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data
        if len(self.data) > LARGEST:
            raise SubtitlesLost(detail=f"more than {LARGEST} bytes")


def _bytes(ydl: yt_dlp.YoutubeDL, place: Track, patience: Patience) -> bytes:
    if isinstance(place.get("data"), str):
        return str(place["data"])[:LARGEST].encode()
    gathered = _Gathered()
    if str(place.get("protocol")).startswith("m3u8"):
        # By another extension yt-dlp would put the segments together in its own way, which needs files.
        info = {**place, "id": "subtitles", "format_id": "subtitles", "ext": "txt"}
        fragments.download(ydl, info, gathered, patience, between=b"\n\n")
    else:
        for block in Origin(ydl, Place(place["url"], place.get("http_headers") or {}), patience).read():
            gathered.write(block)
    return bytes(gathered.data)


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        ytdl.say("subtitles that are not UTF-8 are taken for Windows-1252")
        return data.decode("cp1252", "replace")


def _readable(listed: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each language with the best that there is of it."""
    for language, tracks in listed.items() if isinstance(listed, Mapping) else ():
        known = [_place(t) for t in tracks or () if isinstance(t, Mapping) and t.get("ext") in _READABLE]
        usable = sorted((p for p in known if p), key=lambda p: _READABLE.index(p["ext"]))
        is_language = isinstance(language, str) and 0 < len(language) <= _LONGEST_NAME
        if usable and is_language and language not in _NO_SUBTITLES:
            yield language, usable[0]


def _place(track: Track) -> dict[str, Any] | None:
    """What is needed to fetch it; None where that is not possible."""
    place = {
        key: track[key]
        for key in ("url", "data", "ext", "name", "protocol", "http_headers")
        if track.get(key)
    }
    protocol = place.get("protocol")
    if protocol is None and str(place.get("url")).partition("?")[0].endswith(".m3u8"):
        place["protocol"] = "m3u8_native"
    is_there = "url" in place or "data" in place
    return place if is_there and protocol in (None, "http", "https", "m3u8", "m3u8_native") else None
