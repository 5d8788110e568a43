"""Exports of tables, in every format."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from medusa.errors import WrongArgument
from medusa.legacy import Kind, Past, Record
from medusa.migration.files import Files
from medusa.migration.found import Found, Reject
from tests.unit.migration.test_rows import CHANNEL, DAY, DOWNLOAD, USER, as_text

PERSON = ("telegram_id", "username", "first_name", "last_name")
OWN = {name: value for name, value in DOWNLOAD.items() if name not in PERSON}
"""A download as its table has it: with the number of its person's row."""
TABLES: dict[str, list[dict[str, Any]]] = {
    "users": [USER],
    "channels": [CHANNEL, {**CHANNEL, "channel_id": -1002222222222, "is_log_channel": True}],
    "downloads": [OWN],
    "analytics": [DAY],
}


def as_json(row: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(row, default=str))  # type: ignore[no-any-return]


def write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(as_text(row) for row in rows)


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(as_json(row))}\n" for row in rows))


async def read(*paths: Path) -> tuple[list[Record], list[Reject]]:
    found = [one async for one in Files([*paths]).read()]
    return (
        [one.record for one in found if isinstance(one, Found)],
        [one for one in found if isinstance(one, Reject)],
    )


async def test_each_format_says_the_same(tmp_path: Path) -> None:
    directories = [tmp_path / name for name in ("csv", "jsonl", "json", "one")]
    for directory in directories:
        directory.mkdir()
    for name, rows in TABLES.items():
        write_csv(directories[0] / f"{name}_export.csv", rows)
        write_lines(directories[1] / f"{name}.jsonl", rows)
        (directories[2] / f"{name}.json").write_text(json.dumps([as_json(row) for row in rows]))
    whole = {name: [as_json(row) for row in rows] for name, rows in TABLES.items()}
    (directories[3] / "dump.json").write_text(json.dumps(whole))
    first, *others = [await read(directory) for directory in directories]
    assert [record.KIND for record in first[0]] == [
        Kind.PEOPLE,
        Kind.GROUPS,
        Kind.CHANNELS,
        Kind.LOG_CHANNELS,
        Kind.DOWNLOADS,
        Kind.DAYS,
    ]
    assert not first[1]
    assert all(other == first for other in others)
    download = first[0][4]
    assert isinstance(download, Past)
    assert download.download.request.person.id == USER["telegram_id"]


async def test_what_is_no_row_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("telegram_id,username\n7,ann\n8,bob,cut\nx,eve\n")
    (tmp_path / "channels.jsonl").write_text('{"channel_id": -1001111111111}\n\n[1]\n{"channel_id"\n')
    (tmp_path / "downloads.json").write_text('[5, {"id": 1}]')
    records, rejects = await read(tmp_path)
    assert [record.KIND for record in records] == [Kind.PEOPLE, Kind.GROUPS]
    assert [one.where for one in rejects] == [
        "users.csv, line 3",
        "users.csv, line 4",
        "channels.jsonl, line 3",
        "channels.jsonl, line 4",
        "downloads.json, downloads, entry 1",
        "downloads.json, downloads, entry 2",
    ]
    assert all(one.reason.endswith(".") for one in rejects)


async def test_a_source_may_be_read_again(tmp_path: Path) -> None:
    write_csv(tmp_path / "users.csv", TABLES["users"])
    write_csv(tmp_path / "downloads.csv", TABLES["downloads"])
    source = Files([tmp_path])
    assert [one async for one in source.read()] == [one async for one in source.read()]
    assert await source.count() is None


async def test_a_download_of_nobody_is_refused(tmp_path: Path) -> None:
    write_csv(tmp_path / "downloads.csv", TABLES["downloads"])
    _, (reject,) = await read(tmp_path)
    assert reject.reason == "It has no telegram_id."


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.csv", b"a,b\n", "begins with none of users, channels"),
        ("users.txt", b"", "is none of .csv"),
        ("users.json", b"{", "is no JSON"),
        ("other.json", b"[1]", "holds neither"),
        ("users.json", b'{"users": 5}', "holds neither"),
        ("users.csv", b"telegram_id\n\xff\xfe\n", "cannot be read"),
        ("users.csv", b'a\n"' + b"x" * 200_000 + b'"\n', "cannot be read"),
    ],
)
async def test_a_file_that_is_none_is_refused(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WrongArgument, match=sentence):
        await read(tmp_path / name)


async def test_there_has_to_be_something(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(WrongArgument, match="There is no file"):
            await read(path)
