"""Processes of this machine, as Linux shows them in /proc. Elsewhere nothing is known of them."""

import os
from pathlib import Path
from socket import gethostname

from medusa.lease import Holder

_PROC = Path("/proc")
_STATE, _STARTED = 0, 19
"""Fields of /proc/PID/stat behind the command's name (proc_pid_stat(5): 3 and 22)."""


def this_process(name: str) -> Holder:
    """This process under a name that no other ever has."""
    started = _started(os.getpid())
    if started is None:
        return Holder(id=name)
    return Holder(id=name, place=_place(), pid=os.getpid(), started=started)


def runs(pid: int, started: int) -> bool:
    """Whether a process of this place still runs; what waits only for its parent to notice does not."""
    return _started(pid) == started


def _place() -> str:
    """Where process ids are the same and are visible: the boot of a machine, its processes' namespace, the
    user (mounts of /proc may hide those of others)."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        namespace = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return ""
    return f"{gethostname()} {boot} {namespace} {os.getuid()}"


def _started(pid: int) -> int | None:
    """When a process was started; None when there is none, or only its remains."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[_STATE] in "ZX" else int(fields[_STARTED])
