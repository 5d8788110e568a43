"""A temporary file between the source and Telegram, for the one case that cannot be streamed."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from aiofiles.tempfile import TemporaryFile
from aiofiles.threadpool.binary import AsyncBufferedIOBase

from medusa.errors import DiskUnusable
from medusa.model import Frame
from medusa.upload.parts import PART_SIZE, Part, part_count


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskUnusable(
            "The disk has no room for this file on its way to Telegram.", detail=str(error)
        ) from error


class Spool:
    """Holds a stream on disk until its size is known. The file has no name, so a crash leaves nothing."""

    def __init__(self, directory: Path) -> None:
        self._opening = TemporaryFile("wb+", dir=directory)
        self._file: AsyncBufferedIOBase
        self.size = 0
        """Bytes so far."""

    async def __aenter__(self) -> Self:
        """Raises DiskUnusable."""
        with _translated():
            self._file = await self._opening.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opening.__aexit__(kind, error, trace)

    async def write(self, frame: Frame) -> None:
        """Put a frame where it belongs. Raises DiskUnusable."""
        with _translated():
            await self._file.seek(frame.offset)
            await self._file.write(frame.data)
        self.size = max(self.size, frame.offset + len(frame.data))

    async def parts(self) -> AsyncGenerator[Part]:
        """All parts in order, each naming the true total. Raises DiskUnusable."""
        total = part_count(self.size)
        with _translated():
            await self._file.seek(0)  # what is still in a buffer is written
        for index in range(total):
            yield Part(index, await self._file.read(PART_SIZE), total)
