"""The file of a backup: gzip, one JSON object a line, and an end by which a cut-off file is known.

    {"medusa backup": 1, "schema": 1, "database": "medusa", "made": "2026-11-28T00:00:00+00:00"}
    {"collection": "users"}
    {"_id": …}                      documents, as medusa/storage/backup.py writes them
    …
    {"end": {"users": {"count": 2, "sha256": "…"}, …}}

Counts and checksums stand at the end, because a bot may write while its database is read. A checksum is that
of a collection's lines, each with its line break.
"""

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from pydantic import Field, ValidationError

from medusa.errors import BrokenBackup, WrongArgument
from medusa.value import Value

FORMAT = 1
LINES = 1000
"""Documents that are handled at once."""
_DOCUMENT = b'{"_id"'
_CUT = "The backup is cut off: its end is missing. Take another copy of it."
_CHANGED = "The backup is damaged: it is not as it was written."
_LEVEL = 6


class Header(Value):
    """The first line."""

    format: int = Field(alias="medusa backup")
    schema_version: int = Field(alias="schema")
    database: str
    made: datetime


class Sum(Value):
    """What there is of a collection."""

    count: int
    sha256: str


class Portion(NamedTuple):
    """Some documents of one collection."""

    collection: str
    lines: list[str]


class Writer:
    """Writes a backup beside its name, which it gets when it is complete. Readable by its owner only."""

    def __init__(self, path: Path, schema_version: int, database: str) -> None:
        """Raises WrongArgument when there is such a file, or none can be made."""
        self._path, self._draft = path, path.with_name(f"{path.name}.part")
        if path.exists():
            raise WrongArgument(f"There is a file {path} already. Choose another name.")
        try:
            self._draft.unlink(missing_ok=True)
            handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise WrongArgument(f"{path} cannot be written: {error.strerror}.") from error
        self._raw = os.fdopen(handle, "wb")
        self._file = gzip.GzipFile(fileobj=self._raw, mode="wb", compresslevel=_LEVEL, mtime=0)
        self._counts = dict[str, int]()
        self._hashes = dict[str, Any]()
        made = datetime.now(UTC).isoformat(timespec="seconds")
        self._put({"medusa backup": FORMAT, "schema": schema_version, "database": database, "made": made})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """What was not ended leaves nothing."""
        self._file.close()
        self._raw.close()
        self._draft.unlink(missing_ok=True)

    def begin(self, collection: str) -> None:
        """What follows is of this collection."""
        self._counts[collection], self._hashes[collection] = 0, sha256()
        self._put({"collection": collection})

    def add(self, portion: Portion) -> None:
        """Some documents."""
        data = "".join(f"{line}\n" for line in portion.lines).encode()
        self._counts[portion.collection] += len(portion.lines)
        self._hashes[portion.collection].update(data)
        self._file.write(data)

    def end(self) -> dict[str, Sum]:
        """It is complete, and gets its name."""
        sums = {
            name: Sum(count=count, sha256=self._hashes[name].hexdigest())
            for name, count in self._counts.items()
        }
        self._put({"end": {name: one.model_dump() for name, one in sums.items()}})
        self._file.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._draft.replace(self._path)
        return sums

    def _put(self, line: object) -> None:
        self._file.write(json.dumps(line).encode() + b"\n")


class Reader:
    """Reads a backup, in portions, and checks it on the way."""

    def __init__(self, path: Path) -> None:
        """Raises BrokenBackup, WrongArgument."""
        if not path.is_file():
            raise WrongArgument(f"There is no file {path}.")
        self._path = path
        self.header = _header(next(_lines(path), b""))

    def portions(self) -> Iterator[Portion]:
        """All documents. Raises BrokenBackup, at the latest behind the last one, where anything is missing or
        is not as it was written."""
        checked, some = _Checked(), list[bytes]()
        for line in islice(_lines(self._path), 1, None):
            is_document = line.startswith(_DOCUMENT) and not checked.is_over
            if is_document:
                some.append(line)
            if some and (not is_document or len(some) == LINES):
                yield checked.portion(some)
                some = []
            if not is_document:
                checked.follow(line)
        if not checked.is_over:
            raise BrokenBackup(_CUT)


class _Checked:
    """What was read so far, to be compared with what the end says."""

    def __init__(self) -> None:
        self.is_over = False
        self._collection = ""
        self._counts = dict[str, int]()
        self._hashes = dict[str, Any]()

    def portion(self, lines: list[bytes]) -> Portion:
        """Some documents."""
        if not self._collection:
            raise BrokenBackup("The backup has documents of no collection.")
        self._counts[self._collection] += len(lines)
        self._hashes[self._collection].update(b"".join(lines))
        try:
            return Portion(self._collection, [line.decode().rstrip("\n") for line in lines])
        except UnicodeDecodeError as error:
            raise BrokenBackup(_CHANGED, detail=str(error)) from error

    def follow(self, line: bytes) -> None:
        """A line that is no document: a collection begins, or all is over."""
        found = _object(line)
        match found:
            case {"collection": str(name)} if not self.is_over and name not in self._counts:
                self._collection = name
                self._counts[name], self._hashes[name] = 0, sha256()
            case {"end": dict(sums)} if not self.is_over:
                self.is_over = True
                if sums != self._sums():
                    raise BrokenBackup(_CHANGED)
            case _:
                raise BrokenBackup(_CHANGED)

    def _sums(self) -> dict[str, dict[str, object]]:
        return {
            name: {"count": count, "sha256": self._hashes[name].hexdigest()}
            for name, count in self._counts.items()
        }


def _header(line: bytes) -> Header:
    try:
        header = Header.model_validate(_object(line))
    except ValidationError as error:
        raise BrokenBackup("This is no backup of Medusa.", detail=str(error)) from error
    if header.format != FORMAT:
        raise BrokenBackup("A newer Medusa has made this backup, in a way that this one does not know.")
    return header


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of the file, with their line breaks. Raises BrokenBackup."""
    try:
        with gzip.open(path) as file:
            yield from file
    except EOFError as error:
        raise BrokenBackup(_CUT) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BrokenBackup("This is no backup of Medusa, or it is damaged.", detail=str(error)) from error
    except OSError as error:
        raise WrongArgument(f"{path} cannot be read: {error.strerror}.") from error


def _object(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
