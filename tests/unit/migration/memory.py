"""Our records, and another bot's data, in memory."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import date, datetime

from medusa.legacy import Kind, Record
from medusa.migration.found import Found, Reject


class Listed:
    """A Source: what a test says."""

    def __init__(self, *found: Record | Reject) -> None:
        self.found = found

    async def count(self) -> int | None:
        return len(self.found)

    async def read(self) -> AsyncIterator[Found | Reject]:
        for number, one in enumerate(self.found):
            yield one if isinstance(one, Reject) else Found(f"entry {number}", one)


class MemoryLegacy:
    """A LegacyStore. A write fails where `stop` says so."""

    def __init__(self, *there: Record) -> None:
        self.kept: dict[tuple[Kind, object], Record] = {(one.KIND, one.key): one for one in there}
        self.writes = 0
        self.days = list[date]()
        self.stop: Callable[[int], bool] = lambda _: False

    async def there(self, records: Sequence[Record]) -> dict[object, Record]:
        assert len({record.KIND for record in records}) <= 1
        found = (self.kept.get((record.KIND, record.key)) for record in records)
        return {one.key: one for one in found if one is not None}

    async def write(self, changes: Sequence[tuple[Record, Collection[str] | None]]) -> None:
        for record, fields in changes:
            if self.stop(self.writes):
                raise ConnectionError
            self.writes += 1
            place = record.KIND, record.key
            if fields is None:
                assert place not in self.kept
                self.kept[place] = record
            else:
                self.kept[place] = self.kept[place].evolve(**{name: getattr(record, name) for name in fields})

    async def count_day(self, day: date, now: datetime) -> None:
        self.days.append(day)
