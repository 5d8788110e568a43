"""What people do with batches: answer, start, pause, go on, cancel, try the failed ones again."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Protocol

from loguru import logger

from medusa.allowance import Allowance
from medusa.batch import Batch, BatchState, Question, Tally
from medusa.batch_text import Entry
from medusa.errors import NotYours, WrongArgument
from medusa.jobs.store import BatchStore, ItemStore
from medusa.jobs.turns import FOREVER
from medusa.model import Download, State
from medusa.spans import numbers, united
from medusa.wishes import Thumbnail

AT_ONCE = 500
"""Items that are kept with one write."""


def batch_id(*source: object) -> str:
    """The same for the same source, and short enough for a button."""
    text = " ".join(map(str, source))
    return urlsafe_b64encode(blake2b(text.encode(), digest_size=9).digest()).decode()


class Thumbnails(Protocol):
    """Pictures on the net; medusa.media.thumbnails in production."""

    async def fetch(self, url: str) -> bytes:
        """The picture behind a link as a small JPEG. Raises BadLink, SourceError, MediaChildDied."""
        ...


class Pictures(Protocol):
    """Small pictures by name. Raises StoreUnavailable when the database is down."""

    async def keep(self, name: str, jpeg: bytes) -> None:
        """Keep a picture under this name, in place of any other."""
        ...


class Admission(Protocol):
    """Lets in what may be had. Each method raises OverLimit, StoreUnavailable."""

    async def admit(self, person_id: int, key: str, links: int) -> Allowance:
        """Count so many links of somebody under this key, once; what they may have."""
        ...

    async def check_batch(self, person_id: int, links: int) -> None:
        """Return if somebody may have so many links at once."""
        ...


class Batches:
    """Changes batches on request; the workers and the watch do the rest."""

    def __init__(
        self,
        store: BatchStore,
        items: ItemStore,
        pictures: Pictures,
        thumbnails: Thumbnails,
        *,
        wake: Callable[[], None],
        interrupt: Callable[[str], bool],
        changed: Callable[[], None],
        admission: Admission | None = None,
    ) -> None:
        """`wake` tells the workers that there is something to do, `changed` those who watch; `interrupt`
        stops an item that runs in this process. `admission`: None lets everybody have anything."""
        self._store = store
        self._items = items
        self._pictures = pictures
        self._thumbnails = thumbnails
        self._wake = wake
        self._interrupt = interrupt
        self._changed = changed
        self._admission = admission
        self._filling: set[str] = set()

    async def draft(self, batch: Batch, entries: Sequence[Entry]) -> bool:
        """Keep a batch that its person is to be asked about; False when it was kept before."""
        return await self._store.add(batch, entries)

    async def get(self, job: str, person_id: int) -> Batch:
        """One batch of this person. Raises WrongArgument, NotYours."""
        batch = await self._store.get(job)
        if batch is None:
            raise WrongArgument("I do not know this batch any more.")
        if batch.person.id != person_id:
            raise NotYours
        return batch

    async def entries(self, batch: Batch) -> tuple[Entry, ...]:
        """Its whole list."""
        return await self._store.entries(batch.id)

    async def note(self, batch: Batch, **changes: object) -> Batch | None:
        """Change fields."""
        return await self._store.note(batch.id, **changes)

    async def answer(self, batch: Batch, question: Question, **changes: object) -> Batch | None:
        """Answer the question that is being asked; None when it is not any more. After the last one the
        batch starts."""
        rest = batch.questions[1:]
        if question is Question.ITEMS and self._admission is not None:
            await self._admission.check_batch(batch.person.id, batch.evolve(**changes).size)
        if not rest:
            allowance = await self._admitted(batch.evolve(**changes))
            changes |= {"state": BatchState.RUNNING, "started": datetime.now(UTC), "allowance": allowance}
        answered = await self._store.answer(batch.id, question, **changes, questions=rest)
        if answered is not None and not rest:
            await self.fill(answered)
        return answered

    async def illustrate(self, batch: Batch, picture: bytes | str) -> dict[str, object]:
        """Keep a thumbnail for all of its files, a JPEG or what is behind a link; what that changes."""
        jpeg = await self._thumbnails.fetch(picture) if isinstance(picture, str) else picture
        name = f"batch {batch.id}"
        await self._pictures.keep(name, jpeg)
        return {"look": batch.look.evolve(thumbnail=Thumbnail.OWN, picture=name)}

    async def change(self, batch: Batch, question: Question, **changes: object) -> Batch | None:
        """Change a draft without answering; None when this is not asked any more."""
        return await self._store.answer(batch.id, question, **changes)

    async def start(self, batch: Batch) -> Batch | None:
        """Let its items be downloads; None when it was started before."""
        started = await self._store.move(
            batch.id,
            [BatchState.DRAFT],
            BatchState.RUNNING,
            started=datetime.now(UTC),
            questions=(),
            allowance=await self._admitted(batch),
        )
        if started is not None:
            await self.fill(started)
        return started

    async def _admitted(self, batch: Batch) -> Allowance:
        """What the person of a batch may have, when its links are let in. Raises WrongArgument, OverLimit."""
        _check(batch)
        if self._admission is None:
            return Allowance()
        return await self._admission.admit(batch.person.id, batch.id, batch.size)

    async def fill(self, batch: Batch) -> None:
        """Keep a download for each item that is wanted; what is there already stays as it is. Nothing happens
        where that is being done."""
        if batch.id in self._filling:
            return
        self._filling.add(batch.id)
        try:
            logger.info("batch {} of {} gets {} links", batch.id, batch.person.id, batch.size)
            await self._fill(batch)
        finally:
            self._filling.discard(batch.id)

    async def _fill(self, batch: Batch) -> None:
        entries = await self._store.entries(batch.id)
        chosen = [number for number in numbers(batch.chosen) if number <= len(entries)]
        for at in range(0, len(chosen), AT_ONCE):
            some = chosen[at : at + AT_ONCE]
            await self._items.add([_download(batch, number, entries[number - 1]) for number in some])
            self._wake()
        filled = await self._store.note(batch.id, is_filled=True)
        if filled is not None and filled.state is BatchState.PAUSED:
            await self._items.set_due(batch.id, FOREVER)
        if filled is not None and filled.is_cancelled:
            await self._stop(filled)
        self._changed()

    async def pause(self, batch: Batch) -> bool:
        """Take up none of its items; those that run go on. False when there is nothing to pause."""
        paused = await self._store.move(batch.id, [BatchState.RUNNING], BatchState.PAUSED)
        if paused is None or paused.is_cancelled:
            return False
        await self._items.set_due(batch.id, FOREVER)
        self._changed()
        return True

    async def resume(self, batch: Batch) -> bool:
        """Go on; False when it was not paused."""
        if await self._store.move(batch.id, [BatchState.PAUSED], BatchState.RUNNING) is None:
            return False
        await self._items.set_due(batch.id, datetime.now(UTC))
        self._wake()
        self._changed()
        return True

    async def cancel(self, batch: Batch) -> bool:
        """End what waits and stop what runs, or throw the draft away; False when it is over."""
        if await self._store.drop(batch.id):
            return True
        under_way = [BatchState.RUNNING, BatchState.PAUSED]
        stopped = await self._store.move(batch.id, under_way, BatchState.RUNNING, is_cancelled=True)
        if stopped is None:
            return False
        await self._stop(stopped)
        self._changed()
        return True

    async def cancel_all(self, person_id: int) -> int:
        """Cancel all of this person that have begun; how many items that were not over."""
        count = 0
        for batch in await self._store.under_way(person_id):
            tally = await self._items.tally(batch.id)
            if await self.cancel(batch):
                count += tally.queued + tally.running
        return count

    async def again(self, batch: Batch) -> Batch | None:
        """A draft with the items that failed, without questions; None when that was started before."""
        failures = await self._items.failures(batch.id)
        if batch.state is not BatchState.OVER or not failures:
            raise WrongArgument("There is nothing to try again.")
        draft = batch.evolve(
            id=batch_id(batch.id, "again"),
            state=BatchState.DRAFT,
            chosen=united([(failure.number, failure.number) for failure in failures]),
            status_message_id=None,
            created=datetime.now(UTC),
            started=None,
            finished=None,
            is_filled=False,
            is_cancelled=False,
            unshown=False,
            is_told=False,
            untold=(),
        )
        entries = await self._store.entries(batch.id)
        if not entries:
            raise WrongArgument("I do not know the links of this batch any more. Send its file again.")
        if await self._store.add(draft, entries):
            return draft
        kept = await self._store.get(draft.id)
        return kept if kept is not None and kept.state is BatchState.DRAFT else None

    async def mend(self, batch: Batch, tally: Tally) -> None:
        """Finish what a kill, a database that was down or two presses at once have left half done."""
        now = datetime.now(UTC)
        if batch.is_cancelled:
            await self._stop(batch)
        elif batch.state is BatchState.PAUSED:
            if tally.running:
                await self._items.set_due(batch.id, FOREVER)
        else:
            await self._items.bring_forward(batch.id, batch.person.id, FOREVER, now)
            await self._items.release(batch.id, now)

    async def _stop(self, batch: Batch) -> None:
        for running in await self._items.cancel(batch.id):
            # Elsewhere, the worker that holds it sees the request at its next heartbeat.
            self._interrupt(running)


def _check(batch: Batch) -> None:
    if not batch.size:
        raise WrongArgument("Choose at least one of the links.")


def _download(batch: Batch, number: int, entry: Entry) -> Download:
    assert batch.started is not None
    # A millisecond apart, for downloads of one message are taken up in the order of their creation.
    created = batch.started + timedelta(milliseconds=number)
    return Download(
        id=f"{batch.id}.{number}",
        request=batch.request(number, entry),
        state=State.QUEUED,
        created=created,
        updated=created,
        not_before=batch.started,
    )
