"""The process group of a media child: its start, and that nothing of it stays behind."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from loguru import logger

from medusa.media.home import Home

T = TypeVar("T")

_ROOT = Path(__file__).resolve().parents[2]
_BOOT = (
    "import sys; sys.path.append(sys.argv.pop()); sys.path[:0] = filter(None, [sys.argv.pop()]); "
    "from medusa.media.child.main import main; main()"
)
"""`-I` keeps the working directory and PYTHONPATH out of sys.path, so the child is told where we are, and
which yt-dlp goes before the shipped one."""
_BUFFER = 512 * 1024
"""Bytes of output that wait here; more stays in the pipe, and the child with it."""
_GRACE = 5.0
"""Seconds for a killed group to disappear."""


class Group:
    """A media child in a session and a directory of its own; both are gone when the context is left."""

    def __init__(self, base: Path, *, for_probe: bool = False, ytdlp: str = "") -> None:
        """`base`: where the directory is made. `for_probe`: it gets ready for one before it has its order.
        `ytdlp`: the directory of the yt-dlp that it runs; empty: the shipped one."""
        self.ytdlp = ytdlp
        self._home = Home(base)
        self._for_probe = for_probe
        self._process: asyncio.subprocess.Process | None = None

    @property
    def has_died(self) -> bool:
        """Whether its process was started and has ended by itself."""
        return self._process is not None and self._process.returncode is not None

    async def start(self) -> asyncio.subprocess.Process:
        """Start it before the context is entered; nothing is left when this fails or is cancelled."""
        try:
            return await completed(self._start())
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End it without the context; harmless when it has ended."""
        await completed(self._stop())

    async def __aenter__(self) -> asyncio.subprocess.Process:
        return self._process or await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _start(self) -> asyncio.subprocess.Process:
        home = await asyncio.to_thread(self._home.make)
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", _BOOT, *["probe"] * self._for_probe),
            *(str(os.getpid()), self.ytdlp, str(_ROOT)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_BUFFER,
            cwd=home,
            env=_environment(home),
            start_new_session=True,
        )
        return self._process

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _signal(process.pid, signal.SIGKILL)
            await _reap(process)
        await asyncio.to_thread(self._home.remove)


async def completed(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which comes to its end even when this is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        raise


def _environment(home: Path) -> dict[str, str]:
    """Made from nothing: a variable such as NO_PROXY must not open a way around the policy proxy."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home),
        "XDG_CACHE_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "DENO_DIR": str(home),
        # Threads pass large blocks around: a few arenas, and what is freed goes back.
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_MMAP_THRESHOLD_": "131072",
    }


async def _reap(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    # A transport that is paused by a full buffer never sees the end, and never closes.
    while await process.stdout.read(_BUFFER):
        pass
    await process.wait()
    try:
        async with asyncio.timeout(_GRACE):
            while _signal(process.pid, 0):
                _bury_orphans(process.pid)
                await asyncio.sleep(0.005)
    except TimeoutError:
        logger.warning("process group {} outlives its kill", process.pid)


def _bury_orphans(group: int) -> None:
    """Orphans fall to the init process; in a container that may be this one."""
    with suppress(ChildProcessError):
        os.waitpid(-group, os.WNOHANG)


def _signal(group: int, number: int) -> bool:
    """Whether there was a group to send the signal to."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True
