"""Which links are fetched at all: decided before any process starts. Pure."""

import re
from urllib.parse import urlsplit

from medusa.errors import BadLink

LONGEST = 4096
"""Characters. Signed URLs reach about 2000."""

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")
_SMUGGLE = "__youtubedl_smuggle"
"""yt-dlp's own way to hand options from one extractor to the next; from a person it would set headers."""

_NUMBER = re.compile(r"(.*)#medusa-item=([1-9][0-9]{0,5})", re.DOTALL)


def numbered(url: str, number: int) -> str:
    """The link of one of several media that a page has under one address; counted from 1."""
    return f"{url}#medusa-item={number}"


def split_number(url: str) -> tuple[str, int | None]:
    """The page and the number of a link that `numbered` made; None for any other link."""
    match = _NUMBER.fullmatch(url)
    return (match[1], int(match[2])) if match else (url, None)


def check_link(text: str) -> str:
    """The link in `text`, without the space around it. Raises BadLink."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise BadLink(detail=str(error)) from error
    if reason := _objection(url, parts.scheme, parts.netloc, parts.hostname):
        raise BadLink(detail=reason)
    return url


def _objection(url: str, scheme: str, netloc: str, host: str | None) -> str | None:
    if scheme not in ("http", "https") or not re.match(r"https?://", url, re.IGNORECASE):
        return "neither http:// nor https://"
    if not host:
        return "no host"
    if "@" in netloc:
        return "user information in the link"
    if _UNPRINTABLE.search(url):
        return "a space, a control character or a backslash in the link"
    if len(url) > LONGEST:
        return f"longer than {LONGEST} characters"
    if _SMUGGLE in url:
        return "smuggled options"
    return None
