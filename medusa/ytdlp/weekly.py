"""A newer yt-dlp by itself, where the owner wants that."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from loguru import logger

from medusa.errors import MedusaError, NotInstalled, ReleaseBroken, StoreUnavailable, WrongArgument
from medusa.model import Person
from medusa.policy import PolicySource
from medusa.release import Decision, Release
from medusa.upload.pacing import Sleep

PAUSE_SECONDS = 1800.0
"""How often it is asked whether it is time."""
LOOK_EVERY = timedelta(days=1)
UPDATE_EVERY = timedelta(days=7)


class LookStore(Protocol):
    """What was decided, and when was looked. Each method raises StoreUnavailable."""

    async def decision(self) -> Decision:
        """What counts now."""
        ...

    async def look(self, now: datetime, *, before: datetime) -> bool:
        """Note that a newer one is looked for, unless somebody has since `before`; whether to look."""
        ...


class Renews(Protocol):
    """medusa.ytdlp.desk in production."""

    async def renew(self, by: Person, *, avoid: str) -> Release | None:
        """The newest release is used from now on; None: there is no newer one. Raises NotInstalled,
        ReleaseBroken, StoreUnavailable, WrongArgument."""
        ...


class News(Protocol):
    """Tells the owner; nothing depends on whether that works."""

    async def renewed(self, release: Release) -> None:
        """A newer release is in use."""
        ...

    async def not_renewed(self, problem: MedusaError) -> None:
        """A newer release is there, but it does not work."""
        ...


class Weekly:
    """Looks once a day; what was decided less than a week ago stays."""

    def __init__(
        self,
        store: LookStore,
        policies: PolicySource,
        updates: Renews,
        news: News,
        bot: Person,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`bot`: who does it."""
        self._store = store
        self._policies = policies
        self._updates = updates
        self._news = news
        self._bot = bot
        self._now = now
        self._sleep = sleep

    async def run(self) -> None:
        """Look when it is time, until cancelled."""
        while True:
            try:
                await self.look()
            except StoreUnavailable as error:
                logger.info("a newer yt-dlp is looked for later: {}", error.detail)
            await self._sleep(PAUSE_SECONDS)

    async def look(self) -> None:
        """Look for a newer release, if that is wanted and it is time. Raises StoreUnavailable."""
        if not (await self._policies.current()).ytdlp_weekly:
            return
        now, decision = self._now(), await self._store.decision()
        if decision.at is not None and now - decision.at < UPDATE_EVERY:
            return
        if await self._store.look(now, before=now - LOOK_EVERY):
            await self._renew(decision.failed.version if decision.failed else "")

    async def _renew(self, avoid: str) -> None:
        try:
            release = await self._updates.renew(self._bot, avoid=avoid)
        except (NotInstalled, WrongArgument) as error:
            logger.warning("no newer yt-dlp today: {} {}", error, error.detail)
        except ReleaseBroken as error:
            await self._news.not_renewed(error)
        else:
            if release is not None:
                await self._news.renewed(release)
