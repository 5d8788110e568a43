"""The file of a backup: what is written comes back, what is damaged is recognised."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import BrokenBackup, WrongArgument
from medusa.migration.backup_file import LINES, Portion, Reader, Writer

DOCUMENTS = st.lists(st.text(max_size=20).map(lambda text: json.dumps({"_id": text})), max_size=6)


def write(path: Path, collections: dict[str, list[str]]) -> None:
    with Writer(path, 3, "medusa") as writer:
        for name, lines in collections.items():
            writer.begin(name)
            for at in range(0, len(lines), LINES):
                writer.add(Portion(name, lines[at : at + LINES]))
        writer.end()


def read(path: Path) -> dict[str, list[str]]:
    found = dict[str, list[str]]()
    for collection, lines in Reader(path).portions():
        assert 0 < len(lines) <= LINES
        found.setdefault(collection, []).extend(lines)
    return found


def rewrite(path: Path, data: bytes) -> None:
    path.write_bytes(gzip.compress(data, 1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "backup.gz"


@given(st.dictionaries(st.sampled_from(["users", "downloads", "audit"]), DOCUMENTS))
def test_what_was_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, some: dict[str, list[str]]
) -> None:
    path = tmp_path_factory.mktemp("backup") / "backup.gz"
    write(path, some)
    assert read(path) == {name: lines for name, lines in some.items() if lines}
    header = Reader(path).header
    assert (header.schema_version, header.database) == (3, "medusa")


def test_many_come_in_portions(path: Path) -> None:
    lines = [json.dumps({"_id": number}) for number in range(2 * LINES + 1)]
    write(path, {"users": lines, "audit": lines[:1]})
    assert [len(some) for _, some in Reader(path).portions()] == [LINES, LINES, 1, 1]
    assert read(path) == {"users": lines, "audit": lines[:1]}


def test_it_is_for_its_owner_only_and_takes_no_other_files_place(path: Path) -> None:
    write(path, {})
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(WrongArgument, match="There is a file"):
        write(path, {})
    with pytest.raises(WrongArgument, match="cannot be written"):
        write(path.parent / "none" / "backup.gz", {})


def test_one_that_was_not_ended_leaves_nothing(path: Path) -> None:
    with Writer(path, 1, "medusa") as writer:
        writer.begin("users")
    assert list(path.parent.iterdir()) == []


WHOLE = {"users": ['{"_id": 1}', '{"_id": 2}'], "audit": ['{"_id": 3}']}


def test_a_file_that_is_cut_off_anywhere_is_recognised(path: Path) -> None:
    write(path, WHOLE)
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(BrokenBackup):
            read(path)


def test_so_is_a_text_that_is_cut_off_at_any_line(path: Path) -> None:
    write(path, WHOLE)
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    for count in range(len(lines)):
        rewrite(path, b"".join(lines[:count]))
        with pytest.raises(BrokenBackup):
            read(path)


@given(st.data())
def test_so_is_one_whose_bytes_have_changed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("backup") / "backup.gz"
    write(path, WHOLE)
    text = bytearray(gzip.decompress(path.read_bytes()))
    begin = text.index(b"\n") + 1  # what the header says of database and time changes nothing
    at = data.draw(st.integers(begin, len(text) - 1))
    text[at] ^= data.draw(st.integers(1, 255))
    rewrite(path, bytes(text))
    try:
        found = read(path)
    except BrokenBackup:
        return
    # White space between the values of the last line changes nothing either.
    assert found == WHOLE
    assert at > text.rindex(b"{")


@pytest.mark.parametrize("change", ["missing", "twice", "behind", "swapped", "begun again"])
def test_so_is_one_whose_lines_have_changed(path: Path, change: str) -> None:
    write(path, WHOLE)
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    match change:
        case "missing":
            del lines[2]
        case "twice":
            lines.insert(2, lines[2])
        case "behind":
            lines.append(lines[2])
        case "swapped":
            lines[2], lines[3] = lines[3], lines[2]
        case _:
            lines[4:4] = lines[1:3]
    rewrite(path, b"".join(lines))
    with pytest.raises(BrokenBackup):
        read(path)


@pytest.mark.parametrize("data", [b"", b"{}\n", b"nothing\n", b'{"medusa backup": "x"}\n'])
def test_another_file_is_none(path: Path, data: bytes) -> None:
    for content in (data, gzip.compress(data)):
        path.write_bytes(content)
        with pytest.raises(BrokenBackup):
            read(path)


def test_one_of_a_newer_kind_is_refused(path: Path) -> None:
    write(path, {})
    rewrite(path, gzip.decompress(path.read_bytes()).replace(b'"medusa backup": 1', b'"medusa backup": 2'))
    with pytest.raises(BrokenBackup, match="A newer Medusa"):
        read(path)


def test_one_has_to_be_there(path: Path) -> None:
    with pytest.raises(WrongArgument, match="There is no file"):
        read(path)
