"""A plan is carried out: stream → upload → send, one message for each file."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from loguru import logger

from medusa.errors import PartsMissing, SubtitlesLost, TooLarge
from medusa.kept import FileKey, Finished, Ready, Uploaded
from medusa.media import photos, subtitles
from medusa.media.identity import fingerprint, made_by
from medusa.media.pieces import is_larger, piece_of
from medusa.media.stream import MediaStream, StreamedFile
from medusa.model import Download, Frame, Kind, Media, Plan, Progress, Sent
from medusa.quota import within
from medusa.recordings import Recordings
from medusa.sending import seen_through
from medusa.turn import Turns
from medusa.upload.keeping import Keeper
from medusa.upload.ledger import Ledger
from medusa.upload.parts import part_count
from medusa.upload.progress import Meter
from medusa.upload.uploader import Uploader
from medusa.wishes import Look

PROGRESS_SECONDS = 1.0
"""How often the progress is measured; how often it is shown is decided where it is shown."""

OnProgress = Callable[[Download, Progress], None]

OnPiece = Callable[[tuple[Sent, ...]], Awaitable[None]]
"""Awaited with all messages so far when one of several files was sent."""


class Streams(Protocol):
    """Where the bytes of media come from; medusa.media.source in production."""

    def open(self, media: Media, plan: Plan) -> AbstractAsyncContextManager[MediaStream]:
        """The bytes of a plan. Leaving the context leaves nothing behind."""
        ...


class Account(Protocol):
    """A Telegram account that uploads and sends."""

    @property
    def id(self) -> int:
        """Of who uploads."""
        ...

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

    def send(self, download: Download, media: Media, file: Finished) -> Coroutine[Any, Any, Sent]:
        """Post a file in the request's chat; once, however often it is tried."""
        ...


class Transfer:
    """Brings the files of a plan to their person, and goes on where an earlier try was interrupted."""

    def __init__(
        self,
        streams: Streams,
        keeper: Keeper,
        *,
        on_progress: OnProgress,
        turns: Turns,
        recordings: Recordings | None = None,
        spool_directory: Path,
        progress_seconds: float = PROGRESS_SECONDS,
    ) -> None:
        self._streams = streams
        self._keeper = keeper
        self._on_progress = on_progress
        self._turns = turns
        self._recordings = recordings or Recordings()
        self._spool_directory = spool_directory
        self._progress_seconds = progress_seconds

    async def carry(
        self,
        download: Download,
        media: Media,
        plan: Plan,
        account: Account,
        *,
        spooled: bool,
        on_piece: OnPiece,
    ) -> tuple[Sent, ...]:
        """Bring every file of a plan to its person, each as soon as it is complete; its subtitles last."""
        sent: list[Sent] = []
        await self._carry(download, media, plan, account, sent, spooled=spooled, on_piece=on_piece)
        seconds = sum(file.duration or 0 for file in sent)
        if (texts := subtitles.file_of(plan, media, seconds)) is not None:
            await on_piece(tuple(sent))
            try:
                await self._carry(download, media, texts, account, sent, spooled=spooled, on_piece=on_piece)
            except SubtitlesLost as error:
                logger.warning("the video comes without its subtitles: {}", error.detail)
        return tuple(sent)

    async def _carry(
        self,
        download: Download,
        media: Media,
        plan: Plan,
        account: Account,
        sent: list[Sent],
        *,
        spooled: bool,
        on_piece: OnPiece,
    ) -> None:
        """The same for one stream; what is sent is added to `sent`."""
        async with (
            self._streams.open(media, plan) as stream,
            self._watched(download.evolve(plan=plan), plan, account, stream) as counter,
        ):
            async for arriving in stream.files():
                counter.piece = arriving.number
                key = file_key(download, account.id, plan, arriving.number)
                async with self._keeper.open(key) as ledger:
                    frames = within(
                        download.request.allowance, aiter(arriving), sum(one.size for one in sent)
                    )
                    uploaded = await self._upload(
                        frames, plan, account.uploader, counter, None if spooled else ledger
                    )
                    file = _finished(arriving, plan, uploaded)
                    await self._keeper.complete(key, _ready(media, plan, file, download.request.look))
                    await self._turns.check(download)
                    sending = account.send(download, media, file)
                    sent.append(await seen_through(sending, lambda one: on_piece((*sent, one))))
                if file.piece is not None:
                    await on_piece(tuple(sent))
                logger.info("sent {} bytes in {} parts as {}", uploaded.size, uploaded.parts, file.plan.kind)

    async def photo(self, media: Media, plan: Plan, account: Account) -> Finished:
        """A photo in the account's hands, to be sent with others."""
        async with self._streams.open(media, plan) as stream:
            file = await anext(aiter(stream.files()))
            uploaded = await _upload_photo(aiter(file), account.uploader, lambda size: None)
            return Finished(plan=plan, summary=file.summary, uploaded=uploaded, piece=None)

    async def send_ready(
        self, download: Download, key: FileKey, ready: Ready, account: Account, *, on_piece: OnPiece
    ) -> Sent | None:
        """Send a file that an earlier try has uploaded; None when Telegram does not have it any more."""
        await self._turns.check(download)
        try:
            sending = account.send(download, ready.media, ready.file)
            sent = await seen_through(sending, lambda one: on_piece((one,)))
        except PartsMissing as error:
            logger.info("the file of an earlier try is gone: {}", error.detail)
            await self._keeper.forget(key)
            return None
        logger.info("sent {} bytes that an earlier try had uploaded", sent.size)
        return sent

    async def _upload(
        self,
        frames: AsyncIterator[Frame],
        plan: Plan,
        uploader: Uploader,
        counter: "_Counter",
        ledger: Ledger | None,
    ) -> Uploaded:
        if plan.kind is Kind.PHOTO:
            return await _upload_photo(frames, uploader, counter.count)
        if ledger is None:
            return await uploader.upload_spooled(
                frames, directory=self._spool_directory, on_acknowledged=counter.count
            )
        counter.use(ledger)
        return await uploader.upload(
            frames, head_window=plan.head_window, on_acknowledged=counter.count, ledger=ledger
        )

    @asynccontextmanager
    async def _watched(
        self, download: Download, plan: Plan, account: Account, stream: MediaStream
    ) -> AsyncIterator["_Counter"]:
        """Report the progress of a transfer while it runs; yields what counts."""
        counter = _Counter()
        started = time.monotonic()

        async def report() -> None:
            meter = Meter(started)
            while True:
                elapsed = time.monotonic() - started if plan.recording else None
                progress = meter.read(
                    time.monotonic(),
                    received=stream.received,
                    acknowledged=counter.acknowledged,
                    skipped=counter.skipped,
                    total=plan.size or stream.expected,
                    exact=plan.size_is_exact,
                    held=account.held(),
                )
                self._on_progress(
                    download, progress.evolve(piece=_piece_to_show(plan, counter.piece), elapsed=elapsed)
                )
                await asyncio.sleep(self._progress_seconds)

        reporting = asyncio.create_task(report())
        try:
            with self._recordings.under_way(download.id, lambda: stream.finish()):
                if download.finish_requested:
                    stream.finish()
                yield counter
        finally:
            reporting.cancel()
            await asyncio.wait([reporting])
            if not reporting.cancelled():
                reporting.result()


class _Counter:
    """How far a transfer is; bytes of all files."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self.piece = 1
        self._before = 0
        self._ledger = Ledger()

    @property
    def skipped(self) -> int:
        """What Telegram had already."""
        return self._before + self._ledger.skipped

    def use(self, ledger: Ledger) -> None:
        """The next file begins."""
        self._before += self._ledger.skipped
        self._ledger = ledger

    def count(self, size: int) -> None:
        """Telegram has so many bytes more."""
        self.acknowledged += size


async def _upload_photo(
    frames: AsyncIterator[Frame], uploader: Uploader, count: Callable[[int], None]
) -> Uploaded:
    """Telegram wants to know how large a photo is before it has it, so it comes to memory first."""
    data = bytearray()
    async for frame in frames:
        data += frame.data
        if len(data) > photos.LARGEST:
            raise TooLarge(detail="a photo that is larger than it was")
    file_id = await uploader.upload_small(bytes(data))
    count(len(data))
    return Uploaded(file_id=file_id, parts=part_count(len(data)), size=len(data))


def file_key(download: Download, account: int, plan: Plan, number: int) -> FileKey:
    """A file made by another plan has other bytes, so it is another file; so is each try of a recording."""
    made = made_by(plan) + (f" try {download.claims}" if plan.recording else "")
    return FileKey(download.id, account, f"{number} {blake2b(made.encode(), digest_size=8).hexdigest()}")


def _ready(media: Media, plan: Plan, file: Finished, look: Look) -> Ready:
    known = media.evolve(recipe=b"", formats=(), subtitles=())
    return Ready(media=known, file=file, fingerprint=fingerprint(media, plan, look))


def _finished(arrived: StreamedFile, plan: Plan, uploaded: Uploaded) -> Finished:
    """What a file turned out to be: only when it is complete it shows whether it is the only one."""
    if arrived.number == 1 and arrived.is_last:
        return Finished(plan=plan, summary=arrived.summary, uploaded=uploaded, piece=None)
    part = piece_of(plan, arrived.number)
    return Finished(plan=part, summary=arrived.summary, uploaded=uploaded, piece=arrived.number)


def _piece_to_show(plan: Plan, number: int) -> int | None:
    """The number of a file, where there are or will be others."""
    return number if number > 1 or is_larger(plan) else None
