"""The log channels as an archive: what they have is sent again from there, without a download."""

from typing import Protocol

from loguru import logger
from pyrogram import raw

from medusa.errors import MedusaError, MessageGone
from medusa.kept import Finished, Uploaded
from medusa.model import CopyState, Download, Media, Plan, Sent, Summary
from medusa.policy import PolicySource
from medusa.telegram.account import BotAccount
from medusa.telegram.posting import by_reference
from medusa.turn import Turns


class ArchiveStore(Protocol):
    """The records of delivered downloads. Each method raises StoreUnavailable when the database is down."""

    async def archived(self, fingerprint: str) -> list[Download]:
        """Delivered downloads with the same files, the newest first."""
        ...

    async def drop(self, job: str) -> None:
        """The files of this download are gone."""
        ...


class Archive:
    """Sends files that a log channel has."""

    def __init__(self, bot: BotAccount, store: ArchiveStore, turns: Turns, policies: PolicySource) -> None:
        self._bot = bot
        self._policies = policies
        self._store = store
        self._turns = turns

    async def resend(self, download: Download, media: Media, fingerprint: str) -> tuple[Sent, ...] | None:
        """Answer a link with the files of an earlier download; None when no log channel has them,
        or nothing is to come from there.

        Raises what the account's `answer` raises, StoreUnavailable and OutOfTurn.
        """
        if not (await self._policies.current()).archive:
            return None
        for earlier in await self._store.archived(fingerprint):
            documents = await self._documents(earlier)
            if documents is not None:
                await self._turns.check(download)
                logger.info("the files of {} are sent from the archive", earlier.id)
                return await self._answer(download, media, earlier, documents)
        return None

    async def _documents(self, earlier: Download) -> list[raw.base.InputMedia] | None:
        """All files of a download, from one channel that has them all; None when there is none. A download
        whose files are gone everywhere leaves the archive."""
        gone = True
        for posts in posts_of(earlier):
            try:
                return [await by_reference(self._bot.client, channel, message) for channel, message in posts]
            except MessageGone:
                continue
            except MedusaError as error:
                logger.info("the archive cannot be read: {} {}", error, error.detail)
                gone = False
        if gone:
            await self._store.drop(earlier.id)
        return None

    async def _answer(
        self, download: Download, media: Media, earlier: Download, documents: list[raw.base.InputMedia]
    ) -> tuple[Sent, ...]:
        sent: list[Sent] = []
        several = sum(not one.is_subtitles for one in earlier.sent) > 1
        for number, (one, document) in enumerate(zip(earlier.sent, documents, strict=True), 1):
            plan = one.plan or earlier.plan
            assert plan is not None
            file = _finished(plan, one, number if several and not one.is_subtitles else None)
            sent.append(await self._bot.answer(download, media, file, document))
        return tuple(sent)


def posts_of(download: Download) -> list[list[tuple[int, int]]]:
    """For each log channel that has all files of a download: their channel and message, in order."""
    if not download.sent or (download.plan is None and any(sent.plan is None for sent in download.sent)):
        return []
    channels = dict.fromkeys(copy.channel_id for copy in download.log_copies)
    posted = {
        (copy.channel_id, copy.number): copy.message_id
        for copy in download.log_copies
        if copy.state is CopyState.SENT
    }
    found: list[list[tuple[int, int]]] = []
    for channel in channels:
        messages = [posted.get((channel, number)) for number, _ in enumerate(download.sent, 1)]
        complete = [(channel, message) for message in messages if message is not None]
        if len(complete) == len(messages):
            found.append(complete)
    return found


def _finished(plan: Plan, sent: Sent, piece: int | None) -> Finished:
    return Finished(
        plan=plan,
        summary=Summary(size=sent.size, duration=sent.duration),
        uploaded=Uploaded(file_id=0, parts=sent.parts, size=sent.size),
        piece=piece,
    )
