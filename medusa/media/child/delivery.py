"""The child's end of the record pipe."""

import json
import os
from collections.abc import Callable
from typing import Any

from medusa.errors import MedusaError
from medusa.media import records
from medusa.media.records import Type

BLOCK = 256 * 1024
"""Bytes of a DATA record."""
_DETAIL = 2000


class Delivery:
    """Writes records to a file descriptor. BrokenPipeError: the bot no longer reads."""

    def __init__(self, descriptor: int, on_written: Callable[[], None] = lambda: None) -> None:
        self._descriptor = descriptor
        self._on_written = on_written

    def data(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Bytes of the file that belong at `offset`, in as many records as they need."""
        view = memoryview(data)
        for start in range(0, len(view), BLOCK):
            self._write(records.encode(Type.DATA, bytes(view[start : start + BLOCK]), offset + start))

    def piece(self, values: dict[str, Any]) -> None:
        """The file is complete, and another one follows, whose offsets begin at 0 again."""
        self._write(records.encode(Type.PIECE, json.dumps(values).encode()))

    def summary(self, values: dict[str, Any]) -> None:
        """The file is complete, and was the last one."""
        self._write(records.encode(Type.SUMMARY, json.dumps(values).encode()))

    def fail(self, error: MedusaError) -> None:
        """The file will not be complete, and none follows."""
        report = {
            "error": type(error).__name__,
            "sentence": error.sentence,
            "detail": error.detail[:_DETAIL],
        }
        self._write(records.encode(Type.ERROR, json.dumps(report).encode()))

    def _write(self, record: bytes) -> None:
        view = memoryview(record)
        while view:
            view = view[os.write(self._descriptor, view) :]
        self._on_written()
