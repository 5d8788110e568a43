"""The whole play: a loopback Telegram, a media site, and the bot as a process of its own between them."""

import asyncio
import os
import signal
import sys
import tempfile
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.dc import DataCenter, Options
from tests.dc.channel import ChannelChat
from tests.dc.person import Person
from tests.site import Site

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 20.0
STOP_SECONDS = 15.0
LOG_TAIL = 40


class BotFailed(AssertionError):
    """The bot's process did not do what it should; the message holds the end of its log."""


class Stage:
    """A bot in its world, while the context is open. `settings` are variables of the bot, over those here.

    Ann owns the bot. Leaving fails when the bot broke a rule of Telegram, wrote faster than it
    allows, or left a process behind.
    """

    def __init__(
        self,
        *,
        log_channels: int = 2,
        options: Options | None = None,
        **settings: str,
    ) -> None:
        self.site = Site()
        self.dc = DataCenter(options or Options())
        self._settings = settings
        self._log_channel_count = log_channels
        self.flood_waits_made = 0
        """How many of the server's flood waits a test has programmed."""
        self._stack = AsyncExitStack()
        self._process: asyncio.subprocess.Process | None = None
        self._family: set[psutil.Process] = set()

    async def __aenter__(self) -> Self:
        try:
            await self._enter()
        except BaseException as error:
            await self._stack.__aexit__(type(error), error, error.__traceback__)
            raise
        return self

    async def _enter(self) -> None:
        self.home = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="medusa-stage-")))
        await self._stack.enter_async_context(self.dc)
        await self._stack.enter_async_context(self.site)
        self._stack.push_async_callback(self._leave)
        self.bot = self.dc.bot("Medusa", username="medusa_bot", token="7000001:" + "A" * 35)
        self.ann = self.person("Ann", "ann")
        self.logs = [self.log_channel(f"Log {number + 1}") for number in range(self._log_channel_count)]
        (self.home / "key.pem").write_bytes(self.dc.key.pem)
        # Where the bot runs: its plugins, and no config.env of whoever runs this.
        (self.home / "plugins").symlink_to(ROOT / "plugins")
        await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    def person(self, name: str, username: str) -> Person:
        """Somebody who has opened the chat with the bot."""
        person = self.dc.person(name, username=username)
        person.chat(self.bot)
        return person

    def log_channel(self, title: str) -> ChannelChat:
        """A channel in which the bot may post."""
        return self.dc.channel(title, admins=[self.bot])

    # --- the bot's process -----------------------------------------------------------------------

    async def start(self) -> None:
        """Start the bot; returns when it is ready."""
        log = (self.home / "bot.log").open("ab")
        with log:
            started = log.tell()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(ROOT / "app.py"),
                cwd=self.home,
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(START_SECONDS):
                while b" ready as @" not in self.log_bytes()[started:]:
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
        """What runs for jobs at this moment."""
        return self.processes()[1:]

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

    async def _leave(self) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.stop()
        async with asyncio.timeout(STOP_SECONDS):
            while self.leftovers():
                await asyncio.sleep(0.02)
        waits = self.dc.stats().get("flood_waits", 0) - self.flood_waits_made
        if waits:
            raise BotFailed(f"it wrote faster than Telegram allows, {waits} times\n{self.log_tail()}")

    def _environment(self) -> dict[str, str]:
        host, port = self.dc.address
        settings = {
            "API_ID": "1",
            "API_HASH": "0" * 32,
            "BOT_TOKEN": self.bot.token,
            "OWNER": str(self.ann.id),
            "PUBLIC": "true",
            "LOG_CHANNELS": " ".join(str(channel.id) for channel in self.logs),
            "TELEGRAM_SERVER": f"{host}:{port}",
            "TELEGRAM_SERVER_KEY": str(self.home / "key.pem"),
            "FETCH_ALLOW": self.site.allow,
            "DATA_DIR": str(self.home / "data"),
            **self._settings,
        }
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.home), **settings}


def _is_database(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.name() == "mongod"
    return False
