"""Which version the database has, and how it gets to the one that this program knows: forwards only, once.

A document of `settings` has the version, and who is at work on it: of two processes that start at once, one
waits for the other. Times are those of the database's clock.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from loguru import logger
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from medusa.errors import NewerDatabase
from medusa.storage.documents import Document
from medusa.storage.errors import translated
from medusa.storage.steps import STEPS, Step

SCHEMA_ID = "schema"
LEASE_SECONDS = 10.0
"""After so long without a sign of life, who was at work is taken to be dead."""
LOOK_SECONDS = 0.2
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Schema:
    """The version of a database, which is the number of steps that it has behind it."""

    def __init__(
        self, database: Any, steps: Sequence[Step] = STEPS, *, lease_seconds: float = LEASE_SECONDS
    ) -> None:
        """`steps[n]` leads from version n to n + 1. Each may be begun again where it was interrupted."""
        self._database = database
        self._settings = database["settings"]
        self._steps = steps
        self._lease_seconds = lease_seconds

    @property
    def newest(self) -> int:
        """The version that this program knows."""
        return len(self._steps)

    async def version(self) -> int | None:
        """The database's; None when nothing was noted yet: it is empty, or of the time before versions."""
        with translated():
            found = await self._settings.find_one({"_id": SCHEMA_ID})
        return None if found is None else int(found["version"])

    async def bring_up_to_date(self) -> None:
        """Return when the database has the newest version, whoever has seen to it.

        Raises NewerDatabase when this program is too old for it, and StoreUnavailable.
        """
        holder, is_told = uuid4().hex, False
        while (found := await self.version()) != self.newest:
            if found is not None:
                self.check(found)
            held = await self._take(holder)
            if held is not None:
                await self._go_on(held, holder)
                continue
            if not is_told:
                logger.info("another process brings the database up to date; waiting for it")
                is_told = True
            await asyncio.sleep(LOOK_SECONDS)

    def check(self, version: int) -> None:
        """Raises NewerDatabase when this program does not know that version."""
        if version > self.newest:
            raise NewerDatabase(
                f"A newer Medusa has made this data: it has version {version}, and this Medusa knows "
                f"versions up to {self.newest} only."
            )

    async def set_version(self, version: int) -> None:
        """The data has another version: what was restored is older than this program."""
        change = {"$set": {"version": version, "holder": None, "until": _LONG_AGO}}
        with translated():
            await self._settings.update_one({"_id": SCHEMA_ID}, change, upsert=True)

    async def _go_on(self, version: int, holder: str) -> None:
        """Carry out the steps that are left, while the lease is held."""
        for number, step in enumerate(self._steps[version:], version + 1):
            logger.info("bringing the database to version {} of {}", number, self.newest)
            if not await self._carry_out(step, holder) or not await self._keep(holder, number):
                logger.warning("another process has taken over bringing the database up to date")
                return
        with translated():
            await self._settings.update_one(
                {"_id": SCHEMA_ID, "holder": holder}, {"$set": {"holder": None, "until": _LONG_AGO}}
            )

    async def _carry_out(self, step: Step, holder: str) -> bool:
        """One step; False when the lease was lost meanwhile."""
        work = asyncio.ensure_future(step(self._database))
        try:
            while not (await asyncio.wait({work}, timeout=self._lease_seconds / 3))[0]:
                if not await self._keep(holder):
                    return False
            await work
            return True
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _take(self, holder: str) -> int | None:
        """Begin to work on it; the version that it has. None: another process is at it."""
        new = {"$setOnInsert": {"version": 0, "holder": None, "until": _LONG_AGO}}
        is_over = {"$expr": {"$lte": ["$until", "$$NOW"]}}
        with translated():
            try:
                await self._settings.update_one({"_id": SCHEMA_ID}, new, upsert=True)
            except DuplicateKeyError:
                logger.debug("two processes have begun at the same moment")
            found = await self._settings.find_one_and_update(
                {"_id": SCHEMA_ID, **is_over}, self._lease(holder), return_document=ReturnDocument.AFTER
            )
        return None if found is None else int(found["version"])

    async def _keep(self, holder: str, version: int | None = None) -> bool:
        """Prolong the lease, and note the version that was reached; False when the lease was lost."""
        with translated():
            result = await self._settings.update_one(
                {"_id": SCHEMA_ID, "holder": holder}, self._lease(holder, version)
            )
        return bool(result.matched_count)

    def _lease(self, holder: str, version: int | None = None) -> list[Document]:
        until = {"$add": ["$$NOW", round(1000 * self._lease_seconds)]}
        reached = {} if version is None else {"version": version}
        return [{"$set": {"holder": {"$literal": holder}, "until": until, **reached}}]
