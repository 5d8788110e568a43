"""The uploader: the order Telegram insists on, back-pressure, and nothing left behind."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from medusa.errors import PartRefused, SourceIncomplete, SourceUnreachable, TooLarge
from medusa.model import Frame
from medusa.upload.parts import PART_SIZE, UNKNOWN_TOTAL, Part
from medusa.upload.uploader import Uploader


class Store:
    """Keeps parts as a strict server would: what is open at the same time is checked on every arrival."""

    def __init__(self, *, capacity: int = 4, refuse: int | None = None) -> None:
        self.room = asyncio.Semaphore(capacity)
        self.turns = 0
        self.refuse = refuse
        self.data: dict[int, bytes] = {}
        self.order: list[int] = []
        self.open: set[int] = set()
        self.most_open = 0
        self.total: int | None = None
        self.go = asyncio.Event()
        self.go.set()
        self.random = random.Random(1)

    async def turn(self, file_id: int) -> None:
        await self.room.acquire()
        self.turns += 1

    def end_turn(self) -> None:
        self.room.release()
        self.turns -= 1

    async def save(self, file_id: int, part: Part) -> None:
        assert self.total is None, "a part after the last one"
        if part.total != UNKNOWN_TOTAL:
            assert not self.open, "the last part must be alone"
            self.total = part.total
        self.open.add(part.index)
        self.most_open = max(self.most_open, len(self.open))
        try:
            await self.go.wait()
            for _ in range(self.random.randrange(5)):
                await asyncio.sleep(0)
            if part.index == self.refuse:
                raise PartRefused
            self.data[part.index] = part.data
            self.order.append(part.index)
        finally:
            self.open.discard(part.index)

    @property
    def file(self) -> bytes:
        return b"".join(self.data[index] for index in range(len(self.data)))


class Source:
    """Frames of a body, counted as they are asked for; `rewrite` replaces bytes at the head at the end."""

    def __init__(self, size: int, *, step: int = 100_000, rewrite: bytes = b"") -> None:
        self.body = random.Random(size).randbytes(size)
        self.step = step
        self.rewrite = rewrite
        self.given = 0
        self.fails_at: int | None = None

    async def frames(self) -> AsyncIterator[Frame]:
        for offset in range(0, len(self.body), self.step):
            if self.fails_at is not None and offset >= self.fails_at:
                raise SourceUnreachable
            data = self.body[offset : offset + self.step]
            self.given += len(data)
            yield Frame(offset, data)
        if self.rewrite:
            self.body = self.rewrite + self.body[len(self.rewrite) :]
            yield Frame(0, self.rewrite)


def ignore(acknowledged: int) -> None:
    """Nobody looks at the progress."""


@pytest.mark.parametrize("size", [1, PART_SIZE, PART_SIZE + 1, 7 * PART_SIZE, 7 * PART_SIZE + 99])
@pytest.mark.parametrize("window", [0, 10, PART_SIZE + 1])
async def test_every_byte_arrives_and_the_total_comes_last(size: int, window: int) -> None:
    store, source, acknowledged = Store(), Source(size, rewrite=b"index" if window else b""), list[int]()
    if size < 5:
        source.rewrite = b""
    uploaded = await Uploader(store, max_parts=100).upload(
        source.frames(), head_window=window, on_acknowledged=acknowledged.append
    )
    assert store.file == source.body
    assert (uploaded.size, uploaded.parts) == (size, store.total)
    assert sum(acknowledged) == size
    assert store.order[-1] == uploaded.parts - 1


async def test_the_head_leaves_after_the_rest() -> None:
    store = Store()
    await Uploader(store, max_parts=100).upload(
        Source(5 * PART_SIZE).frames(), head_window=2 * PART_SIZE, on_acknowledged=ignore
    )
    assert sorted(store.order[:2]) == [2, 3]
    assert sorted(store.order[2:4]) == [0, 1]
    assert store.order[4] == 4


async def test_the_source_is_slowed_not_buffered() -> None:
    store, source = Store(capacity=3), Source(60 * PART_SIZE)
    store.go.clear()
    upload = asyncio.create_task(
        Uploader(store, max_parts=100).upload(source.frames(), head_window=0, on_acknowledged=ignore)
    )
    while len(store.open) < 3:
        await asyncio.sleep(0)
    for _ in range(100):
        await asyncio.sleep(0)
    assert source.given <= (3 + 2) * PART_SIZE + source.step
    store.go.set()
    await upload
    assert store.file == source.body
    assert store.most_open <= 3


async def test_a_refused_part_ends_the_upload_with_its_reason() -> None:
    store = Store(refuse=2)
    with pytest.raises(PartRefused):
        await Uploader(store, max_parts=100).upload(
            Source(20 * PART_SIZE).frames(), head_window=0, on_acknowledged=ignore
        )
    assert (store.open, store.turns) == (set(), 0)
    assert store.total is None


async def test_a_failing_source_ends_the_upload_without_a_total() -> None:
    store, source = Store(), Source(20 * PART_SIZE)
    source.fails_at = 8 * PART_SIZE
    with pytest.raises(SourceUnreachable):
        await Uploader(store, max_parts=100).upload(source.frames(), head_window=0, on_acknowledged=ignore)
    assert (store.open, store.turns) == (set(), 0)
    assert store.total is None


async def test_an_empty_stream_and_a_too_large_one_are_refused() -> None:
    with pytest.raises(SourceIncomplete):
        await Uploader(Store(), max_parts=9).upload(Source(0).frames(), head_window=0, on_acknowledged=ignore)
    with pytest.raises(TooLarge):
        await Uploader(Store(), max_parts=9).upload(
            Source(9 * PART_SIZE + 1).frames(), head_window=0, on_acknowledged=ignore
        )


@pytest.mark.parametrize("turns", [0, 1, 5, 50])
async def test_cancelling_leaves_no_task(turns: int) -> None:
    store = Store()
    upload = asyncio.create_task(
        Uploader(store, max_parts=100).upload(
            Source(50 * PART_SIZE).frames(), head_window=0, on_acknowledged=ignore
        )
    )
    for _ in range(turns):
        await asyncio.sleep(0)
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert (store.open, store.turns) == (set(), 0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_spooled_upload_names_the_total_in_every_part(tmp_path: Path) -> None:
    totals = list[int]()

    class Spooling(Store):
        async def save(self, file_id: int, part: Part) -> None:
            totals.append(part.total)
            self.data[part.index] = part.data

    store, source = Spooling(), Source(3 * PART_SIZE + 5, rewrite=b"index")
    uploaded = await Uploader(store, max_parts=100).upload_spooled(
        source.frames(), directory=tmp_path, on_acknowledged=ignore
    )
    assert store.file == source.body
    assert totals == [4] * 4
    assert uploaded.size == len(source.body)
    assert list(tmp_path.iterdir()) == []


async def test_a_spooled_upload_keeps_the_limits(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        await Uploader(Store(), max_parts=2).upload_spooled(
            Source(2 * PART_SIZE + 1).frames(), directory=tmp_path, on_acknowledged=ignore
        )
    with pytest.raises(SourceIncomplete):
        await Uploader(Store(), max_parts=2).upload_spooled(
            Source(0).frames(), directory=tmp_path, on_acknowledged=ignore
        )
