"""How a file can be served badly: asked for in the query of its URL. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

_NUMBERS = ("cut", "stall", "rate", "change", "status", "missing", "private")


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a response. The default: nothing."""

    ranges: bool = True
    """0: answer a range with the whole file."""
    length: str = "exact"
    """"none": chunked; "close": no length, ends with the connection; a number: that lie."""
    cut: int | None = None
    """Close the connection after so many bytes of a body."""
    reset: bool = False
    """… and with a reset, not with an end."""
    stall: int | None = None
    """Say nothing more after so many bytes of a body."""
    rate: int | None = None
    """Bytes a second."""
    change: int | None = None
    """Another file for ranges that start at this byte or behind it."""
    cookie: bool = False
    """Only for those who bring the cookie of page/cookie."""
    status: int | None = None
    """An error status instead of the file."""
    missing: int | None = None
    """In a playlist: segment number n is not there."""
    private: int | None = None
    """In a playlist: segment number n is on a private address."""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """From the query of a request; what it does not know, it leaves out."""
        values: dict[str, object] = {name: int(query[name]) for name in _NUMBERS if name in query}
        values |= {name: query[name] == "1" for name in ("ranges", "reset", "cookie") if name in query}
        values |= {"length": query["length"]} if "length" in query else {}
        return cls(**values)  # type: ignore[arg-type]


def query_of(**faults: object) -> str:
    """The query that asks for these faults."""
    return urlencode(
        {name: int(value) if isinstance(value, bool) else value for name, value in faults.items()}
    )
