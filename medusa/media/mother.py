"""The process that media children are forked from, seen from the bot; see medusa.media.child.mother."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from medusa.media import wires
from medusa.media.wires import Child

_ROOT = Path(__file__).resolve().parents[2]
_BOOT = (
    "import sys; sys.path.append(sys.argv.pop()); sys.path[:0] = filter(None, [sys.argv.pop()]); "
    "from medusa.media.child.mother import run; run()"
)
"""`-I` keeps the working directory and PYTHONPATH out of sys.path, so she is told where we are, and which
yt-dlp goes before the shipped one."""
_LAST_WORDS = 2000
_GRACE = 5.0
"""Seconds for a process to be gone that has let go of its sockets."""


class Mother:
    """Starts when this is made; she ends with the thread that does it. Bound to no event loop."""

    def __init__(self, ytdlp: str) -> None:
        """`ytdlp`: the directory of the yt-dlp that she loads; empty: the shipped one."""
        self.ytdlp = ytdlp
        self.is_proven = False
        """Whether a child of hers was born."""
        self._log = os.fdopen(os.memfd_create("mother"), "rb", buffering=0)
        self._control, hers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with hers:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _BOOT, str(os.getpid()), ytdlp, str(_ROOT)],
                stdin=hers.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                cwd="/",
                env=_environment(),
                start_new_session=True,
            )

    @property
    def has_ended(self) -> bool:
        """Whether she is not there any more."""
        return self._process.poll() is not None

    async def bear(self, home: Path) -> Child:
        """A child that lives in that directory.

        Raises MediaChildDied when it was not born, EOFError when she has ended, and OSError.
        """
        child, ends = await wires.lay(self.ytdlp)
        try:
            await self._ask(home, ends)
            await child.born()
        except BaseException:
            await child.close()
            raise
        self.is_proven = True
        return child

    async def _ask(self, home: Path, ends: Sequence[socket.socket]) -> None:
        numbers = [end.fileno() for end in ends]
        # When she has ended, the news do as well.
        with suppress(BrokenPipeError, ConnectionResetError):
            # In a thread: a mother who is still loading takes in a few, and lets the others wait.
            await asyncio.to_thread(socket.send_fds, self._control, [os.fsencode(home)], numbers)
        for end in ends:
            end.close()

    async def last_words(self) -> str:
        """The end of what she has said, when she has ended."""
        await asyncio.to_thread(self._process.wait, _GRACE)
        start = max(0, os.fstat(self._log.fileno()).st_size - _LAST_WORDS)
        return os.pread(self._log.fileno(), _LAST_WORDS, start).decode("utf-8", "replace").strip()

    def serves(self, ytdlp: str) -> bool:
        """Whether she is there, and for that one."""
        return self.ytdlp == ytdlp and not self.has_ended

    def retire(self) -> None:
        """Let her end when her last child has."""
        self._control.close()

    def end(self) -> None:
        """End her, and her children with her."""
        self._process.kill()
        self._process.wait()
        self._control.close()
        self._log.close()


def _environment() -> dict[str, str]:
    """Made from nothing: a variable such as NO_PROXY must not open a way around the policy proxy."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
        "LANG": "C.UTF-8",
        # Threads pass large blocks around: a few arenas, and what is freed goes back.
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_MMAP_THRESHOLD_": "131072",
    }
