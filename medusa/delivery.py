"""One link, from its source to the finished messages: probe → choose → stream → upload → send."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from loguru import logger

from medusa.errors import AccountLost, IndexTooSmall, StreamedTotalRefused
from medusa.media.choose import choices, choose
from medusa.media.pieces import is_larger, piece_of
from medusa.media.reservation import LIMIT
from medusa.media.stream import MediaStream, StreamedFile
from medusa.model import Download, LogCopy, Media, Plan, Progress, Sent, State, Summary, Wish
from medusa.upload.parts import PART_SIZE
from medusa.upload.progress import Meter
from medusa.upload.uploader import Uploaded, Uploader

PROGRESS_SECONDS = 1.0
"""How often the progress is measured; how often it is shown is decided where it is shown."""

ANY_SIZE = 2**63 - 1
"""A limit that no file reaches."""

LogCopies = Callable[[], Awaitable[tuple[LogCopy, ...]]]
"""The copies that each message of a finished download is due."""

OnProgress = Callable[[Download, Progress], None]


class Source(Protocol):
    """Where media comes from; medusa.media.source in production."""

    async def probe(self, url: str) -> Media:
        """What is behind a link. Raises BadLink, SourceError."""
        ...

    def open(self, media: Media, plan: Plan) -> AbstractAsyncContextManager[MediaStream]:
        """The bytes of a plan. Leaving the context leaves nothing behind."""
        ...


@dataclass(frozen=True, slots=True)
class Finished:
    """A file that Telegram holds, ready to be sent."""

    plan: Plan
    """Of this file."""
    summary: Summary
    uploaded: Uploaded
    piece: int | None
    """Its number, counted from 1, where there are several files; None: it is the only one."""


class Account(Protocol):
    """A Telegram account that uploads and sends."""

    @property
    def max_parts(self) -> int:
        """Parts of 512 KiB that one file may have."""
        ...

    @property
    def uploader(self) -> Uploader:
        """Brings files to Telegram."""
        ...

    def held(self) -> float:
        """Seconds for which Telegram asked this account to pause."""
        ...

    async def send(self, download: Download, media: Media, file: Finished) -> Sent:
        """Post a file in the request's chat; once, however often it is tried."""
        ...


class Accounts(Protocol):
    """The accounts that there are."""

    async def for_plan(self, plan: Plan) -> Account:
        """The account that carries this plan out."""
        ...

    def give_up(self, account: Account) -> bool:
        """Telegram has ended this account's session; whether another can take its place."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """The messages were sent, or the person has to choose first."""

    state: State
    changes: dict[str, object]


class Delivery:
    """Carries out downloads; knows nothing of queues and records."""

    def __init__(
        self,
        source: Source,
        accounts: Accounts,
        *,
        log_copies: LogCopies,
        on_progress: OnProgress,
        spool_directory: Path,
        progress_seconds: float = PROGRESS_SECONDS,
    ) -> None:
        self._source = source
        self._accounts = accounts
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
        known = download.evolve(title=media.title, source=media.source, duration=media.duration)
        plan, sent = await self._bring(known, media, wish or Wish())
        return Delivered(
            State.DONE,
            {
                **about,
                "duration": _duration(media, sent),
                "plan": plan,
                "sent": sent,
                "log_copies": tuple(
                    copy.evolve(number=number) for number, _ in enumerate(sent, 1) for copy in copies
                ),
                "seconds": time.monotonic() - started,
            },
        )

    async def _bring(self, download: Download, media: Media, wish: Wish) -> tuple[Plan, tuple[Sent, ...]]:
        """Choose account and plan, and carry it out; once more where an account is lost on the way."""
        while True:
            account = await self._accounts.for_plan(choose(media, wish, max_size=ANY_SIZE))
            plan = choose(media, wish, max_size=account.max_parts * PART_SIZE)
            try:
                return await self._transfer(download, media, plan, account)
            except AccountLost as error:
                logger.warning("{} {}", error, error.detail)
                if not self._accounts.give_up(account):
                    raise

    async def _transfer(
        self, download: Download, media: Media, plan: Plan, account: Account
    ) -> tuple[Plan, tuple[Sent, ...]]:
        """Stream, upload and send; once more where the first try taught how."""
        spooled = False
        while True:
            try:
                return plan, await self._carry(download, media, plan, account, spooled=spooled)
            except IndexTooSmall:
                if not 0 < plan.head_window <= LIMIT // 2:
                    raise
                plan = plan.evolve(head_window=plan.head_window * 2)
                logger.info("the index needs more room: trying {} bytes", plan.head_window)
            except StreamedTotalRefused:
                if spooled:
                    raise
                logger.warning("Telegram refused a streamed upload: going by way of the disk")
                spooled = True

    async def _carry(
        self, download: Download, media: Media, plan: Plan, account: Account, *, spooled: bool
    ) -> tuple[Sent, ...]:
        """Bring every file of a plan to its person, each as soon as it is complete."""
        sent: list[Sent] = []
        async with (
            self._source.open(media, plan) as stream,
            self._watched(download.evolve(plan=plan), plan, account, stream) as counter,
        ):
            async for arriving in stream.files():
                counter.piece = arriving.number
                uploaded = await self._upload(arriving, plan, account.uploader, counter, spooled=spooled)
                file = _finished(arriving, plan, uploaded)
                sent.append(await account.send(download, media, file))
                logger.info("sent {} bytes in {} parts as {}", uploaded.size, uploaded.parts, file.plan.kind)
        return tuple(sent)

    async def _upload(
        self, arriving: StreamedFile, plan: Plan, uploader: Uploader, counter: "_Counter", *, spooled: bool
    ) -> Uploaded:
        if spooled:
            return await uploader.upload_spooled(
                aiter(arriving), directory=self._spool_directory, on_acknowledged=counter.count
            )
        return await uploader.upload(
            aiter(arriving), head_window=plan.head_window, on_acknowledged=counter.count
        )

    @asynccontextmanager
    async def _watched(
        self, download: Download, plan: Plan, account: Account, stream: MediaStream
    ) -> AsyncIterator["_Counter"]:
        """Report the progress of a transfer while it runs; yields what counts."""
        counter = _Counter()

        async def report() -> None:
            meter = Meter(time.monotonic())
            while True:
                progress = meter.read(
                    time.monotonic(),
                    received=stream.received,
                    acknowledged=counter.acknowledged,
                    total=plan.size or stream.expected,
                    exact=plan.size_is_exact,
                    held=account.held(),
                )
                self._on_progress(download, progress.evolve(piece=_piece_to_show(plan, counter.piece)))
                await asyncio.sleep(self._progress_seconds)

        reporting = asyncio.create_task(report())
        try:
            yield counter
        finally:
            reporting.cancel()
            await asyncio.wait([reporting])
            if not reporting.cancelled():
                reporting.result()


class _Counter:
    """How far a transfer is."""

    def __init__(self) -> None:
        self.acknowledged = 0
        """Bytes of all files."""
        self.piece = 1

    def count(self, size: int) -> None:
        """Telegram has so many bytes more."""
        self.acknowledged += size


def _finished(arrived: StreamedFile, plan: Plan, uploaded: Uploaded) -> Finished:
    """What a file turned out to be: only when it is complete it shows whether it is the only one."""
    if arrived.number == 1 and arrived.is_last:
        return Finished(plan, arrived.summary, uploaded, None)
    return Finished(piece_of(plan, arrived.number), arrived.summary, uploaded, arrived.number)


def _piece_to_show(plan: Plan, number: int) -> int | None:
    """The number of a file, where there are or will be others."""
    return number if number > 1 or is_larger(plan) else None


def _duration(media: Media, sent: tuple[Sent, ...]) -> float | None:
    """Of all files together, in seconds; as the source says where the files do not."""
    return sum(file.duration or 0 for file in sent) or media.duration
