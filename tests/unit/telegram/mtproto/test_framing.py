"""Packets survive any cut of the stream that carries them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.telegram.mtproto.framing import LARGEST, Deframer, prefix

packets = st.lists(st.integers(1, 200).map(lambda words: bytes(4 * words)), max_size=6)


@given(packets=packets, cuts=st.lists(st.integers(1, 50)))
def test_packets_come_out_as_they_went_in(packets: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(prefix(len(packet)) + packet for packet in packets)
    deframer, found = Deframer(), list[bytes]()
    for cut in [*cuts, len(stream)]:
        found += deframer.feed(stream[:cut])
        stream = stream[cut:]
    found += deframer.feed(stream)
    assert found == packets


@pytest.mark.parametrize(
    ("length", "expected"),
    [(4, b"\x01"), (504, b"\x7e"), (508, b"\x7f\x7f\0\0"), (524392, b"\x7f\x1a\x00\x02")],
)
def test_lengths_are_written_as_telegram_documents_them(length: int, expected: bytes) -> None:
    assert prefix(length) == expected


def test_an_absurd_length_ends_the_connection() -> None:
    with pytest.raises(ConnectionError):
        list(Deframer().feed(prefix(LARGEST + 4)))
