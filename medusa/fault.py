"""A fault in the program: what makes it the same one when it comes again. No I/O but for lines of source."""

import re
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import blake2b
from types import TracebackType

from medusa.text import clip, one_line
from medusa.value import Value

MESSAGE_LIMIT = 300
TRACEBACK_LIMIT = 100_000
"""Characters; of a longer one the end, which says where it happened."""

_OURS = re.compile(r"(?:.*/)?((?:medusa|plugins)/.+\.py|app\.py)")
_ANONYMOUS = re.compile(r"(?:\.<locals>\.<\w+>)+$")
"""Comprehensions and lambdas are part of the function around them."""
_LIBRARY = re.compile(r".*/site-packages/(.+)")
_VARIABLE = (
    (re.compile(r"\b[a-z][a-z0-9+.-]*://\S+"), "<link>"),
    (re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”"), "<text>"),
    (re.compile(r"0x[0-9a-fA-F]+|\b(?=\w*\d)\w{6,}\b|-?\d+(?:\.\d+)?"), "<number>"),
)
"""What differs from one time to the next."""


class Fault(Value):
    """An error that is nobody's but the program's, however often it was seen."""

    id: str
    """Its fingerprint: the same for the same error in the same place."""
    kind: str
    """Of the exception."""
    place: str
    """Where in our code: file and function."""
    message: str
    """Of the first one."""
    traceback: str
    """Of the first one."""
    first: datetime
    last: datetime
    count: int = 1
    told: int = 0
    """How often it had been seen when the owner was told last; 0: never told."""
    told_at: datetime | None = None


def fault_of(error: BaseException, words: str, now: datetime, redact: Callable[[str], str]) -> Fault:
    """What is known of an error that was logged with these words."""
    cause = _first(error)
    kind, place = type(cause).__name__, _place(cause.__traceback__)
    message = clip(one_line(redact(_text(cause) or words)), MESSAGE_LIMIT)
    return Fault(
        id=fingerprint(kind, place, message),
        kind=kind,
        place=place,
        message=message,
        traceback=redact("".join(traceback.format_exception(error)))[-TRACEBACK_LIMIT:],
        first=now,
        last=now,
    )


def fingerprint(kind: str, place: str, message: str) -> str:
    """12 characters that name a fault."""
    text = "\n".join((kind, place, normal(message)))
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def normal(message: str) -> str:
    """A message without what differs from one time to the next: numbers, ids, links, what is quoted."""
    for pattern, name in _VARIABLE:
        message = pattern.sub(name, message)
    return message


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # whatever it is: of a fault, nothing may be lost
        return ""


def _first(error: BaseException) -> BaseException:
    """Of a group, the first that went wrong."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _place(trace: TracebackType | None) -> str:
    """The innermost function of ours; without one, the innermost."""
    places = [(file, name) for file, name in _functions(trace)]
    for file, name in reversed(places):
        if "/site-packages/" not in file and (ours := _OURS.fullmatch(file)):
            return f"{ours[1]}:{name}"
    for file, name in reversed(places):
        library = _LIBRARY.fullmatch(file)
        return f"{library[1] if library else file.rpartition('/')[2]}:{name}"
    return "?"


def _functions(trace: TracebackType | None) -> Iterator[tuple[str, str]]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield code.co_filename, _ANONYMOUS.sub("", code.co_qualname)
        trace = trace.tb_next
