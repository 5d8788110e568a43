"""The bot as a process of its own: started, watched, stopped."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 20.0
STOP_SECONDS = 15.0
LOG_TAIL = 40


class BotFailed(AssertionError):
    """The bot's process did not do what it should; the message holds the end of its log."""


class BotProcess:
    """`app.py` in a directory of its own. Whoever inherits sets `home` and `variables` before the start."""

    home: Path
    """Where it runs: with its log, its plugins, and no config.env of whoever runs this."""
    variables: Mapping[str, str]
    """Its settings."""
    duty: str = "worker"
    """What it does of what there is to do."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._launched_at = 0
        """Where in the log the present process begins."""
        self._family: set[psutil.Process] = set()

    async def start(self) -> None:
        """Start the bot; returns when it is ready."""
        await self.launch()
        await self.ready()

    def command(self) -> list[str]:
        """What starts it."""
        return [sys.executable, str(ROOT / "app.py"), self.duty]

    async def launch(self) -> None:
        """Start the bot, and do not wait for it."""
        plugins = self.home / "plugins"
        if not plugins.exists():
            plugins.symlink_to(ROOT / "plugins")
        with (self.home / "bot.log").open("ab") as log:
            self._launched_at = log.tell()
            self._process = await asyncio.create_subprocess_exec(
                *self.command(),
                cwd=self.home,
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def ready(self) -> None:
        """Return when the bot that was launched is ready."""
        assert self._process is not None
        try:
            async with asyncio.timeout(START_SECONDS):
                while b"ready as @" not in self.log_bytes()[self._launched_at :]:
                    if self._process.returncode is not None:
                        raise BotFailed(f"it ended with {self._process.returncode}\n{self.log_tail()}")
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise BotFailed(f"it was not ready in {START_SECONDS:.0f} s\n{self.log_tail()}") from None

    async def stop(self) -> int:
        """SIGTERM, as a platform does; the exit status."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> int:
        """SIGKILL, as bad luck does."""
        return await self._end(signal.SIGKILL)

    async def leave(self) -> None:
        """Stop it if it runs, and wait until nothing of it is left."""
        if self._process is not None and self._process.returncode is None:
            await self.stop()
        async with asyncio.timeout(STOP_SECONDS):
            while self.leftovers():
                await asyncio.sleep(0.02)

    def processes(self) -> list[psutil.Process]:
        """The bot and its media children, without its database."""
        if self._process is None or self._process.returncode is not None:
            return []
        with suppress(psutil.NoSuchProcess):
            bot = psutil.Process(self._process.pid)
            family = [bot, *bot.children(recursive=True)]
            self._family.update(family)
            return [one for one in family if not _is_database(one)]
        return []

    def media_children(self) -> list[psutil.Process]:
        """What runs for jobs at this moment; not where they come from."""
        return [one for one in self.processes()[1:] if not self._is_mother(one)]

    def _is_mother(self, process: psutil.Process) -> bool:
        """What media children are forked from: they have her command line too."""
        assert self._process is not None
        with suppress(psutil.NoSuchProcess):
            is_hers = any("child.mother" in word for word in process.cmdline())
            return is_hers and process.ppid() == self._process.pid
        return False

    def leftovers(self) -> list[psutil.Process]:
        """Processes that the bot once had and that are still there."""
        return [one for one in self._family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    def job_files(self) -> list[Path]:
        """What jobs have on disk at this moment."""
        return [path for path in (self.home / "data" / "jobs").glob("**/*") if path.is_file()]

    def log_bytes(self) -> bytes:
        """Everything that the bot has logged."""
        return (self.home / "bot.log").read_bytes()

    async def logged(self, words: bytes, timeout: float = START_SECONDS) -> None:
        """Wait until the bot has logged this."""
        async with asyncio.timeout(timeout):
            while words not in self.log_bytes():
                await asyncio.sleep(0.02)

    def log_tail(self) -> str:
        """The end of the bot's log."""
        return "\n".join(self.log_bytes().decode("utf-8", "replace").splitlines()[-LOG_TAIL:])

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self.processes()
        with suppress(ProcessLookupError):
            self._process.send_signal(number)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                return await self._process.wait()
        except TimeoutError:
            self._process.kill()
            raise BotFailed(
                f"{number.name} did not end it in {STOP_SECONDS:.0f} s\n{self.log_tail()}"
            ) from None

    def _environment(self) -> dict[str, str]:
        given = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.home)}
        return {**given, "DATA_DIR": str(self.home / "data"), **self.variables}


def _is_database(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.name() == "mongod"
    return False
