"""What a link leads to: yt-dlp's answer, and a look at the files themselves."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import yt_dlp
from yt_dlp.networking.exceptions import RequestError

from medusa.errors import LiveStream, MedusaError, NotStarted, ProtectedMedia, UnsupportedSite
from medusa.media.child import jar, lists, offer, recipe, subtitles, ytdl
from medusa.media.child.delivery import BLOCK, Delivery
from medusa.media.child.sniff import Finding, sniff
from medusa.media.child.ytdl import Info, number, text, whole
from medusa.media.order import Patience, ProbeOrder

_LOOKS = 6
"""So many files are looked at, the best ones."""
_LOOKS_AT_ONCE = 3
_THUMBNAILS = 3
_THUMBNAIL_WIDTH = 320


def run(order: ProbeOrder, delivery: Delivery) -> None:
    """Deliver the recipe as data and the Media as summary; or the entries of a list as data, and as summary
    the list. Raises errors of medusa.errors and of yt-dlp."""
    ydl = ytdl.make(
        order.proxy, order.patience, extractors=True, plugins=order.plugins, options=order.options
    )
    watch = jar.load(ydl, order.cookies)
    found = lists.look(ydl, order)
    if isinstance(found, lists.Many):
        _deliver(delivery, json.dumps(found.entries).encode())
        listed = offer.playlist(order.url, found.info, is_cut=found.is_cut)
        delivery.summary({"list": listed, "ytdlp": yt_dlp.version.__version__})
        return
    secret, media = _medium(ydl, order, found)
    _deliver(delivery, secret)
    delivery.summary(media | {"used_cookies": watch.has_used, "ytdlp": yt_dlp.version.__version__})


def _medium(ydl: yt_dlp.YoutubeDL, order: ProbeOrder, info: Info) -> tuple[bytes, dict[str, Any]]:
    """The recipe and the fields of a Media."""
    refuse_what_has_not_begun(info)
    found = _look_at_all(ydl, fetchable(info), order.patience)
    formats = [f for f, _ in found]
    findings = {f["format_id"]: finding for f, finding in found if finding is not None}
    texts = subtitles.of_page(info)
    media = offer.media(order.url, info, formats, findings)
    media |= {"is_live": is_live(info), "subtitles": subtitles.fields(texts)}
    return recipe.write(info, formats, thumbnails(info), media, texts, jar.dump(ydl)), media


def _deliver(delivery: Delivery, data: bytes) -> None:
    for start in range(0, len(data), BLOCK):
        delivery.data(start, data[start : start + BLOCK])


def refuse_what_has_not_begun(info: Info) -> None:
    """Raises NotStarted."""
    if info.get("live_status") == "is_upcoming":
        raise NotStarted(detail="live_status")


def is_live(info: Info) -> bool:
    """Whether it is being broadcast."""
    return bool(info.get("is_live")) or info.get("live_status") == "is_live"


def fetchable(info: Info) -> list[Info]:
    """What can be fetched, in yt-dlp's order, best last; of a broadcast that is HLS.

    Raises LiveStream, ProtectedMedia, UnsupportedSite.
    """
    offered: Sequence[Info] = info.get("formats") or [info]
    plain = [f for f in offered if not f.get("has_drm") and _has_tracks(f) and _is_complete(f)]
    if plain and is_live(info):
        plain = [f for f in plain if str(f["protocol"]).startswith("m3u8")]
        if not plain:
            raise LiveStream(detail="no HLS")
    if not plain:
        if info.get("_has_drm") or any(f.get("has_drm") for f in offered):
            raise ProtectedMedia(detail="has_drm")
        protocols = sorted({str(f.get("protocol")) for f in offered})
        raise UnsupportedSite(detail=f"nothing that can be fetched among {protocols}")
    return plain


def thumbnails(info: Info) -> list[str]:
    """Addresses of pictures, the first to be tried first: the smallest that is large enough."""
    known = [t for t in info.get("thumbnails") or () if text(t, "url")]
    wide = [t for t in known if (whole(t, "width") or 0) >= _THUMBNAIL_WIDTH]
    ordered = sorted(wide, key=lambda t: number(t, "width") or 0) + list(reversed(known))
    urls = [t["url"] for t in ordered] + [info.get("thumbnail")]
    return list(dict.fromkeys(url for url in urls if isinstance(url, str)))[:_THUMBNAILS]


def _has_tracks(info: Info) -> bool:
    return not (info.get("vcodec") == "none" and info.get("acodec") == "none")


def _is_complete(info: Info) -> bool:
    """Whether a later child can fetch it: fragments that are still being made cannot be handed on."""
    if info.get("protocol") not in recipe.PROTOCOLS or not text(info, "format_id"):
        return False
    return info["protocol"] != "http_dash_segments" or isinstance(info.get("fragments"), Sequence)


def _look_at_all(
    ydl: yt_dlp.YoutubeDL, formats: list[Info], patience: Patience
) -> list[tuple[Info, Finding | None]]:
    """Each format that is there, with what was seen of it. Raises the best one's error when none is."""
    looked_at = [f for f in formats if _wants_look(f)][-_LOOKS:]
    failures: list[Exception] = []
    found: list[tuple[Info, Finding | None]] = []
    with ThreadPoolExecutor(_LOOKS_AT_ONCE) as pool:
        looks = {f["format_id"]: pool.submit(sniff, ydl, f, patience) for f in looked_at}
        for format_ in formats:
            look = looks.get(format_["format_id"])
            try:
                finding = look.result() if look else None
            except (RequestError, MedusaError) as error:
                ytdl.say(f"format {format_['format_id']}: {error}")
                failures.append(error)
            else:
                if finding is None or finding.extension or finding.mime != "text/html":
                    found.append((format_, finding))
    if not found:
        raise failures[-1] if failures else UnsupportedSite(detail="a web page in the place of a file")
    return found


def _wants_look(info: Info) -> bool:
    """A file on a web server whose size or tracks the site did not tell."""
    if info["protocol"] not in ("http", "https"):
        return False
    return not (info.get("filesize") and info.get("vcodec") and info.get("acodec"))
