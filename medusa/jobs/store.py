"""What the jobs need of a database. medusa/storage/downloads.py and copies.py have it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from medusa.batch import Batch, BatchState, Failure, Question
from medusa.batch import Tally as ItemTally
from medusa.batch_text import Entry
from medusa.log_channel import LogChannel, Tally
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
        self,
        now: datetime,
        lease_until: datetime,
        *,
        holder: str,
        running: Collection[str] = (),
        most: int | None = None,
    ) -> Download | None:
        """Take up a download for a process, atomically: one caller gets it, as RUNNING.

        First those that lost their worker, unless they are among `running` (here, although their lease could
        not be renewed). Then the next of the person who has the fewest running; of several, of who had a turn
        longest ago; of one person, in the order of their messages. Nobody gets more than `most`.
        """
        ...

    async def renew(self, held: Download, lease_until: datetime) -> Download | None:
        """Prolong the lease of a claim; None when the download is no longer running, or claimed anew."""
        ...

    async def move(self, job: str, leaving: State, to: State, **changes: object) -> Download | None:
        """Change state and fields in one step, only if it is still in `leaving`; None when it is not."""
        ...

    async def progress(self, held: Download, /, **changes: object) -> Download | None:
        """Change fields of a claim; None when the download is no longer running, or claimed anew."""
        ...

    async def settle(self, held: Download, to: State, **changes: object) -> Download | None:
        """End a claim the same way; None when the download is no longer running, or claimed anew.

        What a download that failed or was cancelled has sent is copied all the same: its copies without a
        time are due now.
        """
        ...

    async def release(self, holder: str) -> int:
        """End the leases of a process that is known to be gone; how many. What has lost several workers in a
        row is free later and later, for it may be the reason."""
        ...

    async def note(self, job: str, **changes: object) -> Download | None:
        """Change fields, whatever the state."""
        ...

    async def unshown(self, before: datetime) -> list[Download]:
        """Downloads that came to rest before then, and whose status message does not say so; oldest first."""
        ...

    async def shown(self, download: Download) -> None:
        """The status message says how this download stands, if it still stands so."""
        ...

    async def active_of(self, person_id: int) -> list[Download]:
        """This person's downloads that are not over, oldest first."""
        ...

    async def ahead_of(self, download: Download) -> int:
        """How many queued downloads will be taken up before this one, if nothing ends meanwhile."""
        ...


class CopyStore(Protocol):
    """The log copies. Each method raises StoreUnavailable when the database is down."""

    async def due_copy(
        self, channel_id: int, now: datetime, retry_at: datetime
    ) -> tuple[Download, LogCopy] | None:
        """A pending copy into this channel whose time has come, of the oldest download first.

        Neither it nor a later one of the same download and channel is given out before `retry_at`: a
        channel gets the files of a download in their order.
        """
        ...

    async def next_copy_time(self, channels: Collection[int] | None = None) -> datetime | None:
        """When the next pending copy into one of these channels, or into any, is due; None: there is none."""
        ...

    async def put_copy(self, job: str, copy: LogCopy) -> None:
        """Record how a copy stands. Later ones of the same download and channel come with it, or at once when
        it is over."""
        ...

    async def tallies(self) -> dict[int, Tally]:
        """The copies that did not arrive, by channel."""
        ...

    async def queue_copies(self, channel_id: int, last: int | None = None) -> int:
        """Queue a copy of each finished download, or of the last ones, that this channel has none of, not
        even a failed one; of how many downloads."""
        ...

    async def take_over(self, lost: Collection[int], backup: int, since: datetime) -> int:
        """Queue copies into a backup of the downloads that came since then and wait for these channels; how
        many downloads."""
        ...

    async def retry_failed(self, channels: Collection[int]) -> None:
        """Let the failed copies into these channels be due now, as if they were new."""
        ...

    async def end_strays(self, channels: Collection[int], error: str) -> None:
        """End the pending copies into channels that are none of these."""
        ...


class ChannelStore(Protocol):
    """The records of the log channels. Each method raises StoreUnavailable when the database is down."""

    async def log_channels(self) -> list[LogChannel]:
        """All log channels, primary ones first."""
        ...

    async def note_log_channel(self, channel_id: int, **changes: object) -> None:
        """Change fields of a log channel."""
        ...


class BatchStore(Protocol):
    """The batches and their lists. Each method raises StoreUnavailable when the database is down."""

    async def add(self, batch: Batch, entries: Sequence[Entry]) -> bool:
        """Keep a new batch with its list; False when it was kept before."""
        ...

    async def get(self, batch_id: str) -> Batch | None:
        """One batch."""
        ...

    async def entries(self, batch_id: str) -> tuple[Entry, ...]:
        """Its whole list, in order; empty when it is gone."""
        ...

    async def answer(self, batch_id: str, question: Question, **changes: object) -> Batch | None:
        """Change a draft, only while this is its question; None when it is not."""
        ...

    async def move(
        self, batch_id: str, leaving: Sequence[BatchState], to: BatchState, **changes: object
    ) -> Batch | None:
        """Change state and fields in one step; None when it is in none of these states."""
        ...

    async def note(self, batch_id: str, **changes: object) -> Batch | None:
        """Change fields, whatever the state."""
        ...

    async def drop(self, batch_id: str) -> bool:
        """Throw a draft away; False when it is none any more."""
        ...

    async def under_way(self, person_id: int | None = None) -> list[Batch]:
        """Batches that are running or paused, of everybody or of one; oldest first."""
        ...

    async def unshown(self) -> list[Batch]:
        """Batches that are over, and of which not everybody was told."""
        ...


class ItemStore(Protocol):
    """The downloads of batches. Each method raises StoreUnavailable when the database is down."""

    async def add(self, downloads: Sequence[Download]) -> None:
        """Keep new items; those that were kept before stay as they are."""
        ...

    async def tally(self, batch_id: str) -> ItemTally:
        """How they stand."""
        ...

    async def running(self, batch_id: str, most: int = 50) -> list[Download]:
        """Those that run, in order."""
        ...

    async def set_due(self, batch_id: str, when: datetime) -> None:
        """Let all that are queued be due then."""
        ...

    async def bring_forward(self, batch_id: str, person_id: int, held: datetime, when: datetime) -> None:
        """Let those of this person that are due at `held` be due then."""
        ...

    async def release(self, batch_id: str, now: datetime) -> None:
        """Let the first item that is not over be due, if it waits for its turn."""
        ...

    async def cancel(self, batch_id: str) -> list[str]:
        """End all that are queued, and ask those that run to end; these."""
        ...

    async def failures(self, batch_id: str) -> list[Failure]:
        """Those that failed, in order."""
        ...

    async def delivered_bytes(self, batch_id: str) -> int:
        """Bytes of all files that were sent."""
        ...
