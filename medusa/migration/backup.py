"""Full backup and restore of the bot's database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from medusa.errors import BrokenBackup, WrongArgument
from medusa.migration.backup_file import LINES, Portion, Reader, Sum, Writer
from medusa.value import Value

Tell = Callable[[int], None]
"""Hears how many documents are done."""


class How(StrEnum):
    """What happens to what is there already."""

    REFUSE = "refuse"  # nothing is restored
    MERGE = "merge"  # it stays, and what is missing is added
    OVERWRITE = "overwrite"  # the backup's takes its place; what the backup has not, stays


class Count(Value):
    """What became of the documents of a collection, or what would."""

    total: int = 0
    """That the backup has."""
    known: int = 0
    """Of them, those that were there before."""
    written: int = 0
    refused: int = 0
    """They cannot be beside what is there."""
    there: int = 0
    """Of them, those that are there at the end."""


@dataclass
class Restoration:
    """What became of a backup, or what would."""

    counts: dict[str, Count] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """Documents that should be there at the end, and are not."""
        return sum(max(0, one.total - one.refused - one.there) for one in self.counts.values())

    def add(self, collection: str, **more: int) -> None:
        """Count some more."""
        before = self.counts.get(collection, Count())
        after = {name: getattr(before, name) + number for name, number in more.items()}
        self.counts[collection] = before.evolve(**after)


class Result(Protocol):
    """What became of some documents: see Count."""

    @property
    def known(self) -> int: ...
    @property
    def written(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def there(self) -> int: ...


class BackupStore(Protocol):
    """Our documents, as lines of text. Each method raises StoreUnavailable when the database is down."""

    @property
    def collections(self) -> Sequence[str]:
        """What a backup holds, in the order in which it comes back."""
        ...

    async def counts(self) -> dict[str, int]:
        """How many documents each collection has."""
        ...

    def lines(self, collection: str, at_once: int) -> AsyncIterator[list[str]]:
        """All documents of a collection."""
        ...

    async def known(self, collection: str, lines: Sequence[str]) -> int:
        """How many of these documents have an id that is there. Raises BrokenBackup."""
        ...

    async def restore(self, collection: str, lines: Sequence[str], *, overwrite: bool) -> Result:
        """Write documents; those whose id is there are replaced, or stay as they are. Raises BrokenBackup."""
        ...


async def export(store: BackupStore, make: Callable[[], Writer], tell: Tell) -> dict[str, Sum]:
    """Write a backup. What was interrupted leaves no file. Raises StoreUnavailable, WrongArgument."""
    done = 0
    writer = await asyncio.to_thread(make)
    try:
        for collection in store.collections:
            await asyncio.to_thread(writer.begin, collection)
            async for lines in store.lines(collection, LINES):
                await asyncio.to_thread(writer.add, Portion(collection, lines))
                done += len(lines)
                tell(done)
        return await asyncio.to_thread(writer.end)
    finally:
        await asyncio.to_thread(writer.close)


async def look(store: BackupStore, path: Path, tell: Tell) -> Restoration:
    """Read a backup to its end, and count what of it is there. Nothing is written. Raises BrokenBackup,
    StoreUnavailable, WrongArgument."""
    found, done = Restoration(), 0
    async for collection, lines in _portions(store, path):
        known = await store.known(collection, lines)
        found.add(collection, total=len(lines), known=known)
        done += len(lines)
        tell(done)
    return found


async def restore(store: BackupStore, path: Path, how: How, tell: Tell) -> Restoration:
    """Write what a backup holds, which `look` has found to be whole, and count what is there then. Raises
    BrokenBackup, StoreUnavailable, WrongArgument."""
    if how is How.REFUSE:
        await check_empty(store)
    found, done = Restoration(), 0
    async for collection, lines in _portions(store, path):
        result = await store.restore(collection, lines, overwrite=how is How.OVERWRITE)
        found.add(
            collection,
            total=len(lines),
            known=result.known,
            written=result.written,
            refused=result.refused,
            there=result.there,
        )
        done += len(lines)
        tell(done)
    return found


async def check_empty(store: BackupStore) -> None:
    """Raises WrongArgument when there is anything that a backup would come on top of."""
    counts = {name: count for name, count in (await store.counts()).items() if count}
    if counts:
        there = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        raise WrongArgument(
            f"The database has data already: {there}. --merge lets it stay and adds what is missing; "
            "--overwrite puts what the backup has in its place."
        )


async def _portions(store: BackupStore, path: Path) -> AsyncIterator[Portion]:
    reader = await asyncio.to_thread(Reader, path)
    portions = reader.portions()
    while (portion := await asyncio.to_thread(_next, portions)) is not None:
        if portion.collection not in store.collections:
            raise BrokenBackup(f'The backup has a collection "{portion.collection}", which is none of ours.')
        yield portion


def _next(portions: Iterator[Portion]) -> Portion | None:
    return next(portions, None)
