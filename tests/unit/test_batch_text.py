"""A .txt full of links."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa import batch_text
from medusa.batch import BAD_LENGTH, new_batch
from medusa.batch_text import Entry, Sort, counts, decode, one_name, read, sort_of, write
from medusa.errors import WrongArgument
from medusa.wishes import Preferences, Section
from tests.unit.jobs.memory import ANN

A = "https://a.org/1.mp4"


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        (A, Entry(url=A)),
        (f"Lesson 1: {A}", Entry(url=A, name="Lesson 1")),
        (f"Lesson: one:{A}", Entry(url=A, name="Lesson: one")),
        (f"1) Intro - {A}", Entry(url=A, name="1) Intro")),
        (f"• Tanz\u202e der Vampire – {A}", Entry(url=A, name="Tanz der Vampire")),
        (f"  Film 🎬 : {A}  ", Entry(url=A, name="Film 🎬")),
        (f"{A} | own.mp4", Entry(url=A, name="own.mp4")),
        (f"Clip: {A} 0:10-0:20", Entry(url=A, name="Clip", section=Section(start=10, end=20))),
        (f"[{A}]", Entry(url=A, name="[")),
    ],
)
def test_a_line(line: str, entry: Entry) -> None:
    listing = read(line)
    assert listing.bad == ()
    assert listing.entries == (entry,)


def test_two_links_of_a_line_are_two_entries() -> None:
    assert [entry.url for entry in read(f"both {A} https://b.org/2").entries] == [A, "https://b.org/2"]


def test_wrong_lines_are_reported_with_their_numbers() -> None:
    listing = read(f"\n{A}\nhello\nX: ftp://a.org/b\n\nY: {A} 0:20-0:10\n{A}")
    assert len(listing.entries) == 2
    assert [(bad.number, bad.text) for bad in listing.bad] == [
        (3, "hello"),
        (4, "X: ftp://a.org/b"),
        (6, f"Y: {A} 0:20-0:10"),
    ]
    assert "ftp:// is not fetched" in listing.bad[1].why
    assert "ends before it starts" in listing.bad[2].why


def test_a_list_of_failed_links_may_be_sent_again() -> None:
    listing = read(f"# 003: The site does not answer.\nLesson: {A}\n")
    assert listing.bad == ()
    assert listing.entries == (Entry(url=A, name="Lesson"),)


def test_ten_thousand_lines() -> None:
    text = "".join(f"Lesson {n}: https://a.org/{n}.mp4\n" for n in range(10_000))
    assert len(read(text).entries) == 10_000


def test_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_text, "MOST_ENTRIES", 3)
    with pytest.raises(WrongArgument, match="more than 3 links"):
        read(f"{A}\n" * 4)


@given(st.text())
def test_no_text_is_too_strange_and_no_line_is_lost(text: str) -> None:
    listing = read(text)
    for entry in listing.entries:
        assert entry.url.lower().startswith(("http://", "https://"))
        assert len(entry.name) <= batch_text.NAME_LIMIT
        assert entry.name.isprintable()
    lines = text.splitlines()
    for bad in listing.bad:
        assert lines[bad.number - 1].strip() == bad.text
    with_link = [line for line in lines if "https://" in line.lower() and "//" in line]
    assert len(listing.entries) + len(listing.bad) >= len([line for line in with_link if line.strip()])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_refused(data: bytes) -> None:
    try:
        assert isinstance(decode(data), str)
    except WrongArgument:
        assert b"\0" in data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert decode(f"Größe: {A}".encode(encoding)) == f"Größe: {A}"
    assert decode("Größe".encode("cp1252")) == "Größe"


@given(st.lists(st.tuples(st.text(max_size=40), st.integers(0, 99))))
def test_what_is_written_is_read_again(lines: list[tuple[str, int]]) -> None:
    text = "".join(f"{name}: https://a.org/{n}\n" for name, n in lines)
    entries = read(text).entries
    again = read(write(entries)).entries
    assert [entry.url for entry in again] == [entry.url for entry in entries]


def test_sorts() -> None:
    assert sort_of("https://a.org/x.PDF?a=b") is Sort.PDF
    assert sort_of("https://a.org/watch?v=1") is Sort.OTHER
    assert sort_of("https://[bad/x.mp4") is Sort.OTHER
    entries = read("https://a.org/1.mp4\nhttps://a.org/2.mp4\nhttps://a.org/3.jpg").entries
    assert counts(entries) == [(Sort.VIDEO, 2), (Sort.IMAGE, 1)]


def test_a_batch_is_called_like_its_file() -> None:
    assert one_name("My course.TXT") == "My course"
    assert one_name(".txt") == "Batch"


@pytest.mark.parametrize("line", [".a.org\tTRUE\t/\tFALSE\t0\tSID\tsecret", "a.org\tFALSE\t/\tTRUE\t9\tx\ty"])
def test_cookies_are_no_list_and_nothing_of_them_is_shown(line: str) -> None:
    with pytest.raises(WrongArgument, match="/cookies") as refused:
        read(f"# Netscape HTTP Cookie File\n# http://curl.haxx.se/rfc/cookie_spec.html\n{line}\n")
    assert "secret" not in refused.value.sentence


def test_a_file_of_nothing_but_lines_is_refused() -> None:
    with pytest.raises(WrongArgument, match="more than 100,000 lines"):
        read("a\n" * 100_001)


def test_a_link_that_no_message_could_hold_is_a_bad_line() -> None:
    listing = read(f"{A}\n{A}?{'x' * 5000}")
    assert len(listing.entries) == 1
    assert listing.bad[0].why == "a link of more than 4,096 characters"


def test_of_a_long_line_only_the_beginning_is_kept_with_the_batch() -> None:
    listing = read(f"{A}\n{'x' * 10**6}")
    batch = new_batch("b", ANN, Preferences(), (1, 2), "Course", listing, datetime.now(UTC))
    assert len(batch.bad[0].text) == BAD_LENGTH
