"""Amounts as people write and read them: "2 GB", "30d", "1h30m", "off". Pure."""

import re

from medusa.errors import WrongArgument
from medusa.text import human_size

NO_LIMIT = frozenset({"0", "off", "none", "no", "unlimited", "∞"})
LARGEST = 10**15

_UNITS = {"": 1, "b": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SIZE = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)\s*([kmgt]?)(?:i?b|bytes?)?", re.IGNORECASE | re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}
_SPAN = re.compile(r"([0-9]{1,6})\s*([smhdwy])[a-z]*\s*", re.IGNORECASE | re.ASCII)
_LONGEST = 10 * 365 * 86_400


def read_count(text: str) -> int:
    """A whole number; 0 for "off". Raises WrongArgument."""
    written = text.strip().lower()
    if written in NO_LIMIT:
        return 0
    if not re.fullmatch("[0-9]{1,7}", written, re.ASCII):
        raise WrongArgument(f"“{text.strip()[:20]}” is no number. It looks like 20, or off for no limit.")
    return int(written)


def read_size(text: str) -> int:
    """Bytes; 0 for "off". Raises WrongArgument."""
    written = text.strip().lower()
    if written in NO_LIMIT:
        return 0
    found = _SIZE.fullmatch(written)
    size = round(float(found[1].replace(",", ".")) * _UNITS[found[2].lower()]) if found else 0
    if not 0 < size <= LARGEST:
        raise WrongArgument(f"“{text.strip()[:20]}” is no size. It looks like 2 GB, or off for no limit.")
    return size


def read_span(text: str) -> int:
    """Seconds; 0 for "off". Raises WrongArgument."""
    written = text.strip().lower()
    if written in NO_LIMIT:
        return 0
    pieces = _SPAN.findall(written)
    seconds = sum(int(number) * _SECONDS[unit.lower()] for number, unit in pieces)
    if _SPAN.sub("", written) or not 0 < seconds <= _LONGEST:
        raise WrongArgument(f"“{text.strip()[:20]}” is no length of time. It looks like 30d, 12h or 1h30m.")
    return seconds


def show_count(number: int) -> str:
    """A number, as people read it."""
    return f"{number:,}"


def show_size(size: int) -> str:
    """Bytes, as people read and write them: "2 GB"."""
    return re.sub(r"\.0+(?= )", "", human_size(size))


def show_span(seconds: int) -> str:
    """A length of time in its two largest units: "30d", "1h 30m"."""
    pieces = []
    for unit in ("d", "h", "m", "s"):
        number, seconds = divmod(seconds, _SECONDS[unit])
        if number:
            pieces.append(f"{number}{unit}")
    return " ".join(pieces[:2]) or "0s"
