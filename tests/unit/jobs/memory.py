"""Downloads in memory, with the meaning that jobs/store.py gives them.

tests/integration/test_store.py holds it and the real database to the same contract.
"""

import asyncio
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from medusa.errors import StoreUnavailable
from medusa.model import (
    ACTIVE_STATES,
    NEXT_STATES,
    CopyState,
    Download,
    LogCopy,
    Person,
    Request,
    Sent,
    State,
    Wish,
)

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ANN, BOB = Person(id=1, name="Ann"), Person(id=2, name="Bob")


def queued(job: str = "job", *, person: Person = ANN, minute: int = 0, **fields: object) -> Download:
    """A download that waits; `minute` says how late it came."""
    came = LONG_AGO + timedelta(minutes=minute)
    request = Request(
        url="https://example.org/a", person=person, chat_id=person.id, message_id=7, wish=Wish()
    )
    download = Download(
        id=job, request=request, state=State.QUEUED, created=came, updated=came, not_before=came
    )
    return download.evolve(**fields)


def done(job: str = "job", *channels: int, minute: int = 0) -> Download:
    """A delivered download with a copy due in each of these channels."""
    came = LONG_AGO + timedelta(minutes=minute)
    return queued(
        job,
        minute=minute,
        state=State.DONE,
        sent=(Sent(chat_id=1, message_id=9, size=1, parts=1),),
        log_copies=tuple(LogCopy(channel_id=channel, next_try=came) for channel in channels),
    )


class MemoryStore:
    """A DownloadStore and a CopyStore. Each call takes a turn of the loop, as if there were a server."""

    def __init__(self, *downloads: Download) -> None:
        self.downloads = {download.id: download for download in downloads}
        self.down: set[str] = set()
        """The methods that fail as if the database were down."""
        self.on_call: Callable[[str], None] = lambda method: None

    def __getitem__(self, job: str) -> Download:
        return self.downloads[job]

    def state(self, job: str = "job") -> State:
        return self.downloads[job].state

    def set(self, job: str, **changes: object) -> Download:
        """Change a record from outside, as another process does."""
        self.downloads[job] = self.downloads[job].evolve(**changes)
        return self.downloads[job]

    # --- DownloadStore ---------------------------------------------------------------------------

    async def add(self, download: Download) -> bool:
        await self._call("add")
        return self.downloads.setdefault(download.id, download) is download

    async def get(self, job: str) -> Download | None:
        await self._call("get")
        return self.downloads.get(job)

    async def claim(
        self, now: datetime, lease_until: datetime, *, holder: str, running: Collection[str] = ()
    ) -> Download | None:
        await self._call("claim")
        taken = {"state": State.RUNNING, "lease_until": lease_until, "holder": holder, "updated": now}
        lost = [
            download
            for download in self._in(State.RUNNING)
            if download.lease_until and download.lease_until < now and download.id not in running
        ]
        if lost:
            found = min(lost, key=lambda d: d.lease_until or now)
            return self.set(found.id, **taken, claims=found.claims + 1, losses=found.losses + 1)
        waiting = [download for download in self._in(State.QUEUED) if download.not_before <= now]
        if waiting:
            found = min(waiting, key=lambda d: d.not_before)
            return self.set(found.id, **taken, claims=found.claims + 1, attempts=found.attempts + 1)
        return None

    async def renew(self, held: Download, lease_until: datetime) -> Download | None:
        await self._call("renew")
        return self.set(held.id, lease_until=lease_until) if self._is_held(held) else None

    async def settle(self, held: Download, to: State, **changes: object) -> Download | None:
        if to not in NEXT_STATES[State.RUNNING]:
            raise ValueError(f"a download never goes from running to {to}")
        await self._call("settle")
        if not self._is_held(held):
            return None
        return self.set(held.id, **changes, state=to, lease_until=None, updated=datetime.now(UTC))

    async def release(self, holder: str) -> int:
        await self._call("release")
        held = [download for download in self._in(State.RUNNING) if download.holder == holder]
        for download in held:
            self.set(download.id, lease_until=LONG_AGO)
        return len(held)

    async def move(self, job: str, leaving: State, to: State, **changes: object) -> Download | None:
        if to not in NEXT_STATES[leaving]:
            raise ValueError(f"a download never goes from {leaving} to {to}")
        await self._call("move")
        if job not in self.downloads or self.state(job) is not leaving:
            return None
        return self.set(job, **changes, state=to, updated=datetime.now(UTC))

    async def note(self, job: str, **changes: object) -> Download | None:
        await self._call("note")
        return self.set(job, **changes, updated=datetime.now(UTC)) if job in self.downloads else None

    async def active_of(self, person_id: int) -> list[Download]:
        await self._call("active_of")
        active = [d for d in self._in(*ACTIVE_STATES) if d.request.person.id == person_id]
        return sorted(active, key=lambda d: d.created)

    async def ahead_of(self, download: Download) -> int:
        await self._call("ahead_of")
        return sum(d.not_before < download.not_before for d in self._in(State.QUEUED))

    # --- CopyStore -------------------------------------------------------------------------------

    async def due_copy(
        self, now: datetime, retry_at: datetime, *, busy: Collection[int] = ()
    ) -> tuple[Download, LogCopy] | None:
        await self._call("due_copy")
        due = [(d, c) for d, c in self._pending(busy) if c.next_try and c.next_try <= now]
        if not due:
            return None
        download, copy = min(due, key=lambda pair: pair[0].created)
        self._put(download.id, copy.evolve(next_try=retry_at))
        self._put_off(download.id, copy, retry_at)
        return download, copy

    async def next_copy_time(self, *, busy: Collection[int] = ()) -> datetime | None:
        await self._call("next_copy_time")
        return min((c.next_try for _, c in self._pending(busy) if c.next_try), default=None)

    async def put_copy(self, job: str, copy: LogCopy) -> None:
        await self._call("put_copy")
        self._put(job, copy)
        self._put_off(job, copy, copy.next_try or datetime.now(UTC))

    def copy(self, job: str, channel: int, number: int = 1) -> LogCopy:
        key = (channel, number)
        (found,) = [c for c in self.downloads[job].log_copies if (c.channel_id, c.number) == key]
        return found

    def _pending(self, busy: Collection[int]) -> list[tuple[Download, LogCopy]]:
        return [
            (d, c)
            for d in self.downloads.values()
            for c in d.log_copies
            if c.state is CopyState.PENDING and c.channel_id not in busy
        ]

    def _put(self, job: str, copy: LogCopy) -> None:
        copies = self.downloads[job].log_copies
        key = (copy.channel_id, copy.number)
        self.set(job, log_copies=tuple(copy if (c.channel_id, c.number) == key else c for c in copies))

    def _put_off(self, job: str, copy: LogCopy, until: datetime) -> None:
        """Let the others that wait for the same channel wait until then."""
        for other in self.downloads[job].log_copies:
            same_channel = other.channel_id == copy.channel_id and other.number != copy.number
            if same_channel and other.state is CopyState.PENDING:
                self._put(job, other.evolve(next_try=until))

    def _is_held(self, held: Download) -> bool:
        kept = self.downloads.get(held.id)
        return kept is not None and (kept.state, kept.claims) == (State.RUNNING, held.claims)

    def _in(self, *states: State) -> list[Download]:
        return [download for download in self.downloads.values() if download.state in states]

    async def _call(self, method: str) -> None:
        await asyncio.sleep(0)
        self.on_call(method)
        if method in self.down:
            raise StoreUnavailable
