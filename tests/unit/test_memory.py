"""What a machine says of its processes."""

import os
from pathlib import Path

import pytest

from medusa.errors import MedusaError
from medusa.memory import read_memory

PAGE = os.sysconf("SC_PAGE_SIZE")


def process(proc: Path, pid: int, parent: int, name: str, pages: int) -> None:
    """A process as /proc has it."""
    fields = ["S", str(parent), *["0"] * 19, str(pages), "0"]
    (proc / str(pid)).mkdir(parents=True)
    (proc / str(pid) / "stat").write_text(f"{pid} ({name}) {' '.join(fields)}\n")


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    found = tmp_path / "proc"
    process(found, 1, 0, "init", 5)
    process(found, 10, 1, "python app) 3", 100)
    process(found, 11, 10, "python", 30)
    process(found, 12, 11, "deno (x)", 7)
    process(found, 13, 10, "mongod", 900)
    process(found, 14, 1, "other", 1000)
    (found / "meminfo").write_text("")
    (found / "99").mkdir()  # it has ended meanwhile
    return found


def test_children_and_theirs_are_counted_and_no_database(proc: Path, tmp_path: Path) -> None:
    found = read_memory(10, proc=proc, cgroup=tmp_path)
    assert (found.bot, found.children, found.processes, found.limit) == (100 * PAGE, 37 * PAGE, 2, None)


def test_what_children_share_is_not_counted_for_each(proc: Path, tmp_path: Path) -> None:
    (proc / "11" / "smaps_rollup").write_text(
        "55-7f ---p 00 00:00 0 [rollup]\nRss: 900 kB\nPss: 12 kB\nPss_Dirty: 5 kB\n"
    )
    found = read_memory(10, proc=proc, cgroup=tmp_path)
    assert found.children == 12 * 1024 + 7 * PAGE


@pytest.mark.parametrize(
    ("name", "text", "limit"),
    [
        ("memory.max", "536870912\n", 536870912),
        ("memory.max", "max\n", None),
        ("memory/memory.limit_in_bytes", "536870912\n", 536870912),
        ("memory/memory.limit_in_bytes", "9223372036854771712\n", None),
    ],
)
def test_the_limit_of_a_container(
    proc: Path, tmp_path: Path, name: str, text: str, limit: int | None
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    assert read_memory(10, proc=proc, cgroup=tmp_path).limit == limit


def test_this_process_is_found_and_a_machine_without_proc_says_so(tmp_path: Path) -> None:
    assert read_memory().bot > 10_000_000
    with pytest.raises(MedusaError, match="does not tell"):
        read_memory(proc=tmp_path / "nothing")
