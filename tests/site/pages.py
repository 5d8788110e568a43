"""The site's pages and playlists, as text. Pure."""

import re
from html import escape

from tests.site import texts
from tests.site.faults import Fault
from tests.site.http import Request

TITLE = "A walk <by> the sea & back"
_TYPES = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "ts": "video/mp2t",
    "m4s": "video/iso.segment",
    "m3u8": "application/vnd.apple.mpegurl",
    "mpd": "application/dash+xml",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "mkv": "video/x-matroska",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
}

_DRM = """#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://key",KEYFORMAT="com.apple.streamingkeydelivery"
#EXTINF:2,
0.ts
#EXT-X-ENDLIST
"""
_DRM_MASTER = """#EXTM3U
#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="skd://key",KEYFORMAT="com.apple.streamingkeydelivery"
#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180
drm.m3u8
"""


def type_of(name: str) -> str:
    """The MIME type of a file by its name."""
    return _TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def text_of(request: Request, base: str) -> tuple[str, bytes] | None:
    """MIME type and body of a page or a playlist without a file; None when there is no such thing."""
    suffix = f"?{request.query_string}" if request.query_string else ""
    match request.path:
        case "page/video":
            return html(video(suffix))
        case "page/members":
            return html(video("?cookie=1"))
        case "page/og":
            return html("", f'<meta property="og:video" content="{base}/video.mp4{suffix}">')
        case "page/empty":
            return html("<p>Nothing to see.</p>")
        case "page/watch":
            return html(_watch(suffix), f'<meta property="og:image" content="{base}/picture.jpg">')
        case "page/subtitles" | "page/watch-subtitles" as page:
            return html(_with_subtitles(page, suffix))
        case path if path.startswith("texts/"):
            return _text(path.removeprefix("texts/"))
        case "drm/index.m3u8":
            return type_of("x.m3u8"), _DRM_MASTER.encode()
        case "drm/drm.m3u8":
            return type_of("x.m3u8"), _DRM.encode()
        case _:
            return None


def _text(name: str) -> tuple[str, bytes] | None:
    """Subtitles, as a file each, and as HLS has them: in segments."""
    files = {
        "en.vtt": texts.EN_VTT,
        "de.srt": texts.DE_SRT,
        "index.m3u8": texts.MASTER,
        "en.m3u8": texts.PLAYLIST,
        "0.vtt": texts.SEGMENTS[0],
        "1.vtt": texts.SEGMENTS[1],
    }
    return (type_of(name), files[name].encode()) if name in files else None


def rewrite(playlist: str, fault: Fault, query: str, internal_url: str) -> str:
    """A playlist whose segments carry its own query on, but for those that are missing or private."""
    number = -1
    lines = []
    for line in playlist.splitlines():
        if line and not line.startswith(("#", "<", " ")):
            number += 1
            line = _segment(line, number, fault, query, internal_url)
        lines.append(_addresses(line, query) if query else line)
    return "\n".join(lines) + "\n"


def _addresses(line: str, query: str) -> str:
    """A tag of HLS, or an element of DASH, whose addresses carry this query on."""
    if line.startswith("#"):
        return re.sub(r'URI="(.*?)"', rf'URI="\1?{query}"', line)
    return re.sub(r"(?=</BaseURL>)", f"?{escape(query)}", line)


def _segment(line: str, number: int, fault: Fault, query: str, internal_url: str) -> str:
    if number == fault.missing:
        return f"missing-{line}"
    if number == fault.private:
        return internal_url
    return f"{line}?{query}" if query else line


def _watch(suffix: str, tracks: str = "") -> str:
    heights = ((360, "large.mp4"), (180, "video.mp4"), (90, "small.mp4"))
    sources = "".join(
        f'<source src="/{name}{suffix}" type="video/mp4" label="{height}p" res="{height}">'
        for height, name in heights
    )
    return f'<video poster="/picture.jpg">{sources}{tracks}</video>'


def _tracks(suffix: str) -> str:
    return "".join(
        f'<track kind="subtitles" src="/texts/{name}{suffix}" srclang="{language}" label="{label}">'
        for name, language, label in (("en.vtt", "en-GB", "English"), ("de.srt", "de", "Deutsch"))
    )


def _with_subtitles(page: str, suffix: str) -> str:
    if page == "page/watch-subtitles":
        return _watch(suffix, _tracks(suffix))
    source = f'<source src="/video.mp4{suffix}" type="video/mp4">'
    gone = '<track kind="subtitles" src="/texts/gone.vtt" srclang="fr" label="Français">'
    return f"<video controls>{source}{_tracks(suffix)}{gone}</video>"


def video(suffix: str) -> str:
    """A player for the short film."""
    return f'<video controls><source src="/video.mp4{suffix}" type="video/mp4"></video>'


def html(body: str, head: str = "") -> tuple[str, bytes]:
    """MIME type and body of a page."""
    title = TITLE.replace("&", "&amp;").replace("<", "&lt;")
    page = f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return "text/html; charset=utf-8", page.encode()
