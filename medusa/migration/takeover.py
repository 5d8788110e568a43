"""Takes over what a source has: compared page by page with what is there, written where that is wanted."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol

from medusa.legacy import Kind, Past, PastDay, Record
from medusa.migration.found import Found, Reject, Source
from medusa.migration.planner import WRITTEN, Change, Outcome, plan
from medusa.model import OVER_STATES

PAGE = 500
"""Records that are looked up, and written, with one request."""
TOLD_EVERY = 100
MOST_EXAMPLES = 10
"""Changes of each kind and outcome that are shown one by one."""

Tell = Callable[[int], None]
"""Hears how many entries of the source were read."""


class LegacyStore(Protocol):
    """Our records. Each method raises StoreUnavailable when the database is down."""

    async def there(self, records: Sequence[Record]) -> dict[object, Record]:
        """What is there of these records of one kind, by their keys."""
        ...

    async def write(self, changes: Sequence[tuple[Record, Collection[str] | None]]) -> None:
        """Write records: new ones (None), or these fields of those that are there."""
        ...

    async def count_day(self, day: date, now: datetime) -> None:
        """Count a day from its downloads."""
        ...


@dataclass
class Outcomes:
    """What has become of all that a source has, or would become of it."""

    counts: Counter[tuple[Kind, Outcome]] = field(default_factory=Counter)
    examples: dict[tuple[Kind, Outcome], list[Change]] = field(default_factory=dict)
    rejects: int = 0
    days: set[date] = field(default_factory=set)
    """On which downloads of the source were over."""
    missing: int = 0
    """Records that should be there after the end, and are not."""

    def add(self, change: Change) -> None:
        """One more."""
        place = change.record.KIND, change.outcome
        self.counts[place] += 1
        shown = self.examples.setdefault(place, [])
        if len(shown) < MOST_EXAMPLES:
            shown.append(change)

    def total(self, kind: Kind) -> int:
        """All of a kind."""
        return sum(count for (one, _), count in self.counts.items() if one is kind)

    @property
    def to_write(self) -> int:
        """Records that are written, or would be."""
        return sum(count for (_, outcome), count in self.counts.items() if outcome in WRITTEN)


class Takeover:
    """Takes over one source."""

    def __init__(
        self,
        source: Source,
        store: LegacyStore,
        *,
        overwrite: bool = False,
        reject: Callable[[Reject], None],
        tell: Tell = lambda _: None,
    ) -> None:
        self._source = source
        self._store = store
        self._overwrite = overwrite
        self._reject = reject
        self._tell = tell

    async def look(self) -> Outcomes:
        """What would become of everything; nothing is written. Raises StoreUnavailable."""
        return await self._go_through(self._reject, apply=False)

    async def apply(self) -> Outcomes:
        """Write what is to be written, count the days of old downloads, and look whether all is there. Each
        step may be repeated, so what was interrupted is simply done again. Raises StoreUnavailable."""
        done = await self._go_through(self._reject, apply=True)
        now = datetime.now(UTC)
        for day in sorted(done.days):
            await self._store.count_day(day, now)
        after = await self._go_through(lambda _: None, apply=False)
        done.missing = after.to_write
        return done

    async def _go_through(self, reject: Callable[[Reject], None], *, apply: bool) -> Outcomes:
        outcomes = Outcomes()
        async for page in self._pages(outcomes, reject):
            there = await self._store.there(page)
            changes = list[Change]()
            for record in page:
                change = plan(record, there.get(record.key), overwrite=self._overwrite)
                # A record that comes twice is there the second time.
                if change.outcome in WRITTEN:
                    there[record.key] = record
                changes.append(change)
                outcomes.add(change)
            if apply:
                await self._store.write(_writes(changes))
        return outcomes

    async def _pages(
        self, outcomes: Outcomes, reject: Callable[[Reject], None]
    ) -> AsyncIterator[list[Record]]:
        """Records of one kind each, as many as are handled at once."""
        pages, read = defaultdict[Kind, list[Record]](list), 0
        async for found in self._source.read():
            read += 1
            if read % TOLD_EVERY == 0:
                self._tell(read)
            if isinstance(found, Reject):
                outcomes.rejects += 1
                reject(found)
            elif _is_wanted(found, outcomes.days):
                page = pages[found.record.KIND]
                page.append(found.record)
                if len(page) == PAGE:
                    yield pages.pop(found.record.KIND)
        for page in pages.values():
            yield page
        self._tell(read)


def _is_wanted(found: Found, days: set[date]) -> bool:
    """Notes on which days there are downloads; numbers of such a day are counted from them instead."""
    match found.record:
        case Past(download=download) if download.finished is not None and download.state in OVER_STATES:
            days.add(download.finished.date())
        case PastDay(day=day):
            return day.day not in days
    return True


def _writes(changes: Sequence[Change]) -> list[tuple[Record, Collection[str] | None]]:
    return [
        (change.record, None if change.outcome is Outcome.NEW else change.fields)
        for change in changes
        if change.outcome in WRITTEN or (change.outcome is Outcome.KEPT and change.fields)
    ]
