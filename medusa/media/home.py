"""The private directory of a job. What a killed bot left behind is removed by the next job.

A job needs a place of its own, and writes next to nothing there. So when the disk is full or read-only, that
place is in memory, and jobs go on.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from loguru import logger

from medusa.errors import DiskUnusable

SPARE = Path("/dev/shm")
"""In memory, and for everybody of this machine."""
_OURS = "medusa-"


class Home:
    """A directory of mode 700 under `base`. Blocking: call it in a thread.

    It is locked as long as this process lives, so that what is in use can be told from what was left behind.
    """

    def __init__(self, base: Path) -> None:
        self._base = base
        self._path: Path | None = None
        self._lock = -1

    def make(self) -> Path:
        """Make the directory. Raises DiskUnusable."""
        try:
            self._base.mkdir(parents=True, exist_ok=True)
            return self._make_in(self._base)
        except OSError as error:
            self.remove()
            logger.warning("a job works in {}: {}", SPARE, error)
        try:
            return self._make_in(SPARE, _OURS)
        except OSError as error:
            self.remove()
            raise DiskUnusable(detail=str(error)) from error

    def _make_in(self, base: Path, prefix: str = "") -> Path:
        _sweep(base, prefix)
        # A sweep passes over it until it bears the name, and then it is locked.
        self._path = Path(tempfile.mkdtemp(prefix=f"{prefix}new-", dir=base))
        self._lock = _lock(self._path, fcntl.LOCK_EX)
        self._path = self._path.rename(base / self._path.name.replace("new-", "job-", 1))
        return self._path

    def remove(self) -> None:
        """Delete it with all it holds. Harmless when it was not made, or is gone."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
        self._path, self._lock = None, -1


def _sweep(base: Path, prefix: str) -> None:
    for stale in base.glob(f"{prefix}job-*"):
        try:
            lock = _lock(stale, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (
            FileNotFoundError,
            BlockingIOError,
            PermissionError,
        ):  # just removed, in use, or somebody else's
            continue
        shutil.rmtree(stale, ignore_errors=True)
        os.close(lock)


def _lock(directory: Path, how: int) -> int:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, how)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
