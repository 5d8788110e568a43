"""What a media child may not do, whatever it is fed. Each layer holds without the others.

The policy proxy decides about the network; an audit hook stops what Python code tries; Landlock, where the
kernel has it, what native code tries: a demuxer that a file has taken over, or deno.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from medusa.media.child import landlock
from medusa.media.child.hook import Hook

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

_READ_BY_ALL = (
    *("/usr", "/lib", "/lib64", "/dev/urandom", "/dev/zero", "/sys/fs/cgroup"),
    *("/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat"),
    *("/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/ld.so.cache", "/etc/localtime"),
    *("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/mime.types"),
)
"""What Python, its libraries and deno read. Not the bot's data, its settings, another process, or a home."""


def die_with(parent: int) -> None:
    """Be killed when the parent process ends, however it ends. A fork has to call this for itself."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call
        os._exit(1)


def adopt_orphans() -> None:
    """Be the parent of what descendants leave behind, so that it can be buried."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def lock_up(proxy: str, readable: Iterable[str] = ()) -> None:
    """From now on: connect to the proxy only, write in the working directory only, start nothing but deno,
    and read only what programs are made of and `readable`.

    Call it while there is one thread. Raises OSError when a kernel with Landlock refuses.
    """
    port, home = urlsplit(proxy).port or 0, os.getcwd()
    paths = [os.path.realpath(path) for path in (*_READ_BY_ALL, *_programs(), *readable) if path]
    landlock.restrict(home=home, readable=paths, port=port)
    Hook(port=port, home=home, readable=paths).set()


def _programs() -> list[str]:
    """Where Python, its packages and ours are; not the directory that ours is in, for there may be data."""
    ours = Path(__file__).parents[2]
    return [sys.prefix, sys.base_prefix, str(ours), *(path for path in sys.path if Path(path) != ours.parent)]
