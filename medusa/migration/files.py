"""Exports of the rewrite's tables: users.csv, channels.json, downloads.jsonl … in a directory, or one by one.

What is in a file says its name, which begins with that of the table. CSV and JSON Lines are read line by
line; a JSON file is read as a whole, and is a list of objects, or an object with a list for each table.
"""

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from medusa.errors import WrongArgument
from medusa.migration.found import Found, Reject, Unusable
from medusa.migration.rows import READERS, Row, records_of, text

SUFFIXES = (".csv", ".json", ".jsonl", ".ndjson")
AT_ONCE = 1000


class Entry(NamedTuple):
    """A row of a file."""

    table: str
    where: str
    row: Row | str
    """Or what stands there, when it cannot be read as one."""


class Files:
    """Source: files with rows."""

    def __init__(self, paths: list[Path]) -> None:
        """Files, and directories with files."""
        self._paths = paths
        self._people = dict[str, Row]()
        """By the number of their row, which is how downloads name them."""

    async def count(self) -> int | None:
        """Not known before all is read."""
        return None

    async def read(self) -> AsyncIterator[Found | Reject]:
        """Table by table. Raises WrongArgument for a file that is not there or cannot be read, or whose name
        tells no table."""
        self._people.clear()
        entries = _entries(self._paths)
        while some := await asyncio.to_thread(_some, entries):
            for entry in some:
                for found in self._found(entry):
                    yield found

    def _found(self, entry: Entry) -> Iterator[Found | Reject]:
        if isinstance(entry.row, str):
            yield Reject(entry.where, entry.row[:200], "This line is no row.")
            return
        row = self._joined(entry.table, entry.row)
        try:
            for record in records_of(entry.table, row):
                yield Found(entry.where, record)
        except Unusable as error:
            yield Reject(entry.where, json.dumps(dict(entry.row), default=str)[:200], str(error))

    def _joined(self, table: str, row: Row) -> Row:
        """A row with what is known of its person, if it does not say that itself."""
        if table == "users":
            names = ("telegram_id", "username", "first_name", "last_name")
            if number := text(row, "id"):
                self._people[number] = {name: row.get(name) for name in names}
        elif table == "downloads" and not text(row, "telegram_id"):
            return {**row, **self._people.get(text(row, "user_id"), {})}
        return row


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = [one for one in path.iterdir() if one.suffix.lower() in SUFFIXES]
            if not found:
                raise WrongArgument(f"There is no file in {path} that ends in {', '.join(SUFFIXES)}.")
            yield from found
        elif not path.is_file():
            raise WrongArgument(f"There is no file {path}.")
        elif path.suffix.lower() not in SUFFIXES:
            raise WrongArgument(f"{path.name} is none of {', '.join(SUFFIXES)}.")
        else:
            yield path


def _table(path: Path) -> str | None:
    """The table that a file's name begins with; None: a JSON file names them inside."""
    found = next((table for table in READERS if path.stem.lower().startswith(table)), None)
    if found is None and path.suffix.lower() != ".json":
        raise WrongArgument(f"The name of {path.name} begins with none of {', '.join(READERS)}.")
    return found


def _rank(path: Path) -> int:
    table = _table(path)
    return [*READERS].index(table) if table else -1


def _some(entries: Iterator[Entry]) -> list[Entry]:
    return list(islice(entries, AT_ONCE))


def _entries(paths: list[Path]) -> Iterator[Entry]:
    for path in sorted(_files(paths), key=lambda one: (_rank(one), one.name)):
        try:
            yield from _READERS[path.suffix.lower()](path)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise WrongArgument(f"{path.name} cannot be read: {error}.") from error


# --- the formats ----------------------------------------------------------------------------------


def _csv(path: Path) -> Iterator[Entry]:
    table = _table(path) or ""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        for row in rows:
            where = f"{path.name}, line {rows.line_num}"
            # Cells beyond the last column have no name.
            yield Entry(table, where, row if None not in row else "more cells than columns")


def _json_lines(path: Path) -> Iterator[Entry]:
    table = _table(path) or ""
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield Entry(table, f"{path.name}, line {number}", _row(line))


def _row(line: str) -> Row | str:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return line.strip()
    return found if isinstance(found, dict) else line.strip()


def _json(path: Path) -> Iterator[Entry]:
    try:
        found: Any = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise WrongArgument(f"{path.name} is no JSON: {error}.") from error
    table = _table(path)
    tables = {table: found} if table is not None and isinstance(found, list) else found
    known = isinstance(tables, dict) and all(isinstance(tables.get(name, []), list) for name in READERS)
    if not known or not tables.keys() & READERS.keys():
        raise WrongArgument(f"{path.name} holds neither a list of rows nor one for each table.")
    for name in READERS:
        for number, row in enumerate(tables.get(name, ()), 1):
            shown = row if isinstance(row, dict) else json.dumps(row)
            yield Entry(name, f"{path.name}, {name}, entry {number}", shown)


_READERS = {".csv": _csv, ".json": _json, ".jsonl": _json_lines, ".ndjson": _json_lines}
