"""pip, as a process of its own: packages from the index that is configured, as wheels, into a directory.

Of a wheel nothing is executed while it is installed. Whatever runs of it later, runs in a media child.
"""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from loguru import logger

from medusa.errors import NotInstalled
from medusa.media.group import completed

SECONDS = 300.0
"""For one package; yt-dlp is 3 MB, and its 1800 files are compiled."""
_BOOT = "import os, runpy; os.nice(10); runpy.run_module('pip', run_name='__main__', alter_sys=True)"
"""Downloads that are under way go first."""
_OPTIONS = (
    *("--no-deps", "--only-binary", ":all:", "--no-input", "--no-cache-dir", "--disable-pip-version-check"),
    *("--progress-bar", "off", "--timeout", "15", "--retries", "2"),
)
_ABSENT = "No module named pip"
_OUT_OF_REACH = re.compile(
    r"connection broken|failed to establish|could not fetch url|name resolution|timed out|ssl", re.IGNORECASE
)
_LONGEST = 300
"""Characters of a line of pip's that are passed on."""
_LINES = 8


class Pip:
    """Installs packages with the interpreter that runs the bot."""

    def __init__(self, environment: Mapping[str, str], *, seconds: float = SECONDS) -> None:
        """`environment`: all that pip gets; it says where packages come from, where pip's files do not."""
        self._environment = {"PATH": os.defpath, "LANG": "C.UTF-8", **environment}
        self._seconds = seconds

    async def install(self, requirement: str, target: Path) -> None:
        """Install one package without its dependencies. Raises NotInstalled."""
        arguments = ("install", *_OPTIONS, "--target", str(target), "--", requirement)
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-c", _BOOT, *arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                cwd=target.parent,
                env=self._environment,
                start_new_session=True,
            )
        except OSError as error:
            raise NotInstalled(detail=repr(error)) from error
        code, output = await self._outcome(process)
        if code != 0:
            said = " | ".join(line[:_LONGEST] for line in output.splitlines()[-_LINES:])
            logger.warning("pip could not install {}: {}", requirement, said)
            raise NotInstalled(reason(output, requirement), detail=said)

    async def _outcome(self, process: asyncio.subprocess.Process) -> tuple[int, str]:
        """Exit code and output. Raises NotInstalled when it takes too long. It is gone then, too."""
        try:
            async with asyncio.timeout(self._seconds):
                output, _ = await process.communicate()
        except TimeoutError as error:
            raise NotInstalled(
                f"The package index was too slow: pip was stopped after {self._seconds:.0f} s.",
            ) from error
        finally:
            await completed(_end(process))
        assert process.returncode is not None
        return process.returncode, output.decode("utf-8", "replace")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


def reason(output: str, requirement: str) -> str:
    """What pip's output means, in a sentence for the owner."""
    if _ABSENT in output:
        return "pip is not installed where I run, so I can install nothing."
    if _OUT_OF_REACH.search(output):
        return "The package index cannot be reached."
    if "No matching distribution found" in output:
        return f"The package index has no {requirement.replace('==', ' ')} for the Python that I run on."
    if "No space left on device" in output:
        return "There is no room left on the disk."
    errors = [line.removeprefix("ERROR: ") for line in output.splitlines() if line.startswith("ERROR: ")]
    last = (errors or output.splitlines() or ["no reason given"])[-1]
    return f"pip could not install it: {last[:_LONGEST]}"
