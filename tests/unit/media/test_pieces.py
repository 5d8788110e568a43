"""What the files of a plan are called, and what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media import names
from medusa.media.pieces import are_playable, is_larger, piece_of
from medusa.model import Kind, Method, Plan


def plan(name: str, method: Method, kind: Kind = Kind.VIDEO, **fields: object) -> Plan:
    values: dict[str, object] = {"method": method, "format_ids": ("1",), "kind": kind, "file_name": name}
    return Plan.model_validate({"mime": "video/mp4", **values, **fields})


@pytest.mark.parametrize("method", [Method.REMUX, Method.MUX])
def test_pieces_that_play_keep_kind_and_type(method: Method) -> None:
    whole = plan("A walk.mp4", method)
    piece = piece_of(whole, 2)
    assert are_playable(whole)
    assert piece == whole.evolve(file_name="A walk part 2.mp4")


@pytest.mark.parametrize(
    ("name", "number", "piece"),
    [
        ("archive.zip", 1, "archive.zip.001"),
        ("archive.tar.gz", 12, "archive.tar.gz.012"),
        ("README", 3, "README.003"),
        ("film.avi", 1234, "film.avi.1234"),
    ],
)
def test_pieces_by_bytes_are_documents(name: str, number: int, piece: str) -> None:
    whole = plan(name, Method.PASS)
    made = piece_of(whole, number)
    assert not are_playable(whole)
    assert (made.file_name, made.kind, made.mime) == (piece, Kind.DOCUMENT, "application/octet-stream")
    assert made.max_size == whole.max_size


@given(st.text(max_size=300), st.sampled_from(["mp4", "m4a", "tar.gz"]), st.integers(1, 9999))
@pytest.mark.parametrize("method", Method)
def test_every_name_is_short_enough_and_its_own(
    method: Method, title: str, extension: str, number: int
) -> None:
    whole = plan(names.file_name(title, extension), method)
    name = piece_of(whole, number).file_name
    assert len(name) <= names.LONGEST
    assert len(name.encode()) <= names.LONGEST_BYTES
    assert name != piece_of(whole, number + 1).file_name
    end = f".{extension}.{number:03}" if method is Method.PASS else f" part {number}.{extension}"
    assert name.endswith(end)


@pytest.mark.parametrize(
    ("size", "limit", "larger"),
    [(None, 100, False), (50, None, False), (90, 100, False), (91, 100, True), (200, 100, True)],
)
def test_what_is_known_to_be_larger(size: int | None, limit: int | None, larger: bool) -> None:
    assert is_larger(plan("x.mp4", Method.REMUX, size=size, max_size=limit, head_window=10)) is larger
