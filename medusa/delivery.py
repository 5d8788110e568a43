"""One link, from its source to the finished message: probe → choose → stream → upload → send."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from loguru import logger

from medusa.errors import IndexTooSmall, StreamedTotalRefused
from medusa.media.choose import choices, choose
from medusa.media.stream import MediaStream
from medusa.model import Download, LogCopy, Media, Plan, Progress, Sent, State, Summary, Wish
from medusa.upload.parts import PART_SIZE
from medusa.upload.progress import Meter
from medusa.upload.uploader import Uploaded, Uploader

PROGRESS_SECONDS = 1.0
"""How often the progress is measured; how often it is shown is decided where it is shown."""

MAX_HEAD_WINDOW = 64 * 1024 * 1024
"""An index that needs more than this is no index."""

LogCopies = Callable[[], Awaitable[tuple[LogCopy, ...]]]
"""The copies that a finished download is due."""

OnProgress = Callable[[Download, Progress], None]


class Source(Protocol):
    """Where media comes from; medusa.media.source in production."""

    async def probe(self, url: str) -> Media:
        """What is behind a link. Raises BadLink, SourceError."""
        ...

    def open(self, media: Media, plan: Plan) -> AbstractAsyncContextManager[MediaStream]:
        """The bytes of a plan. Leaving the context leaves nothing behind."""
        ...


class Account(Protocol):
    """A Telegram account that uploads and sends."""

    max_parts: int
    """Parts of 512 KiB that one file may have."""
    uploader: Uploader

    def held(self) -> float:
        """Seconds for which Telegram asked this account to pause."""
        ...

    async def send(
        self, download: Download, media: Media, plan: Plan, summary: Summary, file: Uploaded
    ) -> Sent:
        """Post the finished message in the request's chat."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """The message was sent, or the person has to choose first."""

    state: State
    changes: dict[str, object]


class Delivery:
    """Carries out downloads; knows nothing of queues and records."""

    def __init__(
        self,
        source: Source,
        account: Account,
        *,
        log_copies: LogCopies,
        on_progress: OnProgress,
        spool_directory: Path,
        progress_seconds: float = PROGRESS_SECONDS,
    ) -> None:
        self._source = source
        self._account = account
        self._log_copies = log_copies
        self._on_progress = on_progress
        self._spool_directory = spool_directory
        self._progress_seconds = progress_seconds

    async def deliver(self, download: Download) -> Delivered:
        """Bring a link to its end, or to the question. Raises MedusaError with the reason."""
        started = time.monotonic()
        media = await self._source.probe(download.request.url)
        about: dict[str, object] = {
            "title": media.title,
            "source": media.source,
            "duration": media.duration,
        }
        wish = download.request.wish
        if wish is None and (offered := choices(media)):
            return Delivered(State.ASKING, {**about, "choices": offered})
        # Asked for before anything is sent: when the database is down, nothing must have happened yet.
        copies = await self._log_copies()
        plan = choose(media, wish or Wish(), max_size=self._account.max_parts * PART_SIZE)
        known = download.evolve(title=media.title, source=media.source, duration=media.duration, plan=plan)
        summary, file = await self._transfer(known, media, plan)
        sent = await self._account.send(known, media, plan, summary, file)
        logger.info("sent {} bytes in {} parts as {}", file.size, file.parts, plan.kind)
        return Delivered(
            State.DONE,
            {
                **about,
                "duration": summary.duration or media.duration,
                "plan": plan,
                "sent": sent,
                "log_copies": copies,
                "seconds": time.monotonic() - started,
            },
        )

    async def _transfer(self, download: Download, media: Media, plan: Plan) -> tuple[Summary, Uploaded]:
        """Stream and upload; once more where the first try taught how."""
        transfer = self._stream
        while True:
            try:
                return await transfer(download, media, plan)
            except IndexTooSmall:
                if not 0 < plan.head_window <= MAX_HEAD_WINDOW // 2:
                    raise
                plan = plan.evolve(head_window=plan.head_window * 2)
                logger.info("the index needs more room: trying {} bytes", plan.head_window)
            except StreamedTotalRefused:
                if transfer == self._spool:
                    raise
                logger.warning("Telegram refused a streamed upload: going by way of the disk")
                transfer = self._spool

    async def _stream(self, download: Download, media: Media, plan: Plan) -> tuple[Summary, Uploaded]:
        async with self._source.open(media, plan) as stream, self._watched(download, plan, stream) as done:
            arriving = await anext(aiter(stream.files()))
            file = await self._account.uploader.upload(
                aiter(arriving), head_window=plan.head_window, on_acknowledged=done
            )
            return arriving.summary, file

    async def _spool(self, download: Download, media: Media, plan: Plan) -> tuple[Summary, Uploaded]:
        async with self._source.open(media, plan) as stream, self._watched(download, plan, stream) as done:
            arriving = await anext(aiter(stream.files()))
            file = await self._account.uploader.upload_spooled(
                aiter(arriving), directory=self._spool_directory, on_acknowledged=done
            )
            return arriving.summary, file

    @asynccontextmanager
    async def _watched(
        self, download: Download, plan: Plan, stream: MediaStream
    ) -> AsyncIterator[Callable[[int], None]]:
        """Report the progress of a transfer while it runs; yields what counts acknowledged bytes."""
        acknowledged = 0

        def count(size: int) -> None:
            nonlocal acknowledged
            acknowledged += size

        async def report() -> None:
            meter = Meter(time.monotonic())
            while True:
                progress = meter.read(
                    time.monotonic(),
                    received=stream.received,
                    acknowledged=acknowledged,
                    total=plan.size or stream.expected,
                    exact=plan.size_is_exact,
                    held=self._account.held(),
                )
                self._on_progress(download, progress)
                await asyncio.sleep(self._progress_seconds)

        reporting = asyncio.create_task(report())
        try:
            yield count
        finally:
            reporting.cancel()
            await asyncio.wait([reporting])
            if not reporting.cancelled():
                reporting.result()
