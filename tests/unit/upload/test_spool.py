"""A file on its way by the disk, and a disk without room."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from medusa.errors import DiskUnusable
from medusa.model import Frame
from medusa.upload.spool import Spool

KIB = 1024


@pytest.fixture
def small_files() -> Iterator[None]:
    """This process may write files of 64 KiB; Python ignores the signal that comes with it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * KIB, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def fill(directory: Path, size: int) -> None:
    async with Spool(directory) as spool:
        for offset in range(0, size, 16 * KIB):
            await spool.write(Frame(offset, bytes(16 * KIB)))
        async for _ in spool.parts():
            pass


async def test_a_disk_that_gets_full(tmp_path: Path, small_files: None) -> None:
    await fill(tmp_path, 64 * KIB)
    with pytest.raises(DiskUnusable) as caught:
        await fill(tmp_path, 200 * KIB)
    assert "no room" in caught.value.sentence
    assert list(tmp_path.iterdir()) == []


async def test_a_disk_that_takes_nothing(tmp_path: Path) -> None:
    with pytest.raises(DiskUnusable):
        await fill(tmp_path / "missing", 16 * KIB)
