"""Bytes the data centre received: kept in memory, on disk when they grow, or not at all."""

import asyncio
import itertools
import tempfile
import time
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO

SLOT = 512 * 1024  # the largest part; on disk every part starts at a multiple of it

_ids = itertools.count(5_000_000_000_000_000_001)


@dataclass(frozen=True)
class Arrival:
    """One part as it came in. `at` is time.monotonic(), `session` the MTProto session it came through."""

    index: int
    size: int
    at: float
    session: int


@dataclass
class Content:
    """Parts by index. With `discard` only their sizes and hashes stay."""

    discard: bool = False
    spool_above: int = 64 * 1024 * 1024
    spool_dir: Path | None = None
    sizes: dict[int, int] = field(default_factory=dict)
    digests: dict[int, bytes] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    _memory: dict[int, bytes] = field(default_factory=dict)
    _held: int = 0
    _disk: IO[bytes] | None = None
    _spilling: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, data: bytes) -> "Content":
        """Bytes that did not come over the network."""
        content = cls()
        for index in range(max(1, -(-len(data) // SLOT))):
            piece = data[index * SLOT : (index + 1) * SLOT]
            content._note(index, piece, sha256(piece).digest())
            content._memory[index] = piece
        return content

    @property
    def size(self) -> int:
        return sum(self.sizes.values())

    async def put(self, index: int, data: bytes, digest: bytes) -> None:
        """Keep one part; a part that is already here is replaced by the same bytes."""
        self._note(index, data, digest)
        if self.discard:
            return
        self._memory[index] = data
        self._held += len(data)
        if self._held > self.spool_above:
            async with self._spilling:
                await asyncio.to_thread(self._spill, list(self._memory))

    def forget(self, index: int) -> None:
        """Lose a part."""
        for kept in (self.sizes, self.digests, self._memory):
            kept.pop(index, None)

    def part(self, index: int) -> bytes:
        """The bytes of one part. Raises LookupError when they were discarded."""
        if self.discard:
            raise LookupError("the data centre runs with discard=True and keeps no bytes")
        if index in self._memory:
            return self._memory[index]
        assert self._disk is not None
        self._disk.seek(index * SLOT)
        return self._disk.read(self.sizes[index])

    def read(self, offset: int, limit: int) -> bytes:
        """Up to `limit` bytes from `offset`."""
        step = self.sizes[0]
        first, last = offset // step, (offset + limit - 1) // step
        pieces = [self.part(index) for index in range(first, last + 1) if index in self.sizes]
        start = offset - first * step
        return b"".join(pieces)[start : start + limit]

    def close(self) -> None:
        """Give the disk back."""
        if self._disk is not None:
            self._disk.close()

    def _note(self, index: int, data: bytes, digest: bytes) -> None:
        self.sizes[index] = len(data)
        self.digests[index] = digest

    def _spill(self, indexes: list[int]) -> None:
        if self._disk is None:
            self._disk = tempfile.TemporaryFile(dir=self.spool_dir)  # noqa: SIM115 - closed by close()
        for index in indexes:
            self._disk.seek(index * SLOT)
            self._disk.write(self._memory[index])
            self._held -= len(self._memory.pop(index))


@dataclass(eq=False)
class File:
    """A whole file. `id` is the document or photo id that clients see."""

    content: Content
    id: int = field(default_factory=lambda: next(_ids))
    date: int = field(default_factory=lambda: int(time.time()))
    streamed: bool = False  # it came without a known end
    upload_id: int | None = None  # the file_id under which a client sent it

    @property
    def size(self) -> int:
        return self.content.size

    @property
    def bytes(self) -> bytes:
        """Everything. Raises LookupError when it was discarded."""
        return b"".join(self.content.part(index) for index in sorted(self.content.sizes))

    @property
    def sha256(self) -> str:
        """The hash of all bytes. Raises LookupError when they were discarded: then there is `tree_sha256`."""
        digest = sha256()
        for index in sorted(self.content.sizes):
            digest.update(self.content.part(index))
        return digest.hexdigest()

    @property
    def tree_sha256(self) -> str:
        """The hash of the parts' hashes in order, always known; `tree_sha256(data)` is its counterpart."""
        return sha256(
            b"".join(self.content.digests[index] for index in sorted(self.content.digests))
        ).hexdigest()

    @property
    def arrivals(self) -> list[Arrival]:
        """The parts in the order in which they came, repeated ones again."""
        return self.content.arrivals

    @property
    def started_at(self) -> float | None:
        """time.monotonic() of the first part, None for a file that a Person made."""
        return self.arrivals[0].at if self.arrivals else None


def tree_sha256(data: bytes, part_size: int = SLOT) -> str:
    """What File.tree_sha256 is for `data` sent in parts of `part_size`."""
    pieces = (data[start : start + part_size] for start in range(0, len(data), part_size))
    return sha256(b"".join(sha256(piece).digest() for piece in pieces)).hexdigest()
