"""Ledgers in memory, with the meaning that upload/keeping.py gives them."""

import asyncio
from collections.abc import Mapping

from medusa.errors import StoreUnavailable
from medusa.kept import FileKey, KeptParts, Ready


class KeptFiles:
    """A LedgerStore in memory."""

    def __init__(self) -> None:
        self.parts: dict[FileKey, KeptParts] = {}
        self.complete_ones: dict[FileKey, Ready] = {}
        self.down = False

    async def load(self, key: FileKey) -> KeptParts | None:
        await self._call()
        return self.parts.get(key)

    async def keep(self, key: FileKey, file_id: int, digests: Mapping[int, bytes], total: int | None) -> None:
        await self._call()
        known = self.parts[key].digests if key in self.parts else {}
        self.parts[key] = KeptParts(file_id=file_id, digests={**known, **digests}, total=total)

    async def complete(self, key: FileKey, ready: Ready) -> None:
        await self._call()
        self.complete_ones[key] = ready

    async def ready(self, job: str) -> tuple[FileKey, Ready] | None:
        await self._call()
        alone = [(key, one) for key, one in self.complete_ones.items() if one.file.piece is None]
        return next((found for found in alone if found[0].job == job), None)

    async def drop(self, key: FileKey) -> None:
        await self._call()
        self.parts.pop(key, None)
        self.complete_ones.pop(key, None)

    async def _call(self) -> None:
        await asyncio.sleep(0)
        if self.down:
            raise StoreUnavailable
