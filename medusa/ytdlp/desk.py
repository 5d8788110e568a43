"""What the owner does about yt-dlp: see it, install another one, go back."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from loguru import logger

from medusa.audit import Audit
from medusa.errors import MedusaError, ReleaseBroken, WrongArgument
from medusa.media.engine import Engine
from medusa.model import Person
from medusa.policy import PolicySource
from medusa.release import Failure, Overview, Release, Step
from medusa.value import Value
from medusa.ytdlp.follower import Follower, Installs, ReleaseStore

INTERRUPTED = "I was stopped meanwhile. Look at /ytdlp in a minute."
FAULT = "Something went wrong inside me; it has been noted."
BUSY = "I am installing another yt-dlp already. Wait until that is over."
DEED = "yt-dlp"
"""What it is called in the audit."""


class Asked(Value):
    """Who wants another release, and where they asked."""

    by: Person
    chat_id: int
    message_id: int
    version: str = ""
    """Empty: the newest."""


class Answers(Protocol):
    """Telegram, as an update needs it."""

    async def begin(self, asked: Asked) -> int:
        """Say that it begins; the message that says so. Raises MedusaError."""
        ...

    def step(self, asked: Asked, status: int, step: Step, version: str) -> None:
        """Show what is being done."""
        ...

    def used(self, asked: Asked, status: int, release: Release, before: Release) -> None:
        """Show that a release is in use, and what was before; the same where there was nothing to do."""
        ...

    def refuse(self, asked: Asked, status: int, problem: MedusaError, in_use: Release) -> None:
        """Show why nothing has changed."""
        ...


class ReleaseDesk:
    """One update at a time, while `run` runs."""

    def __init__(
        self,
        store: ReleaseStore,
        engine: Engine,
        installer: Installs,
        follower: Follower,
        policies: PolicySource,
        audit: Audit,
        answers: Answers,
    ) -> None:
        self._store = store
        self._engine = engine
        self._installer = installer
        self._follower = follower
        self._policies = policies
        self._audit = audit
        self._answers = answers
        self._asked: asyncio.Queue[Asked] = asyncio.Queue()
        self._is_busy = False

    @property
    def in_use(self) -> Release:
        """What this process fetches with: its version and age, and whether it is the shipped one."""
        return self._engine.in_use

    async def overview(self) -> Overview:
        """How it stands. Raises StoreUnavailable."""
        decision = await self._store.decision()
        weekly = (await self._policies.current()).ytdlp_weekly
        in_use, shipped = self._engine.in_use, self._engine.shipped
        return Overview(in_use=in_use, shipped=shipped, decision=decision, weekly=weekly)

    def submit(self, asked: Asked) -> None:
        """Accept a wish, and return at once. Raises WrongArgument while another one is under way."""
        self._begin()
        self._asked.put_nowait(asked)

    async def reset(self, by: Person) -> Release:
        """Back to the shipped one. Raises StoreUnavailable; WrongArgument while an update is under way."""
        self._begin()
        try:
            await self._decide(by, "")
        finally:
            self._is_busy = False
        return self._engine.in_use

    async def renew(self, by: Person, *, avoid: str) -> Release | None:
        """The newest release, without anybody who waits for it; None when there is none that is newer.

        `avoid`: what did not work. Raises NotInstalled, ReleaseBroken, StoreUnavailable, WrongArgument.
        """
        self._begin()
        try:
            return await self._update(by, "", _unseen, avoid=avoid)
        finally:
            self._is_busy = False

    async def run(self) -> None:
        """Do what was asked for, until cancelled."""
        while True:
            asked = await self._asked.get()
            try:
                await self._serve(asked)
            except MedusaError as error:
                logger.info("{} cannot be told of an update: {}", asked.chat_id, error.detail)
            finally:
                self._is_busy = False

    def _begin(self) -> None:
        if self._is_busy:
            raise WrongArgument(BUSY)
        self._is_busy = True

    async def _serve(self, asked: Asked) -> None:
        status, before = await self._answers.begin(asked), self._engine.in_use

        def show(step: Step, version: str) -> None:
            self._answers.step(asked, status, step, version)

        def refuse(problem: MedusaError) -> None:
            self._answers.refuse(asked, status, problem, self._engine.in_use)

        try:
            release = await self._update(asked.by, asked.version, show)
            self._answers.used(asked, status, release or before, before)
        except MedusaError as error:
            logger.warning("yt-dlp stays as it is: {} {}", error, error.detail)
            refuse(error)
        except asyncio.CancelledError:
            refuse(MedusaError(INTERRUPTED))
            raise
        except Exception:
            logger.exception("a fault in the program spoilt an update of yt-dlp")
            refuse(MedusaError(FAULT))

    async def _update(
        self, by: Person, version: str, show: Callable[[Step, str], None], *, avoid: str = ""
    ) -> Release | None:
        """Install, try and use; None when the newest is in use. When it raises, nothing has changed."""
        now = self._engine.in_use.version
        if version == self._engine.shipped:
            await self._decide(by, "")
            return self._engine.in_use
        newer_than = "" if version else now
        try:
            found = await self._installer.install(version, show, newer_than=newer_than, avoid=avoid, keep=now)
        except ReleaseBroken as error:
            if error.version:
                failure = Failure(version=error.version, why=error.sentence, at=datetime.now(UTC))
                await self._store.note_failure(failure)
            raise
        if not found:
            return None
        await self._decide(by, found)
        return self._engine.in_use

    async def _decide(self, by: Person, version: str) -> None:
        before = self._engine.in_use.version
        await self._store.decide(version, over=self._engine.shipped, at=datetime.now(UTC))
        await self._follower.look()
        if (now := self._engine.in_use.version) != before:
            await self._audit.note(by, DEED, "the yt-dlp in use", before=before, after=now)


def _unseen(step: Step, version: str) -> None:
    """Nobody watches."""
