"""Whether something can be written is tried."""

from pathlib import Path

import pytest

from medusa.disk import read_disk


def test_a_directory(tmp_path: Path) -> None:
    found = read_disk(tmp_path)
    assert found.is_writable
    assert 0 < found.free <= found.total
    assert not [*tmp_path.iterdir()]


def test_what_cannot_be_written(tmp_path: Path) -> None:
    assert not read_disk(Path("/proc")).is_writable
    with pytest.raises(OSError, match="none"):
        read_disk(tmp_path / "none")
