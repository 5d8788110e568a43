"""The protocol of the pipe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import MediaUnreadable, SlowedDown, TooLarge
from medusa.media import order, records
from medusa.media.job import reported
from medusa.media.order import Patience, ProbeOrder, StreamOrder
from medusa.media.records import BadRecord, Type


@given(st.sampled_from(Type), st.integers(0, 2**64 - 1), st.binary(max_size=1000))
def test_a_record_survives_the_pipe(kind: Type, offset: int, payload: bytes) -> None:
    data = records.encode(kind, payload, offset)
    head = records.decode_head(data[: records.HEADER.size])
    assert (head.type, head.offset, head.length) == (kind, offset, len(payload))
    assert data[records.HEADER.size :] == payload


@given(st.binary(max_size=40))
def test_garbage_is_a_bad_record_or_a_small_one(data: bytes) -> None:
    try:
        head = records.decode_head(data)
    except BadRecord:
        return
    assert head.length <= records.LONGEST
    assert head.type in Type


@pytest.mark.parametrize("payload", [b"", b"[]", b"nonsense", b"\xff", b'"x"'])
def test_json_that_is_no_object_is_a_bad_record(payload: bytes) -> None:
    with pytest.raises(BadRecord):
        records.decode_json(payload)


def test_a_payload_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(BadRecord):
        records.encode(Type.DATA, bytes(records.LONGEST + 1))


def test_reported_errors_come_back_as_they_were() -> None:
    error = reported({"error": "TooLarge", "sentence": "Too much.", "detail": "x"})
    assert (type(error), error.sentence, error.detail) == (TooLarge, "Too much.", "x")
    assert reported({"error": "MediaUnreadable"}).sentence == MediaUnreadable.__doc__


@pytest.mark.parametrize("name", ["", "x", "ClassVar", "__builtins__", "ValueError", SlowedDown.__name__])
def test_errors_that_nobody_knows_are_bad_records(name: str) -> None:
    with pytest.raises(BadRecord):
        reported({"error": name, "sentence": "x", "detail": "y"})


@pytest.mark.parametrize(
    "work",
    [
        ProbeOrder("http://example.org/\n", "http://127.0.0.1:1", Patience(1, 2, 3)),
        StreamOrder("mux", ("1", "2"), "video", "mp4", 7, None, "http://127.0.0.1:1"),
    ],
)
def test_an_order_survives_the_pipe(work: order.Order) -> None:
    assert order.decode(order.encode(work, b"secret\n\0")) == (work, b"secret\n\0")
