"""A .txt full of links: lines `name: link` or bare links. Pure.

As in the original, whatever stands before the link is its name (facts of the old format: every line with
"://", split at its first one). Lines without a link are reported with their numbers, never dropped silently.
"""

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from medusa.errors import WrongArgument
from medusa.links import section as section_in
from medusa.links import urls
from medusa.value import Value
from medusa.wishes import Section

MOST_ENTRIES = 20_000
MOST_LINES = 100_000
"""Of a file; each that is no link is kept until all are read."""
MOST_BYTES = 8 * 1024 * 1024
LONGEST_LINK = 4096
"""Characters, as of a message."""
NAME_LIMIT = 200
"""Characters of a name."""
_COOKIE = re.compile(r"^[^\t\n]+\t(?:TRUE|FALSE)\t[^\t\n]*\t(?:TRUE|FALSE)\t", re.MULTILINE)
"""The beginning of a line of a cookie file. What such a file holds is secret, and is shown to nobody."""
_ENDS = " \t:-–—|•·*#>.,;=\u200b\ufeff"
"""What people put between a name and its link, and before a name."""


class Sort(StrEnum):
    """What a link most likely is; by its address, for nobody has asked the server."""

    VIDEO = "video"
    AUDIO = "audio"
    IMAGE = "image"
    PDF = "pdf"
    ZIP = "zip"
    OTHER = "other"


_EXTENSIONS = {
    Sort.VIDEO: {"mp4", "mkv", "webm", "mov", "m4v", "avi", "flv", "ts", "m3u8", "mpd"},
    Sort.AUDIO: {"mp3", "m4a", "ogg", "opus", "wav", "flac", "aac"},
    Sort.IMAGE: {"jpg", "jpeg", "png", "webp", "gif", "bmp"},
    Sort.PDF: {"pdf"},
    Sort.ZIP: {"zip", "rar", "7z", "gz", "tar"},
}


class Entry(Value):
    """One link of a list."""

    url: str
    name: str = ""
    section: Section | None = None
    hint: str = ""
    """What a playlist gave besides the link, see Request; nobody can type it."""


class BadLine(NamedTuple):
    """A line that is no entry."""

    number: int
    """Counted from 1."""
    text: str
    why: str


class Listing(NamedTuple):
    """What a text holds."""

    entries: tuple[Entry, ...]
    bad: tuple[BadLine, ...]


def decode(data: bytes) -> str:
    """The text of a file. Raises WrongArgument when it is none."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data:
        raise WrongArgument("This file is not a text.")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read(text: str) -> Listing:
    """The entries of a text, in its order; the same link may come twice. Raises WrongArgument when there are
    too many, and for cookies."""
    if _COOKIE.search(text):
        raise WrongArgument("These are cookies, and no links. Call /cookies, then send them.")
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise WrongArgument(f"This file has more than {MOST_LINES:,} lines.")
    entries, bad = list[Entry](), list[BadLine]()
    for number, line in enumerate(lines, 1):
        if not line.strip(_ENDS) or _is_remark(line):
            continue
        try:
            entries += _entries(line)
        except WrongArgument as error:
            bad.append(BadLine(number, line.strip(), error.sentence))
        if len(entries) > MOST_ENTRIES:
            raise WrongArgument(f"That are more than {MOST_ENTRIES:,} links. Send them in several files.")
    return Listing(tuple(entries), tuple(bad))


def _is_remark(line: str) -> bool:
    """Such as stand in the lists of failed links that the bot sends back."""
    return line.startswith("# ") and "://" not in line


def _entries(line: str) -> list[Entry]:
    found = urls(line)
    if not found:
        raise WrongArgument(_objection(line))
    if any(len(url) > LONGEST_LINK for url in found):
        raise WrongArgument(f"a link of more than {LONGEST_LINK:,} characters")
    if len(found) > 1:
        return [Entry(url=url) for url in found]
    (url,) = found
    before, _, behind = line.partition(url)
    given = behind.partition("|")
    name = given[2] if given[1] else before
    return [Entry(url=url, name=clean_name(name), section=section_in(given[0]))]


def _objection(line: str) -> str:
    if "://" in line:
        scheme = line.partition("://")[0].split()[-1:] or [""]
        return f"{scheme[0].lstrip(_ENDS)[-20:]}:// is not fetched, only http:// and https://"
    return "no link in this line"


def clean_name(text: str) -> str:
    """A name without what joins it to its link."""
    visible = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(visible.split()).strip(_ENDS)[:NAME_LIMIT].strip()


def sort_of(url: str) -> Sort:
    """What a link most likely is."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return Sort.OTHER
    extension = path.rpartition(".")[2].lower()
    return next((sort for sort, known in _EXTENSIONS.items() if extension in known), Sort.OTHER)


def counts(entries: Sequence[Entry]) -> list[tuple[Sort, int]]:
    """How many of each sort there are; none is left out but those that are not there."""
    found = Counter(sort_of(entry.url) for entry in entries)
    return [(sort, found[sort]) for sort in Sort if found[sort]]


def write(entries: Sequence[Entry]) -> str:
    """The same as a text, which `read` takes."""
    return "".join(f"{entry.name}: {entry.url}\n" if entry.name else f"{entry.url}\n" for entry in entries)


def one_name(file_name: str) -> str:
    """The name of a batch from that of its file."""
    return clean_name(re.sub(r"\.txt$", "", file_name, flags=re.IGNORECASE)) or "Batch"
