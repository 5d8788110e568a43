"""Whether a link leads to one medium or to many, and to which; nothing is asked for the single ones."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

import yt_dlp
from yt_dlp.utils import PlaylistEntries, YoutubeDLError, smuggle_url, unsmuggle_url

from medusa.errors import LoginNeeded, MedusaError, SourceGone, UnsupportedSite
from medusa.media import drive, names
from medusa.media.child import trouble, ytdl
from medusa.media.child.ytdl import LISTS, Info, number, text
from medusa.media.link import check_link, numbered, split_number
from medusa.media.order import ProbeOrder

LONGEST_TIME = 40.0
"""Seconds for the entries of a list, some of which come a hundred at a time; the bot waits for a minute."""
_NESTED = 5
"""A list that leads to a list that leads to … so often."""
_MOST_FOLLOWED = 20
"""Lists within a list that are asked for what is in them."""
_LONGEST_TITLE = 200


T = TypeVar("T")


class Many(NamedTuple):
    """A list of more than one."""

    info: Info
    """Of the list itself."""
    entries: list[dict[str, Any]]
    """The fields of medusa.playlist.Entry."""
    is_cut: bool


def look(ydl: yt_dlp.YoutubeDL, order: ProbeOrder) -> Info | Many:
    """What is behind the link of this order.

    Raises UnsupportedSite, SourceGone, LoginNeeded and yt-dlp's errors.
    """
    url, wanted = split_number(order.url)
    if wanted is not None and wanted > order.most_entries:
        raise SourceGone(detail=f"no entry {wanted}")
    info: Info | None = _ask(ydl, url, order.hint)
    for _ in range(_NESTED):
        if info is None:
            break
        if info.get("_type", "video") not in LISTS:
            return info
        found, is_cut = collected(_flat(ydl, info), wanted or order.most_entries)
        if wanted is not None:
            if len(found) < wanted:
                raise SourceGone(detail=f"no entry {wanted}")
            info, wanted = _follow(ydl, *found[-1]), None
        elif len(found) > 1 or is_cut:
            entries = [_fields(ydl, url, place, entry) for place, (_, entry) in enumerate(found, 1)]
            return Many(info, entries, is_cut)
        else:
            info = _follow(ydl, *found[0]) if found else None
    raise UnsupportedSite(detail="an empty list")


def collected(
    entries: Iterable[T], most: int, *, clock: Callable[[], float] = time.monotonic
) -> tuple[list[T], bool]:
    """As many entries as may be and can be had in time, and whether there are more."""
    found: list[T] = []
    end = clock() + LONGEST_TIME
    for entry in entries:
        if len(found) == most or (found and clock() > end):
            return found, True
        found.append(entry)
    return found, False


def _ask(ydl: yt_dlp.YoutubeDL, url: str, hint: str) -> Info | None:
    """yt-dlp's answer. Of Google Drive it knows the videos only."""
    if document := drive.export_address(url):
        return _plain_file(ydl, document)
    given = json.loads(hint) if hint else {}
    asked = smuggle_url(url, given["smuggled"]) if "smuggled" in given else url
    try:
        return _typed(ydl.extract_info(asked, download=False, ie_key=given.get("extractor")))
    except YoutubeDLError as error:
        file = drive.download_address(url)
        if file is None:
            raise
        ytdl.say(f"no video of Google Drive: {error}")
    return _plain_file(ydl, file)


def _plain_file(ydl: yt_dlp.YoutubeDL, url: str) -> Info | None:
    try:
        return _typed(ydl.extract_info(url, download=False, ie_key="Generic"))
    except YoutubeDLError as error:
        if isinstance(trouble.translate(error), UnsupportedSite):  # a web page: to log in, or that explains
            raise LoginNeeded(
                "Google Drive does not give this file to everybody.", detail=str(error)
            ) from error
        raise


def _follow(ydl: yt_dlp.YoutubeDL, parent: Info, entry: Info) -> Info | None:
    """What an entry leads to."""
    known = {key: parent.get(key) for key in ("extractor", "extractor_key", "webpage_url")}
    extra = {key: value for key, value in known.items() if value is not None}
    return _typed(ydl.process_ie_result(dict(entry), download=False, extra_info=extra))


def _flat(ydl: yt_dlp.YoutubeDL, info: Info) -> Iterator[tuple[Info, Info]]:
    """The single entries of a list, and of the lists in it, each with the list that it is in."""
    followed = 0
    waiting = [_entries(ydl, info)]
    while waiting:
        found = next(waiting[-1], None)
        if found is None:
            waiting.pop()
            continue
        parent, entry = found
        if entry.get("_type") in LISTS:
            waiting.append(_entries(ydl, {**_about(parent), **entry}))
        elif len(waiting) < _NESTED and followed < _MOST_FOLLOWED and _is_list(ydl, entry):
            followed += 1
            inner = _follow(ydl, parent, entry)
            if inner is not None:
                waiting.append(
                    _entries(ydl, inner) if inner.get("_type") in LISTS else iter([(parent, inner)])
                )
        else:
            yield parent, entry


def _entries(ydl: yt_dlp.YoutubeDL, info: Info) -> Iterator[tuple[Info, Info]]:
    if info.get("entries") is None:
        return
    for _, entry in PlaylistEntries(ydl, info).get_requested_items():
        if entry:
            yield info, entry


def _about(info: Info) -> dict[str, Any]:
    return {key: info[key] for key in ("extractor", "extractor_key", "webpage_url") if key in info}


def _is_list(ydl: yt_dlp.YoutubeDL, entry: Info) -> bool:
    """Whether an entry is known to lead to a list."""
    extractor = _extractor(ydl, entry)
    return extractor is not None and extractor.is_single_video(entry["url"]) is False


def _extractor(ydl: yt_dlp.YoutubeDL, entry: Info) -> Any:
    """The one that an entry names for its link."""
    is_link = entry.get("_type") in ("url", "url_transparent") and text(entry, "ie_key")
    return ydl.get_info_extractor(entry["ie_key"]) if is_link else None


def _fields(ydl: yt_dlp.YoutubeDL, page: str, place: int, entry: Info) -> dict[str, Any]:
    link, hint = _address(ydl, entry) or (numbered(page, place), "")
    title = names.clean((text(entry, "title") or "")[:_LONGEST_TITLE])
    last = split_number(link)[0].partition("?")[0].rstrip("/").rpartition("/")[2]
    return {
        "url": link,
        "title": title or text(entry, "id") or names.clean(last[:_LONGEST_TITLE]) or f"{place}",
        "duration": number(entry, "duration"),
        "hint": hint,
    }


def _address(ydl: yt_dlp.YoutubeDL, entry: Info) -> tuple[str, str] | None:
    """A link that leads to this entry alone, and the hint that it needs; None where there is no such link."""
    if entry.get("_type") not in ("url", "url_transparent"):
        return None
    url, smuggled = unsmuggle_url(entry["url"], None)
    try:
        check_link(url)
    except MedusaError:  # "wistia:…", which only yt-dlp understands
        return None
    extractor = _extractor(ydl, entry)
    hint: dict[str, Any] = {}
    if smuggled:
        hint["smuggled"] = smuggled
    if extractor is not None and not extractor.suitable(url):
        hint["extractor"] = entry["ie_key"]
    return url, json.dumps(hint) if hint else ""


def _typed(info: Any) -> Info | None:
    return info or None
