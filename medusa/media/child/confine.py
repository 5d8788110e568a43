"""What a media child may not do, whatever it is fed. Each layer holds without the others.

The policy proxy decides about the network; this adds an audit hook, which nothing can take off again.
"""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LARGEST_FILE = 64 * 1024 * 1024
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_FORBIDDEN = frozenset(
    {
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.spawn",
        "os.forkpty",
        "pty.spawn",
        "socket.bind",
        "socket.sendto",
    }
)


def die_with(parent: int) -> None:
    """Be killed when the parent process ends, however it ends. A fork has to call this for itself."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call
        os._exit(1)


def adopt_orphans() -> None:
    """Be the parent of what descendants leave behind, so that it can be buried."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def limit_resources(memory: int) -> None:
    """Small and private files, no core dumps, so many bytes of data in memory.

    A file that grows too large is an OSError, not a full disk; a page that does, a MemoryError.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)


def watch(proxy: str) -> None:
    """From now on: connect to the proxy only, write in the working directory only, start nothing but deno."""
    port = urlsplit(proxy).port
    home = os.getcwd()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        match event, arguments:
            case "socket.connect", (_, address):
                if address != ("127.0.0.1", port):
                    raise PermissionError(f"connect to {address!r}")
            case "open", (path, mode, flags):
                if _writes(mode, flags) and not _is_inside(path, home):
                    raise PermissionError(f"write to {path!r}")
            case "subprocess.Popen", (program, *_):
                if Path(os.fsdecode(program)).name != "deno":
                    raise PermissionError(f"start {program!r}")
            case name, _ if name in _FORBIDDEN:
                raise PermissionError(name)

    sys.addaudithook(hook)


def _writes(mode: str | None, flags: int | None) -> bool:
    return any(letter in mode for letter in "wax+") if mode else bool((flags or 0) & _WRITING)


def _is_inside(path: object, home: str) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):  # a file descriptor, opened under these rules
        return True
    whole = os.path.realpath(os.fsdecode(path))
    return whole == os.devnull or whole.startswith(home + os.sep)
