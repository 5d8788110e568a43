"""Frames out of a muxer's writes."""

import os
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import IndexTooSmall
from medusa.media.child.delivery import Delivery
from medusa.media.child.output import Output


class Collector:
    """Takes what would go through the pipe, and holds it against the contract of frames."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.file = bytearray()

    def data(self, offset: int, data: bytes) -> None:
        assert offset == len(self.file) or offset + len(data) <= self.window
        self.file[offset : offset + len(data)] = data


def output_for(window: int) -> tuple[Output, Collector]:
    collector = Collector(window)
    return Output(cast(Delivery, collector), window), collector


@given(st.lists(st.binary(max_size=50), max_size=30), st.integers(0, 200), st.binary(max_size=200))
def test_the_frames_make_the_file_that_was_written(blocks: list[bytes], window: int, index: bytes) -> None:
    output, collector = output_for(window)
    expected = bytearray()
    for block in blocks:
        output.write(block)
        expected += block
    if len(index) <= window and len(index) <= len(expected):
        output.seek(0)
        output.write(index)
        expected[: len(index)] = index
    assert output.finish() == len(expected)
    assert collector.file == expected


def test_room_that_is_skipped_comes_as_zeros_and_is_filled_at_the_end() -> None:
    output, collector = output_for(100)
    output.write(b"ftyp")
    output.seek(96)
    output.write(b"mdat" + b"media")
    assert collector.file == b"ftyp" + bytes(92) + b"mdat"
    output.seek(4)
    output.write(b"moov")
    output.seek(0, os.SEEK_END)
    assert output.tell() == 105
    assert output.finish() == 105
    assert collector.file == b"ftyp" + b"moov" + bytes(88) + b"mdat" + b"media"


def test_a_late_write_behind_the_window_is_refused() -> None:
    output, _ = output_for(10)
    output.write(bytes(30))
    output.seek(5)
    with pytest.raises(IndexTooSmall):
        output.write(bytes(10))


def test_without_a_window_there_is_no_going_back() -> None:
    output, collector = output_for(0)
    assert not output.seekable()
    output.write(b"abc")
    output.write(b"def")
    assert output.finish() == 6
    assert collector.file == b"abcdef"


@given(st.binary(max_size=60), st.integers(0, 100))
def test_a_muxer_counts_from_behind_what_is_in_front_of_it(preface: bytes, window: int) -> None:
    output, collector = output_for(window)
    output.preface(preface)
    assert output.tell() == 0
    output.write(b"x" * 100)
    assert output.tell() == 100
    if len(preface) + 2 <= window:
        assert output.seek(1) == 1
        output.write(b"y")
        assert output.seek(0, os.SEEK_END) == 100
    size = output.finish()
    assert bytes(collector.file[:size]).startswith(preface)
    assert collector.file.count(b"y", len(preface)) == (len(preface) + 2 <= window)
    assert len(preface) + 2 > window or collector.file[len(preface) + 1] == ord("y")
