"""Google Drive's links, and where the files behind them are. Pure.

yt-dlp fetches the videos; of other files it knows nothing. The addresses are those that Drive's own pages
use: https://drive.usercontent.google.com/download and https://developers.google.com/workspace/drive.
"""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

_HOSTS = frozenset({"drive.google.com", "docs.google.com", "drive.usercontent.google.com"})
_ID = r"[A-Za-z0-9_-]{20,100}"
_FILE = re.compile(rf"/(?:a/[^/]+/)?file/(?:u/\d+/)?d/({_ID})(?:/.*)?")
_BY_QUERY = re.compile(r"/(?:a/[^/]+/)?(?:u/\d+/)?(?:open|uc|download)")
_DOCUMENT = re.compile(
    rf"/(?:a/[^/]+/)?(document|spreadsheets|presentation|drawings)/(?:u/\d+/)?d/({_ID})(?:/.*)?"
)
_EXPORTS = {
    "document": "export?format=docx",
    "spreadsheets": "export?format=xlsx",
    "presentation": "export/pptx",
    "drawings": "export/png",
}


def download_address(url: str) -> str | None:
    """Where the bytes of a shared file are, past the page that warns of large ones; None for other links."""
    parts = urlsplit(url)
    if parts.hostname not in _HOSTS:
        return None
    query = parse_qs(parts.query)
    if match := _FILE.fullmatch(parts.path):
        number = match[1]
    elif _BY_QUERY.fullmatch(parts.path) and re.fullmatch(_ID, query.get("id", [""])[0]):
        number = query["id"][0]
    else:
        return None
    wanted = {"id": number, "export": "download", "confirm": "t"}
    if key := query.get("resourcekey"):  # links from before September 2021 need it
        wanted["resourcekey"] = key[0]
    return f"https://drive.usercontent.google.com/download?{urlencode(wanted)}"


def export_address(url: str) -> str | None:
    """Where a document, a table, slides or a drawing comes as a file; None for other links."""
    parts = urlsplit(url)
    match = _DOCUMENT.fullmatch(parts.path)
    if parts.hostname != "docs.google.com" or match is None:
        return None
    return f"https://docs.google.com/{match[1]}/d/{match[2]}/{_EXPORTS[match[1]]}"
