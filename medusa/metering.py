"""How much a download brings its person: looked at before, counted after."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from loguru import logger

from medusa.allowance import Allowance
from medusa.errors import StoreUnavailable
from medusa.model import Download, Media, Plan, Sent
from medusa.quota import check_duration, check_size


class Quota(Protocol):
    """Counts bytes. Each method raises StoreUnavailable."""

    async def reserve(self, person_id: int, key: str, size: int, allowance: Allowance) -> None:
        """Count so many bytes of somebody under this key, once. Raises OverLimit."""
        ...

    async def settle(self, person_id: int, key: str, size: int, allowance: Allowance) -> None:
        """It has turned out to be so many."""
        ...


class Metering:
    """Holds a download to what its person may have."""

    def __init__(self, quota: Quota) -> None:
        self._quota = quota

    def check(self, download: Download, media: Media) -> None:
        """Return if it is not too long. Raises OverLimit."""
        check_duration(download.request.allowance, _wanted_seconds(download, media))

    async def reserve(self, download: Download, plan: Plan) -> None:
        """Count what is known to come before it does. Raises OverLimit."""
        request = download.request
        size = plan.size or 0
        if plan.size_is_exact:
            check_size(request.allowance, size)
        await self._quota.reserve(request.person.id, download.id, size, request.allowance)

    @asynccontextmanager
    async def counted(self, download: Download) -> AsyncIterator[Callable[[tuple[Sent, ...]], None]]:
        """Settle what was reserved for a download with what it was: nothing where it failed."""
        size = 0

        def count(sent: tuple[Sent, ...]) -> None:
            nonlocal size
            size = sum(one.size for one in sent)

        try:
            yield count
        finally:
            request = download.request
            try:
                await self._quota.settle(request.person.id, download.id, size, request.allowance)
            except StoreUnavailable as error:
                logger.warning("the bytes of this download are not counted: {}", error.detail)


def _wanted_seconds(download: Download, media: Media) -> float | None:
    """Of the media, or the part of it that is wanted."""
    section = download.request.shape.section
    if section is None:
        return media.duration
    end = section.end if section.end is not None else media.duration
    return None if end is None else max(0.0, end - section.start)
