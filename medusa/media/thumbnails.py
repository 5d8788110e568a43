"""Pictures that people name by a link, as thumbnails. They are fetched and decoded in a media child."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from medusa.errors import SourceUnreachable
from medusa.media.budget import Budget
from medusa.media.group import Group
from medusa.media.job import media_child
from medusa.media.link import check_link
from medusa.media.nursery import Nursery
from medusa.media.order import Patience, PictureOrder
from medusa.media.records import Type

TIME = 20.0
"""Seconds."""
MOST = 16 * 1024 * 1024
"""Bytes from all servers together."""
AT_ONCE = 2


class Thumbnails:
    """Safe to share: each call has a child of its own, of which there are at most two at a time."""

    def __init__(
        self,
        directory: Path,
        nursery: Nursery,
        *,
        allow: Sequence[str] = (),
        patience: Patience | None = None,
    ) -> None:
        """`directory`: where jobs get their private directories. `allow`: the entries of FETCH_ALLOW."""
        self._directory = directory
        self._nursery = nursery
        self._allow = tuple(allow)
        self._patience = patience or Patience(retries=1)
        self._room = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, url: str) -> bytes:
        """A JPEG of at most 320 pixels a side and 200 kB. Raises BadLink, SourceError, MediaChildDied."""
        link = check_link(url)

        def order(proxy: str) -> PictureOrder:
            return PictureOrder(url=link, proxy=proxy, patience=self._patience)

        try:
            async with (
                asyncio.timeout(TIME),
                self._room,
                media_child(
                    Group(self._directory, self._nursery), order, allow=self._allow, budget=Budget(MOST)
                ) as job,
            ):
                found = [record.payload async for record in job.records() if record.type is Type.DATA]
        except TimeoutError as error:
            raise SourceUnreachable(detail=f"no picture in {TIME:.0f} s") from error
        return b"".join(found)
