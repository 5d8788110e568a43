"""The entry of the process that draws: a sheet on standard input, a PNG on standard output."""

import ctypes
import os
import resource
import signal
import sys
from typing import NoReturn

from medusa.sheet import Sheet

MEMORY = 512 * 1024 * 1024
"""Bytes. About 90 MB are needed."""
CPU_SECONDS = 30
_PR_SET_PDEATHSIG = 1


def main() -> NoReturn:
    """Draw one sheet and exit. The command line holds the parent's process id."""
    _die_with(int(sys.argv.pop()))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    output = os.fdopen(os.dup(1), "wb")
    # A stray print must not end up in the picture.
    os.dup2(2, 1)
    sheet = Sheet.model_validate_json(sys.stdin.buffer.read())
    # Only now, for it takes the most time and memory.
    from medusa.charts.drawing import png

    output.write(png(sheet))
    output.close()
    sys.stderr.flush()
    os._exit(0)


def _die_with(parent: int) -> None:
    """Be killed when the parent process ends, however it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call
        os._exit(1)
