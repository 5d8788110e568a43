"""Keeps ledgers in a database while their files are under way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

from loguru import logger

from medusa.errors import PartsMissing, StoreUnavailable, StreamChanged
from medusa.kept import FileKey, KeptParts, Ready
from medusa.upload.ledger import Keep, Ledger

KEEP_SECONDS = 0.25
"""What was acknowledged within this time before a crash is sent again."""
LAST_SECONDS = 1.0
"""For what is kept in the end; the bot may be about to stop."""

T = TypeVar("T")


class LedgerStore(Protocol):
    """What Telegram has of files. Each method raises StoreUnavailable when the database is down."""

    async def load(self, key: FileKey) -> KeptParts | None:
        """What was kept of a file; None when there is nothing, or Telegram will have forgotten it."""
        ...

    async def keep(self, key: FileKey, file_id: int, digests: Mapping[int, bytes], total: int | None) -> None:
        """Add parts to what is kept. The job has come further."""
        ...

    async def complete(self, key: FileKey, ready: Ready) -> None:
        """Telegram has the whole file."""
        ...

    async def ready(self, job: str) -> tuple[FileKey, Ready] | None:
        """The only file of a job, when Telegram has it."""
        ...

    async def drop(self, key: FileKey) -> None:
        """Forget a file."""
        ...


class Keeper:
    """Opens the ledgers of files. Without a database an upload goes on, and only its resumption is lost."""

    def __init__(self, store: LedgerStore, *, seconds: float = KEEP_SECONDS) -> None:
        self._store = store
        self._seconds = seconds

    @asynccontextmanager
    async def open(self, key: FileKey) -> AsyncIterator[Ledger]:
        """The ledger of a file: kept while the context is open, forgotten when it turns out to be of no
        use."""
        ledger = await self._load(key)
        turn = asyncio.Lock()

        async def keep() -> None:
            async with turn:
                await _tolerant(self._keep(key, ledger))

        ledger.keep = keep
        keeping = asyncio.create_task(self._keep_on(keep))
        of_use = True
        try:
            yield ledger
        except (StreamChanged, PartsMissing):
            of_use = False
            raise
        finally:
            await _end(keeping)
            last = self._keep(key, ledger) if of_use else self._store.drop(key)
            await _tolerant(asyncio.wait_for(last, LAST_SECONDS))

    async def complete(self, key: FileKey, ready: Ready) -> None:
        """Telegram has the whole file, which is not sent yet."""
        await _tolerant(self._store.complete(key, ready))

    async def ready(self, job: str) -> tuple[FileKey, Ready] | None:
        """The only file of a job, when Telegram has it and only its message may be missing."""
        return await _tolerant(self._store.ready(job))

    async def forget(self, key: FileKey) -> None:
        """Telegram does not have this file any more."""
        await _tolerant(self._store.drop(key))

    async def _load(self, key: FileKey) -> Ledger:
        kept = await _tolerant(self._store.load(key))
        if kept is None:
            return Ledger()
        logger.info("Telegram has {} parts of this file already", len(kept.digests))
        return Ledger(kept.file_id, kept.digests, total=kept.total)

    async def _keep_on(self, keep: Keep) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            await keep()

    async def _keep(self, key: FileKey, ledger: Ledger) -> None:
        news = ledger.take_news()
        if not news:
            return
        try:
            await self._store.keep(key, ledger.file_id, news, ledger.total)
        except BaseException:
            ledger.put_back(news)
            raise


async def _tolerant(call: Awaitable[T]) -> T | None:
    """What the database answers; None when it is down, for that does not end an upload."""
    try:
        return await call
    except (StoreUnavailable, TimeoutError) as error:
        logger.warning("the database did not help an upload: {!r}", error)
        return None


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
