"""Text as Telegram counts it and people read it: UTF-16 lengths, sizes, times, bars. Pure."""

import re
from html import escape as _html_escape

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024
"""UTF-16 units after the markup is taken away (https://core.telegram.org/api/entities)."""

LONGEST_STEM, LONGEST_STEM_BYTES = 100, 200
"""Of the name of a file, without its extension."""

_ELLIPSIS = "…"
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))
_JOINERS = "\u200c\u200d"  # inside emoji, and inside Persian and Indic words


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, which is how Telegram measures text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """`text` in at most `limit` UTF-16 units, with "…" where something was cut; whole characters only."""
    if utf16_length(text) <= limit:
        return text
    kept, length = [], 1
    for character in text:
        length += utf16_length(character)
        if length > limit:
            break
        kept.append(character)
    return "".join(kept) + _ELLIPSIS if limit > 0 else ""


def printable(text: str) -> str:
    """`text` with a space for each line break, control character and mark that turns the direction of
    writing."""
    kept = (character if character.isprintable() or character in _JOINERS else " " for character in text)
    return "".join(kept)


def one_line(text: str) -> str:
    """The same without the spaces that are too many."""
    return " ".join(printable(text).split())


def file_name(stem: str, extension: str) -> str:
    """A name that every file system and Telegram client takes, ending with `.extension`."""
    plain = one_line(stem).translate(_NOT_IN_NAMES)[:LONGEST_STEM]
    short = plain.encode("utf-8", "ignore")[:LONGEST_STEM_BYTES].decode("utf-8", "ignore").strip(" .")
    return f"{short or 'file'}.{extension}"


def escape(text: str) -> str:
    """`text` for use inside Telegram's HTML."""
    # Pyrogram decodes text twice, but attributes once: "&currency=" would become "¤cy=".
    return _html_escape(text, quote=True).replace("&amp;", "&amp;amp;")


def attribute(text: str) -> str:
    """`text` for use inside the quotes of a tag."""
    # Of an emoji as it is, Pyrogram makes two halves there, which cannot be sent.
    return re.sub("[^\0-\uffff]", lambda match: f"&#{ord(match[0])};", _html_escape(text, quote=True))


def human_size(size: float) -> str:
    """Bytes as people read them: "125.5 MB"; decimal units, as Telegram's apps and the sites count."""
    for unit in ("B", "kB", "MB"):
        if size < 999.95:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.2f} GB" if size < 999.995 else f"{size / 1000:.2f} TB"


def human_time(seconds: float) -> str:
    """A duration as players show it: "3:32", "1:02:03"."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def human_wait(seconds: float) -> str:
    """How long something takes: "16 s", "2:05"."""
    return f"{max(1, round(seconds))} s" if seconds < 59.5 else human_time(seconds)


def bar(share: float, cells: int = 10) -> str:
    """A bar for a share between 0 and 1."""
    full = min(cells, max(0, int(share * cells)))
    return "▰" * full + "▱" * (cells - full)
