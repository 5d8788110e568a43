"""Has pictures drawn by a child process: the drawing library would cost the bot 60 MB for good.

The child gets a sheet as JSON on its standard input, and writes a PNG to its standard output. It has nothing
of this process's environment, dies with it, and is killed when it takes too long.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from medusa.sheet import PictureLost, Sheet

TIME = 20.0
"""Seconds; about one is needed, and one more the first time."""
_ROOT = Path(__file__).resolve().parents[2]
_BOOT = "import sys; sys.path.append(sys.argv.pop()); from medusa.charts.child import main; main()"
"""`-I` keeps the working directory and PYTHONPATH out of sys.path, so the child is told where we are."""
_PNG = b"\x89PNG\r\n\x1a\n"
_REASON = 300
_BLOCK = 65_536


class Studio:
    """Draws one picture at a time, so that many who ask cost no more memory than one."""

    def __init__(self, directory: Path, *, seconds: float = TIME, python: str = sys.executable) -> None:
        """`directory`: where the library keeps what it knows of fonts."""
        self._directory = directory
        self._seconds = seconds
        self._python = python
        self._room = asyncio.Semaphore(1)

    async def draw(self, sheet: Sheet) -> bytes:
        """A PNG. Raises PictureLost."""
        try:
            async with asyncio.timeout(self._seconds), self._room:
                return await self._draw(sheet.model_dump_json().encode())
        except TimeoutError as error:
            raise PictureLost(f"not drawn in {self._seconds:.0f} s") from error
        except OSError as error:
            raise PictureLost(f"the child cannot be started: {error}") from error

    async def _draw(self, order: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *(self._python, "-I", "-c", _BOOT, str(os.getpid()), str(_ROOT)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd="/",
            env=self._environment(),
            start_new_session=True,
        )
        try:
            picture, complaint, _ = await asyncio.gather(
                _all(process.stdout), _all(process.stderr), _give(process.stdin, order)
            )
            await process.wait()
        finally:
            await _end(process)
        if process.returncode or not picture.startswith(_PNG):
            told = complaint.decode("utf-8", "replace").strip()[-_REASON:]
            raise PictureLost(f"exit code {process.returncode}: {told}")
        return picture

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": str(self._directory),
            "MPLCONFIGDIR": str(self._directory),
            "MPLBACKEND": "agg",
            # Threads for linear algebra, of which there is none, would each reserve memory.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
        }


async def _give(stream: asyncio.StreamWriter | None, order: bytes) -> None:
    assert stream is not None
    # One that has ended takes nothing, and what it has written says why. RuntimeError is uvloop's for it.
    with suppress(BrokenPipeError, ConnectionResetError, RuntimeError):
        stream.write(order)
        await stream.drain()
        stream.close()


async def _all(stream: asyncio.StreamReader | None) -> bytes:
    assert stream is not None
    return await stream.read()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill it with all that it may have started, and see it go."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for stream in (process.stdout, process.stderr):
        # A transport that is paused by a full buffer never sees the end, and never closes.
        while stream is not None and await stream.read(_BLOCK):
            pass
    await process.wait()
