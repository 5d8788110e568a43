"""How the disk is."""

import shutil
import tempfile
from pathlib import Path

from medusa.vitals import DiskState


def read_disk(directory: Path) -> DiskState:
    """Where this directory is. Writes a byte there: not for the event loop. Raises OSError."""
    usage = shutil.disk_usage(directory)
    return DiskState(free=usage.free, total=usage.total, is_writable=_can_write(directory))


def _can_write(directory: Path) -> bool:
    """A mode says little: to root everything is writable, and a full disk takes nothing."""
    try:
        with tempfile.TemporaryFile(dir=directory, buffering=0) as file:
            return file.write(b"x") == 1
    except OSError:
        return False
