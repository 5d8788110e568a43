"""Tells people how their downloads stand when the process that should have told them was killed."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from loguru import logger

from medusa.errors import StoreUnavailable
from medusa.jobs.store import DownloadStore
from medusa.model import Download
from medusa.upload.pacing import Sleep

LOOK_SECONDS = 60.0
PATIENCE = timedelta(seconds=60)
"""For the process that ended a download to show it; its edits may have to wait for their turn."""


class Epilogue:
    """Looks for downloads whose status message is behind their record, and shows them."""

    def __init__(
        self, store: DownloadStore, announce: Callable[[Download], None], *, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._store = store
        self._announce = announce
        self._sleep = sleep

    async def run(self) -> None:
        """Work until cancelled. At the start all are shown: most likely, whoever ended them is gone."""
        patience = timedelta()
        while True:
            if await self._show(datetime.now(UTC) - patience):
                patience = PATIENCE
            await self._sleep(LOOK_SECONDS)

    async def _show(self, before: datetime) -> bool:
        """False when the database is down."""
        try:
            downloads = await self._store.unshown(before)
        except StoreUnavailable as error:
            logger.info("cannot look for ends that nobody has shown: {}", error.detail)
            return False
        for download in downloads:
            self._announce(download)
        return True
