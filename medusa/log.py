"""Logging: one line an event, the job on each, no secret in any.

Everybody does `from loguru import logger`; libraries that use the standard library's logging end up here too.
What is masked is the finished text, so it does not matter whether a secret came in a message, in a value
bound to it or in a traceback.
"""

import base64
import inspect
import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, quote_plus, unquote_plus

from loguru import logger

from medusa.config import Settings, typos
from medusa.fault import fault_of
from medusa.fault_box import FaultBox
from medusa.log_ring import LogRing

if TYPE_CHECKING:
    from loguru import Message, Record

MASK = "***"
SHORTEST_SECRET = 6
"""Characters. A shorter password is masked inside its URI only: masking it everywhere would ruin the text."""


# --- secrets --------------------------------------------------------------------------------------

_HEADER = r"\b(?:(?:proxy-)?authorization|(?:set-)?cookie)"
_SIGNING = "sig|token|key|auth|passw|pwd|secret|credential|session|policy|hmac|hdn|jwt"
_NAME_PART = r"(?:(?!%26|%3D)[^\s=&?;'\"]){0,40}"  # bounded, so that no text makes the search slow

_SHAPES = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        # The password of a URI. Unquoted it may hold anything, so it goes up to the last @.
        (r"(mongodb(?:\+srv)?://[^\s:/@]*:)\S*@", rf"\1{MASK}@"),
        (r"(\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@]*:)[^\s/]*@", rf"\1{MASK}@"),
        # Bot tokens, and session strings of a user account.
        (r"[0-9]{1,20}(?::|%3A)[A-Z0-9_-]{30,}", MASK),
        (r"[A-Z0-9_-]{250,}={0,2}", MASK),
        # Headers: quoted, as in the repr of a dictionary or a list of pairs, and as they are sent.
        (rf"({_HEADER}['\"]\s*[:,]\s*)b?(?:'[^'\n]*'|\"[^\"\n]*\"|[^\n]*)", rf"\1'{MASK}'"),
        (rf"({_HEADER}\s*[:=]\s*)[^\n]+", rf"\1{MASK}"),
        # What signs a URL: in its query, in the query of a URL that is quoted in a query, in its path.
        (
            rf"((?:[?&;]|%26|%3F){_NAME_PART}(?:{_SIGNING}){_NAME_PART}(?:=|%3D))(?:(?!%26)[^\s&;'\"<>])+",
            rf"\1{MASK}",
        ),
        (r"(/(?:l?sig|signature)/)[^/\s?'\"]+", rf"\1{MASK}"),
    )
)


class Redactor:
    """Masks the given secrets, in the spellings in which they travel, and whatever has the shape of one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {text for secret in secrets for part in _parts(secret) for text in _spellings(part)}
        longest_first = sorted(spellings, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if spellings else None

    def __call__(self, text: str) -> str:
        """The text without its secrets."""
        if self._known:
            text = self._known.sub(MASK, text)
        for pattern, replacement in _SHAPES:
            text = pattern.sub(replacement, text)
        return text


def _parts(secret: str) -> set[str]:
    """A secret and, if it is a URI, the password in it: drivers report that one apart."""
    uri = re.match(r"[a-z][a-z0-9+.-]*://[^\s:/@]*:(\S*)@", secret)
    parts = {secret, uri[1], unquote_plus(uri[1])} if uri else {secret}
    return {part for part in parts if len(part) >= SHORTEST_SECRET}


def _spellings(secret: str) -> set[str]:
    encoded = _encoded(secret.encode())
    urlsafe = {text.replace("+", "-").replace("/", "_") for text in encoded}
    quoted = {quote(secret), quote(secret, safe=""), quote_plus(secret)}
    escaped = {repr(secret)[1:-1], repr(secret.encode())[2:-1], json.dumps(secret)[1:-1]}
    return {secret, *encoded, *urlsafe, *quoted, *escaped}


def _encoded(secret: bytes) -> set[str]:
    """In base64, alone and as a part of something longer, where it may begin at any of three places: without
    the digits that it shares with its neighbours."""
    parts = (
        base64.b64encode(b"\0" * shift + secret)[-(-8 * shift // 6) : 8 * (shift + len(secret)) // 6]
        for shift in range(3)
    )
    return {base64.b64encode(secret).decode().rstrip("="), *(part.decode() for part in parts)}


# --- lines ----------------------------------------------------------------------------------------


def _text_line(record: "Record", redact: Redactor) -> str:
    """Time, level, job and message for a person. Its further lines are indented: none can be forged."""
    extra = dict(record["extra"])
    job = f"[{extra.pop('job')}] " if "job" in extra else ""
    bound = "".join(f" {name}={_text(value)}" for name, value in extra.items())
    time = record["time"].isoformat(" ", "milliseconds")
    text = f"{time} {record['level'].name:<8} {job}{record['message']}{bound}\n{_traceback(record)}"
    return _printable(redact(text.rstrip("\n"))).replace("\n", "\n    ")


def _json_line(record: "Record", redact: Redactor) -> str:
    """One object for a machine. Strings are redacted before they are encoded, so it stays valid."""
    extra = {name: _text(value) for name, value in record["extra"].items()}
    fields: dict[str, str | None] = {
        "time": record["time"].isoformat(),
        "level": record["level"].name,
        "logger": record["name"],
        "message": record["message"],
        "job": extra.pop("job", None),
        "exception": _traceback(record) or None,
    }
    line: dict[str, object] = {name: redact(text) if text else text for name, text in fields.items()}
    if extra:
        line["extra"] = {redact(name): redact(text) for name, text in extra.items()}
    return json.dumps(line)


def _traceback(record: "Record") -> str:
    exception = record["exception"]
    return "".join(traceback.format_exception(*exception)) if exception else ""


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # whatever it is: loguru would report the failure with the whole record, unredacted
        return f"<{type(value).__name__}>"


def _printable(text: str) -> str:
    """Escaped: control characters, for a title from the web must not steer the terminal of who reads the log,
    what other programs take for the end of a line, and what turns the direction of writing."""
    return _UNPRINTABLE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


# --- set-up ---------------------------------------------------------------------------------------


class Journal(NamedTuple):
    """What is kept of the log in memory, without secrets like the log itself."""

    ring: LogRing
    """Its last lines, for people."""
    faults: FaultBox
    """The errors with a traceback."""


def set_up_logging(settings: Settings) -> Journal:
    """Send everything that is logged, by us or a library, to stderr as the settings say, and what is to be
    kept of it into the journal."""
    redact = Redactor(settings.secrets())
    journal = Journal(LogRing(), FaultBox())

    # One sink for all: loguru formats a traceback for each.
    def take(message: "Message") -> None:
        record = message.record
        _note_fault(record, redact, journal.faults)
        text = _text_line(record, redact)
        journal.ring.add(text)
        sys.stderr.write((_json_line(record, redact) if settings.log_json else text) + "\n")

    logger.remove()
    logger.add(take, level=settings.log_level, format="", backtrace=False, diagnose=False)
    logging.root.handlers = [_ToLoguru()]
    logging.root.setLevel(logger.level(settings.log_level).no)
    if settings.log_level != "TRACE":
        # They would write out every packet, a part's half a megabyte included, and every command with the
        # links and the messages in it.
        for chatty in ("pyrogram", "pymongo"):
            logging.getLogger(chatty).setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    for hint in typos():
        logger.warning(hint)
    return journal


def _note_fault(record: "Record", redact: Redactor, faults: FaultBox) -> None:
    exception = record["exception"]
    if exception is None or exception.value is None or record["level"].no < logger.level("ERROR").no:
        return
    try:
        faults.put(fault_of(exception.value, record["message"], record["time"], redact))
    except Exception:  # an error without a text; loguru would report it with the whole record, unredacted
        return


def job_context(job_id: str) -> AbstractContextManager[None]:
    """Lines logged inside carry the id of the job; so do those of the tasks and threads started inside."""
    return logger.contextualize(job=job_id)


class _ToLoguru(logging.Handler):
    """Hands records of the standard library to loguru, with their level and the place they came from."""

    def emit(self, record: logging.LogRecord) -> None:
        depth, frame = 0, inspect.currentframe()
        while frame and (depth == 0 or frame.f_code.co_filename == logging.__file__):
            depth, frame = depth + 1, frame.f_back

        def name(line: "Record") -> None:
            line["name"] = record.name

        source = logger.opt(depth=depth, exception=record.exc_info).patch(name)
        source.log(_level(record), _message(record))


def _level(record: logging.LogRecord) -> str | int:
    if record.name.startswith(("pyrogram", "taskiq")) and record.levelno == logging.INFO:
        return "DEBUG"  # each connection and each ticket: news for who debugs it only
    known = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
    return record.levelname if record.levelname in known else record.levelno


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a library's arguments do not fit its message
        return f"{record.msg} {record.args}"


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logger.opt(exception=(kind, error, trace)).critical("Ended by an error that nothing handles")
