"""The rules of core.telegram.org/api/files for one file that arrives in parts. Pure: no bytes, no I/O.

A streamed upload is one whose parts carry file_total_parts = -1. Only its last part carries the total, and
that part goes alone, after every other part was answered.
"""

from dataclasses import dataclass, field
from typing import NoReturn

from tests.dc.errors import Breach, Refusal

LARGEST_PART = 512 * 1024
UNKNOWN = -1  # file_total_parts of a part whose file has no known end yet
SMALL_FILE = 10 * 1024 * 1024  # more must go through saveBigFilePart


@dataclass
class Part:
    """What is remembered of a part."""

    size: int
    digest: bytes
    answered: bool = False


@dataclass
class Upload:
    """One file_id of one account. `limit` is how many parts the account may send."""

    limit: int
    big: bool = True
    parts: dict[int, Part] = field(default_factory=dict)
    part_size: int | None = None
    total: int | None = None
    streamed: bool = False
    lost: set[int] = field(default_factory=set)  # parts the server forgot, through no fault of the client

    def admit(self, index: int, total: int | None, size: int, digest: bytes) -> bool:
        """Accept one part and return whether it is new. `total` is None for saveFilePart. Raises Breach."""
        self._check_size(size)
        self._check_index(index, total)
        known = self.parts.get(index)
        if known is not None and known.digest != digest:
            _breach("different_bytes", "FILE_PART_INVALID", f"part {index} was sent before with other bytes")
        if total is not None and index not in self.lost:
            self._check_total(index, total)
        if total is not None:
            self._check_uniform(index, total, size)
        self.streamed |= total == UNKNOWN
        if total is not None and total != UNKNOWN:
            self.total = total
        self.lost.discard(index)
        self.parts.setdefault(index, Part(size, digest))
        return known is None

    def answered(self, index: int) -> None:
        """The client has been told that the part arrived."""
        if index in self.parts:
            self.parts[index].answered = True

    def forget(self, index: int) -> None:
        """Lose a part, as the real service may after some hours."""
        if self.parts.pop(index, None) is not None:
            self.lost.add(index)

    def complete(self, count: int) -> None:
        """Check the file when a message is to carry it as `count` parts. Raises Refusal or Breach."""
        if self.streamed and self.total is None:
            _breach("no_total", "FILE_PARTS_INVALID", "no part of the stream carried the total")
        if not 1 <= count <= self.limit or (self.total is not None and self.total != count):
            _breach("total_mismatch", "FILE_PARTS_INVALID", f"{count} parts named, {self.total} declared")
        missing = [index for index in range(count) if index not in self.parts]
        if missing:
            text = f"FILE_PART_{missing[0]}_MISSING"
            if missing[0] in self.lost:
                raise Refusal(400, text)
            _breach("missing_part", text, f"{len(missing)} of {count} parts are missing")
        if len(self.parts) != count:
            _breach("total_mismatch", "FILE_PARTS_INVALID", f"{count} parts named, {len(self.parts)} sent")
        self._check_sizes(count)

    def _check_size(self, size: int) -> None:
        if size == 0:
            _breach("empty_part", "FILE_PART_EMPTY")
        if size > LARGEST_PART:
            _breach("part_too_big", "FILE_PART_TOO_BIG", f"{size} bytes")

    def _check_index(self, index: int, total: int | None) -> None:
        if total is not None and total != UNKNOWN and not 1 <= total <= self.limit:
            _breach("too_many_parts", "FILE_PARTS_INVALID", f"total {total}, limit {self.limit}")
        end = self.limit if total is None or total == UNKNOWN else total
        if not 0 <= index < end:
            _breach("part_index", "FILE_PART_INVALID", f"part {index} of {total}, limit {self.limit}")

    def _check_total(self, index: int, total: int) -> None:
        if total == UNKNOWN:
            if self.total is not None:
                _breach(
                    "part_after_total", "FILE_PARTS_INVALID", f"part {index} with -1 after total {self.total}"
                )
            return
        if self.total is not None and total != self.total:
            _breach("total_changed", "FILE_PARTS_INVALID", f"{total} after {self.total}")
        if self.streamed:
            self._check_barrier(index, total)

    def _check_barrier(self, index: int, total: int) -> None:
        if index != total - 1:
            _breach(
                "total_not_on_last", "FILE_PARTS_INVALID", f"part {index} of a stream carries total {total}"
            )
        if max(self.parts) >= total:
            _breach(
                "total_too_small", "FILE_PARTS_INVALID", f"total {total}, but part {max(self.parts)} was sent"
            )
        early = [one for one in range(index) if one not in self.parts or not self.parts[one].answered]
        if early:
            _breach(
                "barrier",
                "FILE_PART_SIZE_INVALID",
                f"{len(early)} earlier parts not answered, first {early[0]}",
            )

    def _check_uniform(self, index: int, total: int, size: int) -> None:
        """Every part but the last has one valid size, the last none that is larger."""
        if index == total - 1:
            if self.part_size is not None and size > self.part_size:
                _breach("last_part_larger", "FILE_PART_SIZE_CHANGED", f"{size} bytes after {self.part_size}")
            return
        _check_part_size(index, size)
        if self.part_size is None:
            larger = [one for one, part in self.parts.items() if part.size > size]
            if larger:
                _breach("last_part_larger", "FILE_PART_SIZE_CHANGED", f"part {larger[0]}")
            self.part_size = size
        elif size != self.part_size:
            _breach("part_size_changed", "FILE_PART_SIZE_CHANGED", f"{size} bytes after {self.part_size}")

    def _check_sizes(self, count: int) -> None:
        """The same as _check_uniform, for saveFilePart, whose last part shows only now."""
        first = self.parts[0].size
        for index in range(count - 1):
            _check_part_size(index, self.parts[index].size)
            if self.parts[index].size != first:
                _breach("part_size_changed", "FILE_PART_SIZE_CHANGED", f"part {index}")
        if self.parts[count - 1].size > first:
            _breach("last_part_larger", "FILE_PART_SIZE_CHANGED")
        if not self.big and sum(part.size for part in self.parts.values()) > SMALL_FILE:
            _breach("small_file_too_big", "FILE_PARTS_INVALID", "over 10 MB belongs to saveBigFilePart")


def _check_part_size(index: int, size: int) -> None:
    if size % 1024 or LARGEST_PART % size:
        _breach("part_size", "FILE_PART_SIZE_INVALID", f"part {index}, not the last, has {size} bytes")


def _breach(rule: str, text: str, detail: str = "") -> NoReturn:
    raise Breach(rule, 400, text, detail)
