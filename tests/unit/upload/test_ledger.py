"""The ledger: what Telegram has is not sent again, and never counts for another file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import StreamChanged
from medusa.upload.ledger import Ledger, digest
from medusa.upload.parts import UNKNOWN_TOTAL, Part


def parts_of(*bodies: bytes) -> list[Part]:
    """A file of these parts, as it goes over the wire."""
    last = len(bodies) - 1
    return [
        Part(index, body, len(bodies) if index == last else UNKNOWN_TOTAL)
        for index, body in enumerate(bodies)
    ]


def after_restart(ledger: Ledger) -> Ledger:
    """The ledger of the next process."""
    return Ledger(ledger.file_id, ledger.take_news(), total=ledger.total)


def told(ledger: Ledger, parts: list[Part]) -> list[int]:
    """Go through a file; the parts that have to be sent."""
    missing = [part for part in parts if not ledger.has(part)]
    for part in missing:
        ledger.note(part)
    return [part.index for part in missing]


bodies = st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=8)


@given(bodies, st.data())
def test_what_was_acknowledged_is_not_sent_again(file: list[bytes], data: st.DataObject) -> None:
    parts = parts_of(*file)
    # The last part leaves alone: it is acknowledged only after all others.
    some = data.draw(st.sets(st.sampled_from(parts[:-1]))) if len(parts) > 1 else set()
    had = data.draw(st.sampled_from([some, set(parts)]))
    before = Ledger()
    for part in had:
        before.note(part)
    after = after_restart(before)
    assert after.file_id == before.file_id
    assert told(after, parts) == [part.index for part in parts if part not in had]
    assert after.skipped == sum(len(part.data) for part in had)
    assert told(after_restart(after), parts) == [part.index for part in parts if part in had]


@given(bodies, bodies, st.data())
def test_another_file_never_passes_for_the_first(
    file: list[bytes], other: list[bytes], data: st.DataObject
) -> None:
    """Whatever was acknowledged of the first: all of the other is sent or known, or it is refused."""
    before = Ledger()
    count = data.draw(st.integers(1, len(file)))
    for part in parts_of(*file)[:count]:
        before.note(part)
    there = {part.index: part.data for part in parts_of(*file)[:count]}
    ledger = after_restart(before)
    try:
        for index in told(ledger, parts_of(*other)):
            there[index] = other[index]
    except StreamChanged:
        assert file != other
        return
    assert [there[index] for index in sorted(there)] == other
    assert ledger.total == len(other)


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (parts_of(b"a", b"b")[0], Part(0, b"A")),
        (parts_of(b"a", b"b")[1], Part(1, b"b")),
        (parts_of(b"a", b"b")[1], Part(2, b"c")),
        (parts_of(b"a", b"b")[1], Part(0, b"a", 1)),
        (Part(4, b"e"), Part(3, b"d", 4)),
        (Part(3, b"d"), Part(3, b"d", 4)),
    ],
)
def test_a_file_that_differs_is_refused(known: Part, asked: Part) -> None:
    ledger = Ledger()
    ledger.note(known)
    with pytest.raises(StreamChanged):
        after_restart(ledger).has(asked)


def test_news_are_told_once_and_again_when_they_could_not_be_kept() -> None:
    ledger = Ledger()
    first, second = parts_of(b"a", b"b")
    ledger.note(first)
    news = ledger.take_news()
    assert news == {0: digest(first)}
    assert ledger.take_news() == {}
    ledger.put_back(news)
    ledger.note(second)
    assert ledger.take_news() == {0: digest(first), 1: digest(second)}


def test_files_have_ids_of_their_own() -> None:
    ids = {Ledger().file_id for _ in range(100)}
    assert len(ids) == 100
    assert all(0 <= file_id < 2**63 for file_id in ids)
