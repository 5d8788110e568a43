"""What a person has under way, batches and links by themselves, and the end of all of it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from medusa.batch import Batch
from medusa.batch import Tally as ItemTally
from medusa.jobs.batches import Batches
from medusa.jobs.queue import Jobs
from medusa.jobs.store import BatchStore, ItemStore
from medusa.model import Download, State
from medusa.under_way import PAGE, BatchTask, Busy, LinkTask, Overview, Transfer


class OwnStore(Protocol):
    """A person's downloads. Each method raises StoreUnavailable when the database is down."""

    async def singles(self, person_id: int, skip: int, most: int) -> list[Download]:
        """Downloads under way that belong to no batch, in the order of their messages."""
        ...

    async def count_singles(self, person_id: int) -> int:
        """How many there are."""
        ...


class Line(Protocol):
    """Raises StoreUnavailable when the database is down."""

    async def ahead_of(self, download: Download) -> int:
        """How many queued downloads will be taken up before this one, if nothing ends meanwhile."""
        ...


class TransferStore(Protocol):
    """Raises StoreUnavailable when the database is down."""

    async def of(self, jobs: Sequence[str]) -> list[Transfer]:
        """What other processes tell of these."""
        ...


class AllStore(Protocol):
    """Everybody's downloads. Each method raises StoreUnavailable when the database is down."""

    async def counts(self) -> dict[State, int]:
        """How many downloads that are not over there are in each state."""
        ...

    async def running(self, skip: int, most: int) -> list[Download]:
        """Those that run."""
        ...


class Stores(NamedTuple):
    """Where all that is kept."""

    own: OwnStore
    line: Line
    batches: BatchStore
    items: ItemStore
    transfers: TransferStore
    everybodys: AllStore


ProgressOf = Callable[[str], Transfer | None]
"""How far a download is that this process carries out."""


class Tasks:
    """Looks at what a person has under way, and stops it."""

    def __init__(self, stores: Stores, jobs: Jobs, batches: Batches, *, progress_of: ProgressOf) -> None:
        self._stores = stores
        self._jobs = jobs
        self._batches = batches
        self._progress_of = progress_of

    async def overview(self, person_id: int, page: int) -> Overview:
        """A page of it, or the last one; batches first. Raises StoreUnavailable."""
        batches = await self._stores.batches.under_way(person_id)
        count = await self._stores.own.count_singles(person_id)
        pages = max(1, -(-(len(batches) + count) // PAGE))
        page = min(max(page, 0), pages - 1)
        some = batches[page * PAGE : (page + 1) * PAGE]
        room = PAGE - len(some)
        skip = max(0, page * PAGE - len(batches))
        links = await self._stores.own.singles(person_id, skip, room) if room else []
        return Overview(
            person_id=person_id,
            page=page,
            pages=pages,
            total=len(batches) + count,
            batches=[BatchTask(batch, await self._tally(batch)) for batch in some],
            links=await self._tasks(links),
        )

    async def everybodys(self, page: int) -> Busy:
        """A page of what runs for anybody, and how much waits. Raises StoreUnavailable."""
        found = await self._stores.everybodys.running(page * PAGE, PAGE + 1)
        counts = await self._stores.everybodys.counts()
        return Busy(counts, page, await self._tasks(found[:PAGE]), len(found) > PAGE)

    async def cancel_all(self, person_id: int) -> int:
        """Stop everything of this person; how many downloads were not over. Raises StoreUnavailable."""
        of_batches = await self._batches.cancel_all(person_id)
        return of_batches + await self._jobs.cancel_all(person_id)

    async def _tally(self, batch: Batch) -> ItemTally:
        return await self._stores.items.tally(batch.id)

    async def _tasks(self, downloads: Sequence[Download]) -> list[LinkTask]:
        transfers = await self._transfers(downloads)
        return [LinkTask(one, transfers.get(one.id), await self._ahead(one)) for one in downloads]

    async def _ahead(self, download: Download) -> int:
        return await self._stores.line.ahead_of(download) if download.state is State.QUEUED else 0

    async def _transfers(self, downloads: Sequence[Download]) -> dict[str, Transfer]:
        running = {one.id: one for one in downloads if one.state is State.RUNNING}
        here = [transfer for job in running if (transfer := self._progress_of(job))]
        elsewhere = running.keys() - {one.id for one in here}
        known = [*(await self._stores.transfers.of([*elsewhere]) if elsewhere else []), *here]
        # What is told of an earlier claim is old: another worker has taken the download up since.
        return {one.id: one for one in known if one.claims == running[one.id].claims}
