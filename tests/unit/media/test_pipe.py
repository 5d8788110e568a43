"""The pipe between the fetching thread and the demuxer."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import SourceIncomplete
from medusa.media.child.pipe import LIMIT, Pipe


@given(st.lists(st.binary(max_size=100), max_size=50), st.integers(1, 40))
def test_bytes_come_out_as_they_went_in(blocks: list[bytes], size: int) -> None:
    def produce(pipe: Pipe) -> None:
        for block in blocks:
            pipe.write(block)

    pipe = Pipe()
    pipe.fill_from(produce)
    out = b""
    while data := pipe.read(size):
        assert len(data) <= size
        out += data
    assert out == b"".join(blocks)


def test_a_producer_waits_for_a_slow_reader() -> None:
    written = 0

    def produce(pipe: Pipe) -> None:
        nonlocal written
        for _ in range(100):
            pipe.write(bytes(1024 * 1024))
            written += 1

    pipe = Pipe()
    pipe.fill_from(produce)
    for number in range(100):
        assert len(pipe.read(1024 * 1024)) == 1024 * 1024
        assert written <= number + 2 + LIMIT // (1024 * 1024)
    assert pipe.read(1) == b""


def test_a_failed_producer_is_no_end() -> None:
    def produce(pipe: Pipe) -> None:
        pipe.write(b"half")
        raise SourceIncomplete(detail="cut")

    pipe = Pipe()
    pipe.fill_from(produce)
    with pytest.raises(SourceIncomplete):
        pipe.finish()


def test_who_wants_no_more_ends_the_producer() -> None:
    ended = threading.Event()

    def produce(pipe: Pipe) -> None:
        try:
            while True:
                pipe.write(bytes(LIMIT))
        finally:
            ended.set()

    pipe = Pipe()
    pipe.fill_from(produce)
    assert pipe.read(10)
    pipe.close()
    assert ended.wait(5)


def test_what_is_left_out_is_known_with_the_first_byte() -> None:
    def produce(pipe: Pipe) -> None:
        pipe.begin_at(12.5)
        pipe.write(b"a")

    pipe = Pipe()
    pipe.fill_from(produce)
    assert pipe.read(1)
    assert pipe.begins == 12.5
    assert not pipe.seekable()
    with pytest.raises(OSError, match="pipe"):
        pipe.seek(0)
