"""The part cutter: whatever the frames, the parts put together are the file, and Telegram's rules hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import TooLarge
from medusa.model import Frame
from medusa.upload.parts import PART_SIZE, UNKNOWN_TOTAL, Part, PartCutter

MIB = 1024 * 1024


def body(size: int, seed: int = 1) -> bytes:
    """Bytes in which every position is recognizable."""
    block = bytes((seed + i * i) % 251 for i in range(4099))
    return (block * (size // len(block) + 1))[:size]


def cut(cutter: PartCutter, frames: list[Frame]) -> tuple[list[Part], list[Part], Part | None]:
    """(parts that left at once, parts of the head, last part)."""
    early = [part for frame in frames for part in cutter.feed(frame)]
    tail = cutter.finish()
    return early, list(tail.head), tail.last


def assemble(parts: list[Part]) -> bytes:
    ordered = sorted(parts, key=lambda part: part.index)
    assert [part.index for part in ordered] == list(range(len(ordered)))
    return b"".join(part.data for part in ordered)


def sequential(data: bytes, sizes: list[int]) -> list[Frame]:
    frames, offset = [], 0
    for size in [*sizes, len(data)]:
        if offset < len(data):
            frames.append(Frame(offset, data[offset : offset + size]))
            offset += len(frames[-1].data)
    return frames


frame_sizes = st.lists(st.integers(1, 700_000), max_size=8)
rewrites = st.lists(st.tuples(st.integers(0, 600_000), st.binary(min_size=1, max_size=64)), max_size=5)


@given(size=st.integers(0, 5 * PART_SIZE + 3), sizes=frame_sizes, window=st.integers(0, 2 * PART_SIZE + 1))
def test_the_parts_are_the_file_and_keep_telegrams_rules(size: int, sizes: list[int], window: int) -> None:
    data = body(size)
    cutter = PartCutter(head_window=window, max_parts=4000)
    early, head, last = cut(cutter, sequential(data, sizes))
    assert cutter.size == size
    if last is None:
        assert size == 0
        return
    assert assemble([*early, *head, last]) == data
    assert last.total == last.index + 1 == -(-size // PART_SIZE)
    assert 0 < len(last.data) <= PART_SIZE
    assert all(part.total == UNKNOWN_TOTAL and len(part.data) == PART_SIZE for part in [*early, *head])
    assert all(part.index * PART_SIZE >= window for part in early)


@given(size=st.integers(1, 3 * PART_SIZE), sizes=frame_sizes, changes=rewrites)
def test_the_head_window_can_be_rewritten(
    size: int, sizes: list[int], changes: list[tuple[int, bytes]]
) -> None:
    window = 700_000
    data = bytearray(body(size))
    frames = sequential(bytes(data), sizes)
    for offset, patch in changes:
        if offset + len(patch) <= min(window, size):
            frames.append(Frame(offset, patch))
            data[offset : offset + len(patch)] = patch
    early, head, last = cut(PartCutter(head_window=window, max_parts=4000), frames)
    assert last is not None
    assert assemble([*early, *head, last]) == data


@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_exact_multiple_has_no_empty_last_part(count: int) -> None:
    data = body(count * PART_SIZE)
    early, head, last = cut(PartCutter(head_window=0, max_parts=4000), sequential(data, [PART_SIZE] * count))
    assert (len(early), head) == (count - 1, [])
    assert last is not None
    assert (len(last.data), last.total) == (PART_SIZE, count)


def test_a_part_leaves_as_soon_as_a_byte_follows_it() -> None:
    cutter = PartCutter(head_window=0, max_parts=4000)
    assert cutter.feed(Frame(0, body(PART_SIZE))) == []
    assert [part.index for part in cutter.feed(Frame(PART_SIZE, b"x"))] == [0]


def test_the_limit_is_announced_before_it_is_crossed() -> None:
    cutter = PartCutter(head_window=0, max_parts=2)
    assert len(cutter.feed(Frame(0, body(2 * PART_SIZE)))) == 1
    with pytest.raises(TooLarge):
        cutter.feed(Frame(2 * PART_SIZE, b"x"))
    last = cutter.finish().last
    assert last is not None
    assert last.total == 2


@pytest.mark.parametrize("frame", [Frame(5, b"gap"), Frame(PART_SIZE - 1, b"over the edge of the head")])
def test_a_frame_out_of_place_is_refused_loudly(frame: Frame) -> None:
    cutter = PartCutter(head_window=100, max_parts=4000)
    if frame.offset > 5:
        assert cutter.feed(Frame(0, body(PART_SIZE + 10))) == []
    with pytest.raises(ValueError, match="a frame at"):
        cutter.feed(frame)


def test_an_empty_stream_has_no_parts() -> None:
    tail = PartCutter(head_window=MIB, max_parts=4000).finish()
    assert (tail.head, tail.last) == ((), None)
