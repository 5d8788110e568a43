"""One upload: frames in, an acknowledged file out."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing
from pathlib import Path
from typing import Protocol

from medusa.counters import Counters
from medusa.errors import SourceIncomplete, TooLarge
from medusa.kept import Uploaded
from medusa.model import Frame
from medusa.upload.ledger import Ledger
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


class Uploader:
    """Brings files into a part store, in an order that the strictest reading of Telegram's rules allows."""

    def __init__(self, store: PartStore, *, max_parts: int, counters: Counters | None = None) -> None:
        self._store = store
        self._counters = counters or Counters()
        self._max_parts = max_parts

    async def upload(
        self,
        frames: AsyncIterator[Frame],
        *,
        head_window: int,
        on_acknowledged: OnAcknowledged,
        ledger: Ledger | None = None,
    ) -> Uploaded:
        """Upload what `frames` yields while it arrives; its size need not be known. What Telegram has already
        according to the ledger is not sent again.

        Besides the head window and what the store has under way, one part of 512 KiB is held; the source is
        slowed by back-pressure alone. Order on the wire: every part as it comes, in any order; when all are
        acknowledged the held-back head; when that is acknowledged too, the last part alone with the true
        total.

        Raises UploadError (StreamChanged: the ledger is of other bytes), TooLarge, SourceIncomplete for an
        empty stream, and what `frames` raises. When it is cancelled, no task is left behind.
        """
        with self._counters.upload():
            return await self._upload(frames, head_window, on_acknowledged, ledger or Ledger())

    async def _upload(
        self,
        frames: AsyncIterator[Frame],
        head_window: int,
        on_acknowledged: OnAcknowledged,
        ledger: Ledger,
    ) -> Uploaded:
        cutter = PartCutter(head_window=head_window, max_parts=self._max_parts)
        sender = _Sender(self._store, ledger, on_acknowledged)
        await sender.send(_cut(frames, cutter))
        tail = cutter.finish()
        if tail.last is None:
            raise SourceIncomplete(EMPTY)
        await sender.send(_each(tail.head))
        # Behind the total Telegram takes no part any more: who goes on after a crash must know all others.
        await ledger.keep()
        await sender.send(_each([tail.last]))
        return Uploaded(file_id=ledger.file_id, parts=tail.last.total, size=cutter.size)

    async def upload_small(self, data: bytes) -> int:
        """Upload a file of at most 10 MB, such as a thumbnail or a photo; its file id."""
        file_id = secrets.randbits(63)
        await self._store.turn(file_id)
        try:
            count = part_count(len(data))
            for index in range(count):
                block = data[index * PART_SIZE : (index + 1) * PART_SIZE]
                await self._store.save(file_id, Part(index, block, count, small=True))
        finally:
            self._store.end_turn()
        return file_id

    async def upload_spooled(
        self, frames: AsyncIterator[Frame], *, directory: Path, on_acknowledged: OnAcknowledged
    ) -> Uploaded:
        """Upload by way of a temporary file in `directory`, for a server that wants the total up front."""
        with self._counters.upload():
            return await self._upload_spooled(frames, directory, on_acknowledged)

    async def _upload_spooled(
        self, frames: AsyncIterator[Frame], directory: Path, on_acknowledged: OnAcknowledged
    ) -> Uploaded:
        async with Spool(directory) as spool:
            async for frame in frames:
                if frame.offset + len(frame.data) > self._max_parts * PART_SIZE:
                    raise TooLarge
                await spool.write(frame)
            if not spool.size:
                raise SourceIncomplete(EMPTY)
            ledger = Ledger()
            await _Sender(self._store, ledger, on_acknowledged).send(spool.parts())
            return Uploaded(file_id=ledger.file_id, parts=part_count(spool.size), size=spool.size)


async def _cut(frames: AsyncIterator[Frame], cutter: PartCutter) -> AsyncGenerator[Part]:
    async for frame in frames:
        for part in cutter.feed(frame):
            yield part


async def _each(parts: Iterable[Part]) -> AsyncGenerator[Part]:
    for part in parts:
        yield part


class _Sender:
    """The parts of one file on their way."""

    def __init__(self, store: PartStore, ledger: Ledger, on_acknowledged: OnAcknowledged) -> None:
        self._store = store
        self._ledger = ledger
        self._on_acknowledged = on_acknowledged

    async def send(self, parts: AsyncGenerator[Part]) -> None:
        """Send all of these, several at a time; return when every one is acknowledged."""
        try:
            async with aclosing(parts), asyncio.TaskGroup() as group:
                async for part in parts:
                    if self._ledger.has(part):
                        self._on_acknowledged(len(part.data))
                        continue
                    await self._store.turn(self._ledger.file_id)
                    # A callback, because a task that is cancelled before it has begun does nothing at all.
                    group.create_task(self._save(part)).add_done_callback(self._end_turn)
        except BaseExceptionGroup as failures:
            # The first failure is the reason; the group cancelled the rest because of it.
            raise failures.exceptions[0] from None

    async def _save(self, part: Part) -> None:
        await self._store.save(self._ledger.file_id, part)
        self._ledger.note(part)
        self._on_acknowledged(len(part.data))

    def _end_turn(self, _: asyncio.Task[None]) -> None:
        self._store.end_turn()
