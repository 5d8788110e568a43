"""How much of the machine a media child may take, as the kernel enforces it."""

import os
import resource

_LARGEST_FILE = 64 * 1024 * 1024
_MOST_FILES = 256
_MORE_THREADS = 64
"""Than its user has already, with those of other processes. The kernel does not hold root to it."""
_BREATH = 300
"""Seconds of a processor without anything delivered."""


def limit(memory: int) -> None:
    """Small, private and few files, no core dumps, few more threads, so many bytes of data in memory.

    A file that grows too large is an OSError, not a full disk; a page that does, a MemoryError.
    """
    _set(resource.RLIMIT_DATA, memory)
    _set(resource.RLIMIT_FSIZE, _LARGEST_FILE)
    _set(resource.RLIMIT_NOFILE, _MOST_FILES)
    _set(resource.RLIMIT_NPROC, _threads_of_user() + _MORE_THREADS)
    _set(resource.RLIMIT_CORE, 0)
    os.umask(0o077)
    breathe()


def breathe() -> None:
    """Something was delivered, so the process may go on. One that only computes is ended by SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + _BREATH
    resource.setrlimit(resource.RLIMIT_CPU, (_at_most(soft, hard), hard))


def _set(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = _at_most(most, hard)
    resource.setrlimit(what, (most, most))


def _at_most(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _threads_of_user() -> int:
    user, count = os.getuid(), 0
    for entry in os.scandir("/proc"):
        try:
            if entry.name.isdigit() and entry.stat().st_uid == user:
                count += len(os.listdir(f"{entry.path}/task"))
        except OSError:  # it has ended
            continue
    return count
