"""What the jobs need of a database. medusa/storage/downloads.py and copies.py have it."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from medusa.model import Download, LogCopy, State


class DownloadStore(Protocol):
    """The records of all downloads. Each method raises StoreUnavailable when the database is down."""

    async def add(self, download: Download) -> bool:
        """Keep a new download; it is accepted only when this returns. False: one with its id is there."""
        ...

    async def get(self, job: str) -> Download | None:
        """One download."""
        ...

    async def claim(
        self, now: datetime, lease_until: datetime, *, holder: str, running: Collection[str] = ()
    ) -> Download | None:
        """Take up a download for a process, atomically: one caller gets it, as RUNNING.

        First those that lost their worker, unless they are among `running` (here, although their lease could
        not be renewed), then the one that has waited longest.
        """
        ...

    async def renew(self, held: Download, lease_until: datetime) -> Download | None:
        """Prolong the lease of a claim; None when the download is no longer running, or claimed anew."""
        ...

    async def move(self, job: str, leaving: State, to: State, **changes: object) -> Download | None:
        """Change state and fields in one step, only if it is still in `leaving`; None when it is not."""
        ...

    async def settle(self, held: Download, to: State, **changes: object) -> Download | None:
        """End a claim the same way; None when the download is no longer running, or claimed anew."""
        ...

    async def release(self, holder: str) -> int:
        """End the leases of a process that is known to be gone; how many."""
        ...

    async def note(self, job: str, **changes: object) -> Download | None:
        """Change fields, whatever the state."""
        ...

    async def active_of(self, person_id: int) -> list[Download]:
        """This person's downloads that are not over, oldest first."""
        ...

    async def ahead_of(self, download: Download) -> int:
        """How many queued downloads will be taken up before this one."""
        ...


class CopyStore(Protocol):
    """The log copies that wait to be sent."""

    async def due_copy(
        self, now: datetime, retry_at: datetime, *, busy: Collection[int] = ()
    ) -> tuple[Download, LogCopy] | None:
        """A pending copy whose time has come, of the oldest download first, into none of the channels `busy`.

        Neither it nor a later one of the same download and channel is given out before `retry_at`: a
        channel gets the files of a download in their order.
        """
        ...

    async def next_copy_time(self, *, busy: Collection[int] = ()) -> datetime | None:
        """When the next pending copy into another channel than `busy` is due; None when there is none."""
        ...

    async def put_copy(self, job: str, copy: LogCopy) -> None:
        """Record how a copy stands. Later ones of the same download and channel come with it, or at once when
        it is over."""
        ...
