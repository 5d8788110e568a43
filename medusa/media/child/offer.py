"""An info dict and what was seen of its files, as the fields of medusa.model.Media. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from medusa.media import names
from medusa.media.child.sniff import Finding
from medusa.media.child.ytdl import Info, number, text, whole
from medusa.media.containers import UNKNOWN

Findings = Mapping[str, Finding]
"""By format id; not every format was looked at."""

_SPELLINGS = {
    "Youtube": "YouTube",
    "Soundcloud": "SoundCloud",
    "BiliBili": "bilibili",
    "GoogleDrive": "Google Drive",
}
"""By what the names of a site's extractors begin with: YoutubeTab is YouTube, too."""
_LONGEST = 500
"""Characters of a title."""
_NO_SITE = frozenset({"Generic", "HTML5MediaEmbed"})
"""Extractors that work on any site."""


def media(url: str, info: Info, formats: Sequence[Info], findings: Findings) -> dict[str, Any]:
    """The fields of a Media, without its recipe."""
    described = [f.description for f in findings.values() if f.description]
    offered = [_format(f, findings.get(f["format_id"]), _duration(info, formats)) for f in formats]
    direct = findings.get(formats[0]["format_id"]) if info.get("direct") and len(formats) == 1 else None
    kind = _kind(offered, direct)
    tags = described[0] if direct and described else None
    return {
        "url": url,
        "title": _title(info, kind, direct),
        "source": _source(info, url),
        "kind": kind,
        "formats": offered,
        "duration": _duration(info, formats) or next((d.duration for d in described if d.duration), None),
        "performer": (tags and tags.performer) or _artist(info, kind, direct),
        "mime": direct.mime if direct else None,
    }


def playlist(url: str, info: Info, *, is_cut: bool) -> dict[str, Any]:
    """The fields of a Playlist, without its entries."""
    title = names.clean((text(info, "title") or "")[:_LONGEST])
    source = _source(info, url)
    return {"url": url, "title": title or source, "source": source, "is_cut": is_cut}


def _format(info: Info, finding: Finding | None, duration: float | None) -> dict[str, Any]:
    seen = finding.description if finding else None
    still = finding.still if finding else None
    size = (finding.size if finding else None) or whole(info, "filesize") or whole(info, "filesize_approx")
    duration = duration or (seen.duration if seen else None)
    return {
        "id": info["format_id"],
        "protocol": info["protocol"],
        "container": still.form if still else (finding.extension if finding else None) or _container(info),
        "video_codec": seen.video if seen else _codec(info, "vcodec"),
        "audio_codec": seen.audio if seen else _codec(info, "acodec"),
        "width": still.width if still else (seen and seen.width) or whole(info, "width"),
        "height": still.height if still else (seen and seen.height) or whole(info, "height"),
        "fps": (seen and seen.fps) or number(info, "fps"),
        "bitrate": number(info, "tbr") or (size / duration / 125 if size and duration else None),
        "size": size,
        "size_is_exact": bool(finding and finding.size is not None),
        "language": text(info, "language"),
        "ranges": bool(finding and finding.ranges),
        "index_is_late": bool(finding and finding.index_is_late),
        "index_size": finding.index_size if finding else None,
        "is_fragmented": bool(finding and finding.is_fragmented),
    }


def _container(info: Info) -> str:
    container = text(info, "container") or ""
    return container if container.endswith("_dash") else text(info, "ext") or "mp4"


def _codec(info: Info, key: str) -> str | None:
    name = text(info, key)
    return None if name == "none" else name or UNKNOWN


def _kind(offered: Sequence[Mapping[str, Any]], direct: Finding | None) -> str:
    if direct is not None and direct.extension is None:
        return "document"
    return "video" if any(f["video_codec"] is not None for f in offered) else "audio"


def _title(info: Info, kind: str, direct: Finding | None) -> str:
    if direct is None:
        title = names.clean((text(info, "title") or "")[:_LONGEST])
        if info.get("extractor_key") == "HTML5MediaEmbed":
            title = title.removesuffix(" (1)")  # which numbers the videos of a page, even one
        return title or text(info, "id") or "media"
    if kind == "document":
        return direct.name
    tagged = direct.description.title if direct.description else None
    return names.clean((tagged or "")[:_LONGEST]) or names.split(direct.name)[0] or direct.name


def _artist(info: Info, kind: str, direct: Finding | None) -> str | None:
    """Who made the music; who put it on the site, where that is all there is to know."""
    uploader = text(info, "uploader") if kind == "audio" and direct is None else None
    return names.clean((text(info, "artist") or uploader or "")[:_LONGEST]) or None


def _source(info: Info, url: str) -> str:
    key = text(info, "extractor_key") or "Generic"
    if key in _NO_SITE:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    return next((name for start, name in _SPELLINGS.items() if key.startswith(start)), key)


def _duration(info: Info, formats: Sequence[Info]) -> float | None:
    """What the page says, else the sum of the fragments."""
    if known := number(info, "duration"):
        return known
    for format_ in formats:
        lengths = [number(fragment, "duration") for fragment in format_.get("fragments") or ()]
        if total := sum(length for length in lengths if length):
            return total
    return None
