"""Downloads in memory, with the meaning that jobs/store.py gives them.

tests/integration/store holds it and the real database to the same contract.
"""

import asyncio
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from itertools import count

from medusa.errors import StoreUnavailable
from medusa.model import (
    ACTIVE_STATES,
    NEXT_STATES,
    OVER_STATES,
    RESTING_STATES,
    CopyState,
    Download,
    LogCopy,
    Person,
    Request,
    Sent,
    State,
)
from medusa.wishes import Wish
from tests.unit.jobs.memory_copies import MemoryCopies

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


class MemoryStore(MemoryCopies):
    """A DownloadStore and a CopyStore. Each call takes a turn of the loop, as if there were a server."""

    def __init__(self, *downloads: Download) -> None:
        self.downloads = {download.id: download for download in downloads}
        self.turns: dict[int, datetime] = {}
        """By person: when they last had a turn."""
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
        self,
        now: datetime,
        lease_until: datetime,
        *,
        holder: str,
        running: Collection[str] = (),
        most: int | None = None,
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
            again = {"claims": found.claims + 1, "losses": found.losses + 1}
            return self.set(found.id, **taken, **again, started=found.started or now)
        if next_one := self._next(now, most):
            person = next_one.request.person.id
            self.turns[person] = now
            seats = {d.seat for d in self._running_of(person)}
            seat = next(number for number in count() if number not in seats)
            again = {"claims": next_one.claims + 1, "attempts": next_one.attempts + 1}
            return self.set(next_one.id, **taken, **again, seat=seat, started=next_one.started or now)
        return None

    def _next(self, now: datetime, most: int | None = None) -> Download | None:
        """Whose turn it is, and of their downloads the first."""
        due = [d for d in self._in(State.QUEUED) if d.not_before <= now]
        lines: dict[int, list[Download]] = {}
        for download in due:
            lines.setdefault(download.request.person.id, []).append(download)
        waiting = [p for p in lines if most is None or len(self._running_of(p)) < most]
        if not waiting:
            return None
        person = min(
            waiting,
            key=lambda p: (
                len(self._running_of(p)),
                self.turns.get(p, LONG_AGO),
                min(d.not_before for d in lines[p]),
            ),
        )
        return min(lines[person], key=lambda d: (d.request.message_id, d.created))

    def _running_of(self, person: int) -> list[Download]:
        return [d for d in self._in(State.RUNNING) if d.request.person.id == person]

    async def renew(self, held: Download, lease_until: datetime) -> Download | None:
        await self._call("renew")
        return self.set(held.id, lease_until=lease_until) if self._is_held(held) else None

    async def progress(self, held: Download, /, **changes: object) -> Download | None:
        await self._call("progress")
        return self.set(held.id, **changes, updated=datetime.now(UTC)) if self._is_held(held) else None

    async def settle(self, held: Download, to: State, **changes: object) -> Download | None:
        if to not in NEXT_STATES[State.RUNNING]:
            raise ValueError(f"a download never goes from running to {to}")
        await self._call("settle")
        if not self._is_held(held):
            return None
        return self._end(held.id, to, {**changes, "lease_until": None})

    async def release(self, holder: str) -> int:
        await self._call("release")
        held = [download for download in self._in(State.RUNNING) if download.holder == holder]
        for download in held:
            later = datetime.now(UTC) + timedelta(seconds=min(300, 2**download.losses))
            self.set(download.id, lease_until=later if download.losses else LONG_AGO)
        return len(held)

    async def move(self, job: str, leaving: State, to: State, **changes: object) -> Download | None:
        if to not in NEXT_STATES[leaving]:
            raise ValueError(f"a download never goes from {leaving} to {to}")
        await self._call("move")
        if job not in self.downloads or self.state(job) is not leaving:
            return None
        return self._end(job, to, changes)

    def _end(self, job: str, to: State, changes: dict[str, object]) -> Download:
        now = datetime.now(UTC)
        fields = {"unshown": to in RESTING_STATES, **changes, "state": to, "updated": now}
        moved = self.set(job, **fields, **({"finished": now} if to in OVER_STATES else {}))
        if to not in (State.FAILED, State.CANCELLED):
            return moved
        copies = tuple(
            copy.evolve(next_try=now) if (copy.state, copy.next_try) == (CopyState.PENDING, None) else copy
            for copy in moved.log_copies
        )
        return self.set(job, log_copies=copies)

    async def note(self, job: str, **changes: object) -> Download | None:
        await self._call("note")
        return self.set(job, **changes, updated=datetime.now(UTC)) if job in self.downloads else None

    async def unshown(self, before: datetime) -> list[Download]:
        await self._call("unshown")
        behind = [d for d in self.downloads.values() if d.unshown and d.status_message_id is not None]
        found = [d for d in behind if d.updated < before]
        return sorted(found, key=lambda d: d.updated)

    async def shown(self, download: Download) -> None:
        await self._call("shown")
        kept = self.downloads.get(download.id)
        if kept and (kept.state, kept.claims) == (download.state, download.claims):
            self.set(download.id, unshown=False)

    async def active_of(self, person_id: int) -> list[Download]:
        await self._call("active_of")
        active = [d for d in self._in(*ACTIVE_STATES) if d.request.person.id == person_id]
        return sorted(active, key=lambda d: d.created)

    async def ahead_of(self, download: Download) -> int:
        """Claims all, one after the other, and sees how many come first."""
        await self._call("ahead_of")
        horizon = max(download.not_before, datetime.now(UTC))
        play = MemoryStore(*self.downloads.values(), download)
        play.turns = dict(self.turns)
        for before in count():
            following = play._next(horizon)
            assert following is not None
            if following.id == download.id:
                return before
            play.set(following.id, state=State.RUNNING)
            play.turns[following.request.person.id] = horizon + timedelta(seconds=before + 1)
        raise AssertionError

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
