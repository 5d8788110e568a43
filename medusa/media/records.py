"""The protocol between the media child and the bot: records on a pipe. Pure; both sides use it.

A record is a type (1 byte), an offset (8 bytes), a length (4 bytes), both big-endian, and so many bytes.
"""

import json
import struct
from enum import IntEnum
from typing import Any, NamedTuple

HEADER = struct.Struct(">BQI")
LONGEST = 2 * 1024 * 1024
"""Bytes of a payload."""


class Type(IntEnum):
    """What a record carries."""

    DATA = 1  # bytes of the file, at this offset
    SUMMARY = 2  # JSON: the file is complete; nothing follows
    ERROR = 3  # JSON with `error`, a class of medusa.errors, and `detail`; nothing follows
    PIECE = 4  # JSON like a SUMMARY: this file is complete, and the next one follows


class Exit(IntEnum):
    """How a media child ends by itself."""

    OK = 0
    REPORTED = 1  # the last record is an ERROR
    CRASHED = 70  # a traceback is on its standard error
    UNUSABLE = 71  # the same, of a yt-dlp that cannot be loaded


class BadRecord(ValueError):
    """Not a record."""


class Head(NamedTuple):
    """What precedes a payload."""

    type: Type
    offset: int
    length: int


def encode(kind: Type, payload: bytes, offset: int = 0) -> bytes:
    """One record. Raises BadRecord when the payload is too long."""
    if len(payload) > LONGEST:
        raise BadRecord(f"a payload of {len(payload)} bytes")
    return HEADER.pack(kind, offset, len(payload)) + payload


def decode_head(head: bytes) -> Head:
    """The head of a record, from `HEADER.size` bytes. Raises BadRecord."""
    try:
        number, offset, length = HEADER.unpack(head)
        kind = Type(number)
    except (struct.error, ValueError) as error:
        raise BadRecord(str(error)) from error
    if length > LONGEST:
        raise BadRecord(f"a payload of {length} bytes")
    return Head(kind, offset, length)


def decode_json(payload: bytes) -> dict[str, Any]:
    """The object in a SUMMARY or an ERROR. Raises BadRecord."""
    try:
        value = json.loads(payload)
    except ValueError as error:
        raise BadRecord(str(error)) from error
    if not isinstance(value, dict):
        raise BadRecord(f"a JSON {type(value).__name__}")
    return value
