"""What Telegram has of a file, so that an upload that was interrupted goes on where it was.

Telegram keeps parts for some hours (https://core.telegram.org/api/files#uploading-files; its Android client
counts on a day). After a restart the stream is made again, and a part that Telegram has is not sent again.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping

from xxhash import xxh3_128_digest

from medusa.errors import StreamChanged
from medusa.upload.parts import UNKNOWN_TOTAL, Part

Keep = Callable[[], Awaitable[None]]
"""Returns when all that was noted is kept, as far as that is possible now."""


class Ledger:
    """The acknowledged parts of one file."""

    def __init__(
        self,
        file_id: int | None = None,
        digests: Mapping[int, bytes] | None = None,
        *,
        total: int | None = None,
    ) -> None:
        """Of a new file; or of one that has parts with these digests, by index, and `total` parts in all when
        its last one was acknowledged."""
        self.file_id = secrets.randbits(63) if file_id is None else file_id
        self.total = total
        self.keep: Keep = _nowhere
        self.skipped = 0
        """Bytes that were not sent again."""
        self._digests = dict(digests or {})
        self._news: dict[int, bytes] = {}

    def has(self, part: Part) -> bool:
        """Whether Telegram has this part.

        Raises StreamChanged when what Telegram has is not of the same file: the same file id cannot be used
        for another one, since what was skipped so far would be wrong.
        """
        known = self._digests.get(part.index)
        if known not in (None, digest(part)) or self._ends_elsewhere(part):
            raise StreamChanged(detail=f"part {part.index} of {part.total}, {len(part.data)} bytes")
        if known is None:
            return False
        self.skipped += len(part.data)
        return True

    def note(self, part: Part) -> None:
        """Telegram has acknowledged this part."""
        self._news[part.index] = self._digests[part.index] = digest(part)
        if part.total != UNKNOWN_TOTAL:
            self.total = part.total

    def take_news(self) -> dict[int, bytes]:
        """The digests, by index, that were noted since the last call."""
        news, self._news = self._news, {}
        return news

    def put_back(self, news: Mapping[int, bytes]) -> None:
        """These could not be kept: they are still news."""
        self._news = {**news, **self._news}

    def _ends_elsewhere(self, part: Part) -> bool:
        """Whether the file that Telegram has is longer or shorter than the one that this part belongs to."""
        if part.total == UNKNOWN_TOTAL:
            return self.total is not None and part.index >= self.total - 1
        if self.total is not None:
            return self.total != part.total
        return any(index >= part.index for index in self._digests)


async def _nowhere() -> None:
    """Of a file that nobody will take up again."""


def digest(part: Part) -> bytes:
    """16 bytes that tell parts apart. No secret hangs on it: whoever could make two parts with one digest
    would damage a file of their own."""
    return xxh3_128_digest(part.data)
