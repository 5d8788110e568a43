"""What the jobs need of a database. medusa/storage/mongo.py has it all."""

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

    async def claim(self, now: datetime, lease_until: datetime) -> Download | None:
        """Take up the download that has waited longest, atomically: one caller gets it, as RUNNING."""
        ...

    async def renew(self, job: str, lease_until: datetime) -> Download | None:
        """Prolong the lease of a running download; None when it is no longer running."""
        ...

    async def move(self, job: str, leaving: State, to: State, **changes: object) -> Download | None:
        """Change state and fields in one step, only if it is still in `leaving`; None when it is not."""
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
