"""One upload: frames in, an acknowledged file out."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from medusa.errors import SourceIncomplete, TooLarge
from medusa.model import Frame
from medusa.upload.parts import PART_SIZE, Part, PartCutter, part_count
from medusa.upload.spool import Spool

EMPTY = "The site sent an empty file."

OnAcknowledged = Callable[[int], None]
"""Called with the bytes of each part when Telegram has it."""


class PartStore(Protocol):
    """Where parts go; `Pool` in production."""

    async def turn(self, file_id: int) -> None:
        """Return when this file may put one more part under way."""
        ...

    def end_turn(self) -> None:
        """That part is acknowledged, or given up."""
        ...

    async def save(self, file_id: int, part: Part) -> None:
        """Return when the part is acknowledged; raise UploadError when it never will be."""
        ...


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that Telegram holds completely; a message can refer to it for some hours."""

    file_id: int
    parts: int
    size: int


class Uploader:
    """Brings files into a part store, in an order that the strictest reading of Telegram's rules allows."""

    def __init__(self, store: PartStore, *, max_parts: int) -> None:
        self._store = store
        self._max_parts = max_parts

    async def upload(
        self, frames: AsyncIterator[Frame], *, head_window: int, on_acknowledged: OnAcknowledged
    ) -> Uploaded:
        """Upload what `frames` yields while it arrives; its size need not be known.

        Besides the head window and what the store has under way, one part of 512 KiB is held; the source is
        slowed by back-pressure alone. Order on the wire: every part as it comes, in any order; when all are
        acknowledged the held-back head; when that is acknowledged too, the last part alone with the true
        total.

        Raises UploadError, TooLarge, SourceIncomplete for an empty stream, and what `frames` raises. When it
        is cancelled, no task is left behind.
        """
        cutter = PartCutter(head_window=head_window, max_parts=self._max_parts)
        sender = _Sender(self._store, on_acknowledged)
        await sender.send(_cut(frames, cutter))
        tail = cutter.finish()
        if tail.last is None:
            raise SourceIncomplete(EMPTY)
        await sender.send(_each(tail.head))
        await sender.send(_each([tail.last]))
        return Uploaded(sender.file_id, tail.last.total, cutter.size)

    async def upload_small(self, data: bytes) -> int:
        """Upload a file of at most one part, such as a thumbnail; its file id."""
        file_id = secrets.randbits(63)
        await self._store.turn(file_id)
        try:
            await self._store.save(file_id, Part(0, data, 1, small=True))
        finally:
            self._store.end_turn()
        return file_id

    async def upload_spooled(
        self, frames: AsyncIterator[Frame], *, directory: Path, on_acknowledged: OnAcknowledged
    ) -> Uploaded:
        """Upload by way of a temporary file in `directory`, for a server that wants the total up front."""
        async with Spool(directory) as spool:
            async for frame in frames:
                if frame.offset + len(frame.data) > self._max_parts * PART_SIZE:
                    raise TooLarge
                await spool.write(frame)
            if not spool.size:
                raise SourceIncomplete(EMPTY)
            sender = _Sender(self._store, on_acknowledged)
            await sender.send(spool.parts())
            return Uploaded(sender.file_id, part_count(spool.size), spool.size)


async def _cut(frames: AsyncIterator[Frame], cutter: PartCutter) -> AsyncGenerator[Part]:
    async for frame in frames:
        for part in cutter.feed(frame):
            yield part


async def _each(parts: Iterable[Part]) -> AsyncGenerator[Part]:
    for part in parts:
        yield part


class _Sender:
    """The parts of one file on their way."""

    def __init__(self, store: PartStore, on_acknowledged: OnAcknowledged) -> None:
        self.file_id = secrets.randbits(63)
        self._store = store
        self._on_acknowledged = on_acknowledged

    async def send(self, parts: AsyncGenerator[Part]) -> None:
        """Send all of these, several at a time; return when every one is acknowledged."""
        try:
            async with aclosing(parts), asyncio.TaskGroup() as group:
                async for part in parts:
                    await self._store.turn(self.file_id)
                    # A callback, because a task that is cancelled before it has begun does nothing at all.
                    group.create_task(self._save(part)).add_done_callback(self._end_turn)
        except BaseExceptionGroup as failures:
            # The first failure is the reason; the group cancelled the rest because of it.
            raise failures.exceptions[0] from None

    async def _save(self, part: Part) -> None:
        await self._store.save(self.file_id, part)
        self._on_acknowledged(len(part.data))

    def _end_turn(self, _: asyncio.Task[None]) -> None:
        self._store.end_turn()
