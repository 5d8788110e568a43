"""Each process uses the yt-dlp that was decided on, as far as it can.

What was decided is in the database, for disks may be gone after a restart, and processes may have none in
common. So each installs for itself what it finds there, when it starts and when that changes. While it
cannot, it uses the shipped one. The first that sees a release break down gives it up for all of them.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from loguru import logger

from medusa.errors import MedusaError, StoreUnavailable
from medusa.media.engine import Engine, GivenUp
from medusa.release import Decision, Failure, Step, wanted

LOOK_SECONDS = 10.0
"""How often a process looks at what was decided."""
AGAIN_SECONDS = 3600.0
"""After this time what could not be installed here is tried again."""


class ReleaseStore(Protocol):
    """What was decided. Each method raises StoreUnavailable when the database is down."""

    async def decision(self) -> Decision:
        """What counts now."""
        ...

    async def decide(self, version: str, *, over: str, at: datetime) -> None:
        """Use this one from now on, empty for the shipped one, which is `over`."""
        ...

    async def give_up(self, failure: Failure) -> bool:
        """Back to the shipped one, if that version still counts; whether this call has done it."""
        ...

    async def note_failure(self, failure: Failure) -> None:
        """Remember a release that was tried and does not work."""
        ...


class Installs(Protocol):
    """medusa.media.installer in production."""

    async def find(self, version: str) -> str:
        """The directory of a release that was tried here; empty when there is none."""
        ...

    async def install(
        self,
        version: str,
        on_step: Callable[[Step, str], None],
        *,
        newer_than: str = "",
        avoid: str = "",
        keep: str = "",
    ) -> str:
        """Install and try one, empty for the newest; its version. Raises NotInstalled, ReleaseBroken."""
        ...


class Herald(Protocol):
    """Tells whom it concerns; nothing depends on whether that works."""

    async def given_up(self, failure: Failure, shipped: str) -> None:
        """A release broke down while it was in use. Raises StoreUnavailable."""
        ...

    async def missing(self, version: str, shipped: str, problem: MedusaError) -> None:
        """A process cannot have the release that was decided on."""
        ...


class Follower:
    """Keeps the engine of this process on what was decided."""

    def __init__(
        self,
        store: ReleaseStore,
        engine: Engine,
        installer: Installs,
        herald: Herald,
        *,
        clock: Callable[[], float] = time.monotonic,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._store = store
        self._engine = engine
        self._installer = installer
        self._herald = herald
        self._clock = clock
        self._look_seconds = look_seconds
        self._lock = asyncio.Lock()
        self._missing: dict[str, float] = {}
        """When each version could not be had here."""

    async def run(self) -> None:
        """Follow, until cancelled."""
        while True:
            try:
                if version := await self.look():
                    await self._fetch(version)
            except StoreUnavailable as error:
                logger.warning("which yt-dlp to use is asked again: {}", error.detail)
                await asyncio.sleep(self._look_seconds)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_seconds):
                    await self._engine.trouble.wait()

    async def begin(self) -> None:
        """Use at once what lies here already; a database that is down delays nothing."""
        try:
            await self.look()
        except StoreUnavailable as error:
            logger.warning("yt-dlp {} until the database answers: {}", self._engine.shipped, error.detail)

    async def look(self) -> str:
        """Use what was decided, if it lies here; the version that is to be installed first, else empty.

        Raises StoreUnavailable.
        """
        async with self._lock:
            if self._engine.given_up is not None and self._engine.trouble.is_set():
                await self._report(self._engine.given_up)
            version = wanted(await self._store.decision(), self._engine.shipped)
            directory = await self._installer.find(version) if version else ""
            before = self._engine.in_use.version
            if directory:
                self._engine.use(version, directory)
            else:
                self._engine.use_shipped()
            if before != self._engine.in_use.version:
                logger.info("new downloads use yt-dlp {}", self._engine.in_use.version)
            return "" if directory else version

    async def _report(self, given_up: GivenUp) -> None:
        failure = Failure(version=given_up.version, why=given_up.why, at=datetime.now(UTC))
        is_first = await self._store.give_up(failure)
        self._engine.trouble.clear()
        logger.error("yt-dlp {} broke down and is given up: {}", given_up.version, given_up.why)
        if is_first:
            await self._herald.given_up(failure, self._engine.shipped)

    async def _fetch(self, version: str) -> None:
        """Install what was decided on elsewhere, or before the disk was emptied."""
        failed_at = self._missing.get(version)
        if failed_at is not None and self._clock() - failed_at < AGAIN_SECONDS:
            return
        logger.info("yt-dlp {} is not here yet, and is installed", version)
        try:
            await self._installer.install(version, _unseen, keep=self._engine.in_use.version)
        except MedusaError as error:
            self._missing[version] = self._clock()
            logger.warning("yt-dlp {} cannot be had here: {} {}", version, error, error.detail)
            if failed_at is None:
                await self._herald.missing(version, self._engine.shipped, error)
            return
        self._missing.pop(version, None)
        await self.look()


def _unseen(step: Step, version: str) -> None:
    """Nobody watches."""
