"""How much memory this process and its children have, as Linux shows it. Elsewhere nothing is known of it."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from medusa.errors import MedusaError
from medusa.vitals import MemoryState

PROC, CGROUP = Path("/proc"), Path("/sys/fs/cgroup")
DATABASE = "mongod"
"""The private one is a child, too, and no media child."""
_LIMITS = ("memory.max", "memory/memory.limit_in_bytes")
"""Of cgroups, version 2 and 1."""
_NONE = 1 << 60
"""More than that is how version 1 says that there is no limit."""


class Process(NamedTuple):
    """One of this machine."""

    parent: int
    name: str
    bytes: int


def read_memory(pid: int | None = None, *, proc: Path = PROC, cgroup: Path = CGROUP) -> MemoryState:
    """What this process has. Reads a small file for each process of the machine: not for the event loop.
    Raises MedusaError where there is no /proc."""
    processes = dict(_processes(proc))
    mine = pid or os.getpid()
    if mine not in processes:
        raise MedusaError("This machine does not tell what memory is used.")
    children = list(descendants(mine, processes))
    return MemoryState(
        bot=processes[mine].bytes,
        children=sum(_share(proc / str(child)) or processes[child].bytes for child in children),
        processes=len(children),
        limit=_limit(cgroup),
    )


def descendants(pid: int, processes: Mapping[int, Process]) -> Iterator[int]:
    """The children of a process and theirs, without a database."""
    for child, process in processes.items():
        if process.parent == pid and process.name != DATABASE:
            yield child
            yield from descendants(child, processes)


def _processes(proc: Path) -> Iterator[tuple[int, Process]]:
    page = os.sysconf("SC_PAGE_SIZE")
    for entry in proc.iterdir() if proc.exists() else ():
        if not entry.name.isdigit():
            continue
        try:
            before, _, behind = (entry / "stat").read_text(errors="replace").rpartition(")")
        except OSError:  # it has ended meanwhile, or hides
            continue
        fields = behind.split()
        name = before.partition("(")[2]
        # Fields 4 and 24 of proc_pid_stat(5): the parent, and pages in memory.
        yield int(entry.name), Process(int(fields[1]), name, int(fields[21]) * page)


def _share(entry: Path) -> int:
    """What a process has alone, and its part of what it shares: media children have most from one mother.
    0 where the kernel does not tell."""
    try:
        lines = (entry / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _limit(cgroup: Path) -> int | None:
    for name in _LIMITS:
        try:
            written = (cgroup / name).read_text().strip()
        except OSError:
            continue
        return int(written) if written.isdigit() and int(written) < _NONE else None
    return None
