"""The disk is full, or read-only: links go on, for they need none."""

import os
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from medusa.errors import DiskUnusable
from medusa.media import home
from medusa.media.home import Home
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from tests.integration.media.fetching import fetch
from tests.site import Site


@pytest.fixture
def spare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands for memory."""
    directory = tmp_path / "memory"
    directory.mkdir()
    monkeypatch.setattr(home, "SPARE", directory)
    return directory


@pytest.fixture
def unusable(tmp_path: Path) -> Path:
    """Where nobody can make a directory, root included."""
    (tmp_path / "file").touch()
    return tmp_path / "file" / "jobs"


def mounted(directory: Path, options: str) -> None:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(directory)]
    if os.geteuid() or subprocess.run(command, check=False).returncode:
        pytest.skip("only root may mount")


def full(directory: Path) -> None:
    mounted(directory, "size=64k,nr_inodes=2")
    (directory / "filling").write_bytes(b"")


def read_only(directory: Path) -> None:
    mounted(directory, "size=64k,ro")


@pytest.fixture(params=[full, read_only], ids=["full", "read-only"])
def bad_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A disk of its own."""
    spoil: Callable[[Path], None] = request.param
    directory = tmp_path / "disk"
    directory.mkdir()
    spoil(directory)
    yield directory
    subprocess.run(["umount", str(directory)], check=True)


async def test_a_link_is_fetched_without_a_disk(
    unusable: Path, spare: Path, site: Site, nursery: Nursery
) -> None:
    source = Source(unusable, nursery, allow=[site.allow])
    for name in ("big-5.mp4", "hls-split"):
        got = await fetch(source, site.url(name))
        if name == "big-5.mp4":
            assert sha256(got.data).hexdigest() == site.sha256(name)
        else:
            assert got.report().md5s == site.track_md5(name)
    assert list(spare.iterdir()) == []


async def test_on_a_real_disk_like_that(bad_disk: Path, spare: Path, site: Site, nursery: Nursery) -> None:
    source = Source(bad_disk / "jobs", nursery, allow=[site.allow])
    got = await fetch(source, site.url("big-5.mp4"))
    assert sha256(got.data).hexdigest() == site.sha256("big-5.mp4")
    assert list(spare.iterdir()) == []


async def test_without_disk_and_memory_the_person_is_told(
    unusable: Path, monkeypatch: pytest.MonkeyPatch, site: Site, nursery: Nursery
) -> None:
    monkeypatch.setattr(home, "SPARE", unusable)
    with pytest.raises(DiskUnusable) as caught:
        await Source(unusable, nursery, allow=[site.allow]).probe(site.url("mp4"))
    assert "disk" in caught.value.sentence
    assert caught.value.retryable


def test_what_a_killed_bot_left_in_memory_is_removed_and_nothing_else(unusable: Path, spare: Path) -> None:
    (spare / "medusa-job-old").mkdir()
    (spare / "job-of-others").mkdir()
    (spare / "medusa-new-one").mkdir()
    first, second = Home(unusable), Home(unusable)
    made = {first.make().name, second.make().name}
    assert {path.name for path in spare.iterdir()} == {*made, "job-of-others", "medusa-new-one"}
    first.remove()
    second.remove()
    assert len(list(spare.iterdir())) == 2
