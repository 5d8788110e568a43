"""Tells the process that speaks with people how far downloads are that another one carries out."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from loguru import logger

from medusa.errors import StoreUnavailable
from medusa.under_way import Transfer
from medusa.upload.pacing import Sleep

SHARE_SECONDS = 5.0


class TransferStore(Protocol):
    """Where all processes look. Each method raises StoreUnavailable when the database is down."""

    async def keep(self, transfers: Sequence[Transfer]) -> None:
        """Keep how far these are."""
        ...


class Sharing:
    """Writes it down every few seconds, in one write for all, while something moves."""

    def __init__(
        self,
        store: TransferStore,
        transfers: Callable[[], Sequence[Transfer]],
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._store = store
        self._transfers = transfers
        self._sleep = sleep

    async def run(self) -> None:
        """Share until cancelled."""
        shared: Sequence[Transfer] = ()
        while True:
            await self._sleep(SHARE_SECONDS)
            now = self._transfers()
            if not now or now == shared:
                continue
            try:
                await self._store.keep(now)
                shared = now
            except StoreUnavailable as error:
                logger.info("how far downloads are is not known elsewhere: {}", error.detail)
