"""One link, from its source to the finished messages: probe → choose → stream → upload → send."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from loguru import logger

from medusa.cookies import CookieFile
from medusa.errors import (
    AccountLost,
    IndexTooSmall,
    LiveStream,
    PartsMissing,
    StoreUnavailable,
    StreamChanged,
    StreamedTotalRefused,
    SubtitlesLost,
    UnsupportedSite,
)
from medusa.kept import FileKey, Ready
from medusa.media.choose import choose, question
from medusa.media.identity import fingerprint
from medusa.media.reservation import LIMIT
from medusa.media.subtitles import listed
from medusa.metering import Metering
from medusa.model import Download, LogCopy, Media, Plan, Sent, State
from medusa.playlist import Playlist
from medusa.transfer import Account, OnPiece, Transfer
from medusa.upload.keeping import Keeper
from medusa.upload.parts import PART_SIZE
from medusa.wishes import Wish

LIVE_ITEM = "This is live now. Send its link by itself, and I ask how much of it to record."
LIST_ITEM = "This is a playlist. Send its link by itself, and I ask which of it you want."
ANY_SIZE = 2**63 - 1
"""A limit that no file reaches."""

Unfold = Callable[[Download, Playlist], Awaitable[None]]
"""Keeps a playlist, and offers it to the person of the download that led there."""

LogCopies = Callable[[], Awaitable[tuple[LogCopy, ...]]]
"""The copies that each message of a finished download is due."""


class OnSent(Protocol):
    """Records what is known when one of several messages was sent: the others may fail."""

    async def __call__(self, download: Download, /, **changes: object) -> object:
        """Change fields of a download that is under way. Raises StoreUnavailable."""
        ...


class Archive(Protocol):
    """What was delivered before and can be sent again."""

    async def resend(self, download: Download, media: Media, fingerprint: str) -> tuple[Sent, ...] | None:
        """Send the same files as an earlier download; None when there are none."""
        ...


class Source(Protocol):
    """Where media comes from; medusa.media.source in production."""

    async def probe(self, url: str, *, hint: str = "", cookies: CookieFile | None = None) -> Media | Playlist:
        """What is behind a link, as somebody with these cookies sees it. Raises BadLink, SourceError."""
        ...


class Cookies(Protocol):
    """The cookies of people."""

    async def cookies_for(self, person_id: int) -> CookieFile | None:
        """What this person's links are opened with. Raises StoreUnavailable."""
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
    """The messages were sent, or the person has to choose first: a quality, or what of a playlist."""

    state: State
    changes: dict[str, object]


@dataclass(frozen=True, slots=True)
class Brought:
    """The files of a link have reached their person."""

    plan: Plan
    sent: tuple[Sent, ...]
    fingerprint: str | None
    is_archived: bool = False


class Delivery:
    """Carries out downloads; knows nothing of queues and records."""

    def __init__(
        self,
        source: Source,
        accounts: Accounts,
        transfer: Transfer,
        keeper: Keeper,
        *,
        archive: Archive | None = None,
        cookies: Cookies | None = None,
        unfold: Unfold,
        log_copies: LogCopies,
        on_sent: OnSent,
        metering: Metering,
    ) -> None:
        self._source = source
        self._accounts = accounts
        self._transfer = transfer
        self._keeper = keeper
        self._archive = archive
        self._cookies = cookies
        self._unfold = unfold
        self._log_copies = log_copies
        self._on_sent = on_sent
        self._metering = metering

    async def deliver(self, download: Download) -> Delivered:
        """Bring a link to its end, or to the question. Raises MedusaError with the reason."""
        started = time.monotonic()
        ready = await self._keeper.ready(download.id)
        if ready is not None and (ended := await self._send_ready(download, *ready, started=started)):
            return ended
        media = await self._probe(download)
        if isinstance(media, Playlist):
            if download.request.item is not None:
                raise UnsupportedSite(LIST_ITEM, detail="in a batch")
            await self._unfold(download, media)
            return Delivered(State.UNFOLDED, media.facts())
        wish = download.request.wish
        if offered := question(media, wish):
            if media.is_live and download.request.item is not None:
                raise LiveStream(LIVE_ITEM, detail="in a batch")
            known = {**_about(media), "choices": offered, "subtitles": listed(media.subtitles)}
            return Delivered(State.ASKING, known)
        self._metering.check(download, media)
        # Asked for before anything is sent: when the database is down, nothing must have happened yet.
        copies = await self._log_copies()
        async with self._metering.counted(download) as count:
            brought = await self._bring(download.evolve(**_about(media)), media, wish or Wish(), copies)
            count(brought.sent)
        return delivered(media, brought, copies, started)

    async def _probe(self, download: Download) -> Media | Playlist:
        request = download.request
        cookies = await self._cookies.cookies_for(request.person.id) if self._cookies else None
        return await self._source.probe(request.url, hint=request.hint, cookies=cookies)

    async def _send_ready(
        self, download: Download, key: FileKey, ready: Ready, *, started: float
    ) -> Delivered | None:
        """Send what an earlier try has uploaded; None when that is not possible any more."""
        plan = ready.file.plan
        account = await self._accounts.for_plan(plan)
        # Of subtitles, and of a video with some behind it, nobody knows what else was sent.
        if account.id != key.account or plan.subtitle_file is not None:
            return None
        copies = await self._log_copies()
        known = download.evolve(**_about(ready.media), plan=plan)
        recorder = self._recorder(download, plan, copies)
        sent = await self._transfer.send_ready(known, key, ready, account, on_piece=recorder)
        if sent is None:
            return None
        return delivered(ready.media, Brought(plan, (sent,), ready.fingerprint), copies, started)

    async def _bring(
        self, download: Download, media: Media, wish: Wish, copies: tuple[LogCopy, ...]
    ) -> Brought:
        """Choose account and plan, and carry it out; once more where an account is lost on the way."""
        while True:
            shape = download.request.shape
            account = await self._accounts.for_plan(choose(media, wish, shape, max_size=ANY_SIZE))
            plan = choose(media, wish, shape, max_size=account.max_parts * PART_SIZE)
            await self._metering.reserve(download, plan)
            try:
                if archived := await self._from_archive(download, media, plan):
                    return archived
                return await self._carry(download, media, plan, account, copies)
            except AccountLost as error:
                logger.warning("{} {}", error, error.detail)
                if not self._accounts.give_up(account):
                    raise

    async def _from_archive(self, download: Download, media: Media, plan: Plan) -> Brought | None:
        if self._archive is None or download.request.fresh or plan.recording is not None:
            return None
        same = fingerprint(media, plan, download.request.look)
        sent = await self._archive.resend(download.evolve(plan=plan), media, same)
        return Brought(plan, sent, same, is_archived=True) if sent else None

    async def _carry(
        self, download: Download, media: Media, plan: Plan, account: Account, copies: tuple[LogCopy, ...]
    ) -> Brought:
        """Stream, upload and send; once more where the first try taught how."""
        spooled = anew = False
        while True:
            try:
                recorder = self._recorder(download, plan, copies)
                sent = await self._transfer.carry(
                    download, media, plan, account, spooled=spooled, on_piece=recorder
                )
                return Brought(plan, sent, fingerprint(media, plan, download.request.look))
            except (IndexTooSmall, SubtitlesLost) as error:
                plan = _mended(plan, error)
            except StreamedTotalRefused:
                if spooled:
                    raise
                logger.warning("Telegram refused a streamed upload: going by way of the disk")
                spooled = True
            except (StreamChanged, PartsMissing) as error:
                if anew:
                    raise
                logger.info("the upload begins anew: {} {}", error, error.detail)
                anew = True

    def _recorder(self, download: Download, plan: Plan, copies: tuple[LogCopy, ...]) -> OnPiece:
        """Records messages before the download is over."""

        async def record(sent: tuple[Sent, ...]) -> None:
            try:
                await self._on_sent(download, plan=plan, sent=sent, log_copies=_parked(copies, sent))
            except StoreUnavailable as error:
                logger.warning("a message will be recorded with the next: {}", error.detail)

        return record


def _mended(plan: Plan, error: IndexTooSmall | SubtitlesLost) -> Plan:
    """The plan without what has spoilt it. Raises the error when that cannot be helped."""
    if isinstance(error, SubtitlesLost):
        logger.warning("the video comes without its subtitles: {}", error.detail)
        return plan.evolve(subtitles=None)
    if not 0 < plan.head_window <= LIMIT // 2:
        raise error
    logger.info("the index needs more room than {} bytes", plan.head_window)
    return plan.evolve(head_window=plan.head_window * 2)


def _about(media: Media) -> dict[str, object]:
    return {"title": media.title, "source": media.source, "duration": media.duration}


def delivered(media: Media, brought: Brought, copies: tuple[LogCopy, ...], started: float) -> Delivered:
    """The end of a download that began at `started`, a time of time.monotonic()."""
    return Delivered(
        State.DONE,
        {
            **_about(media),
            "duration": _duration(media, brought.sent),
            "plan": brought.plan,
            "fingerprint": brought.fingerprint,
            "archived": brought.is_archived,
            "sent": brought.sent,
            "log_copies": _of_each(copies, brought.sent),
            "seconds": time.monotonic() - started,
        },
    )


def _of_each(copies: tuple[LogCopy, ...], sent: tuple[Sent, ...]) -> tuple[LogCopy, ...]:
    return tuple(copy.evolve(number=number) for number, _ in enumerate(sent, 1) for copy in copies)


def _parked(copies: tuple[LogCopy, ...], sent: tuple[Sent, ...]) -> tuple[LogCopy, ...]:
    """Not before the download is over: then their cards know of how many files they are one."""
    return tuple(copy.evolve(next_try=None) for copy in _of_each(copies, sent))


def _duration(media: Media, sent: tuple[Sent, ...]) -> float | None:
    """Of all files together, in seconds; as the source says where the files do not."""
    return sum(file.duration or 0 for file in sent) or media.duration
