"""File names out of titles, headers and URLs, which are all written by strangers. Pure."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

LONGEST = 120
"""Characters of a name, with its extension."""
LONGEST_BYTES = 250
LONGEST_END = 40
"""Characters that stay in front of the extension."""
_DOUBLE = re.compile(r"\.tar\.[A-Za-z0-9]{1,4}$", re.IGNORECASE)
_SEPARATORS = str.maketrans(
    {"/": "_", "\\": "_", ":": "_", "|": "_", "<": "_", ">": "_", '"': "'", "?": "", "*": "_"}
)


def clean(text: str) -> str:
    """One line without control characters, bidi overrides and the like; spaces joined."""
    normal = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    visible = "".join(" " if c.isspace() else c for c in normal if c.isspace() or _is_visible(c))
    return " ".join(visible.split())


def file_name(title: str, extension: str = "") -> str:
    """A name that every file system and Telegram client takes, ending with `.extension` when one is given."""
    suffix = f".{extension}" if extension else ""
    stem = clean(title)
    if not suffix:
        stem, suffix = split(stem)
    return whole(stem, "", suffix)


def whole(stem: str, end: str, extension: str) -> str:
    """The name of a stem, what it ends with even where it is shortened, and an extension with its dot."""
    space = " " if end[:1].isspace() else ""
    end = (space + clean(end).translate(_SEPARATORS))[:LONGEST_END].rstrip(" .")
    return fitted(clean(stem).translate(_SEPARATORS).strip(" ."), end + extension)


def fitted(stem: str, suffix: str) -> str:
    """The stem, shortened where the name would be too long, and the whole suffix."""
    short = _shorten(stem, LONGEST - len(suffix), LONGEST_BYTES - len(suffix.encode()))
    return (short.rstrip(" .") or "file") + suffix


def split(name: str) -> tuple[str, str]:
    """Stem and extension, dot included; `.tar.gz` and its like stay whole."""
    found = _DOUBLE.search(name) or re.search(r"\.[A-Za-z0-9]{1,10}$", name)
    return (name[: found.start()], found.group()) if found and found.start() else (name, "")


def from_url(url: str) -> str:
    """The last part of the URL's path, else the host."""
    parts = urlsplit(url)
    return clean(unquote(parts.path).rstrip("/").rpartition("/")[2]) or parts.hostname or "file"


def from_disposition(header: str | None) -> str | None:
    """The name in a Content-Disposition header (RFC 6266), `filename*` first."""
    if not header:
        return None
    if extended := re.search(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)", header, re.IGNORECASE):
        try:
            return clean(unquote(extended[2], encoding=extended[1], errors="replace")) or None
        except LookupError:
            pass
    if plain := re.search(r'filename\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;\s]+))', header, re.IGNORECASE):
        return clean(re.sub(r"\\(.)", r"\1", plain[1]) if plain[1] is not None else plain[2]) or None
    return None


def _is_visible(character: str) -> bool:
    # Cc controls, Cf formats (bidi overrides, zero-width), Cs surrogates, Co private use, Cn unassigned.
    # The zero-width joiner holds emoji together.
    return not unicodedata.category(character).startswith("C") or character == "\u200d"


def _shorten(text: str, characters: int, size: int) -> str:
    return text[:characters].encode()[:size].decode(errors="ignore")
