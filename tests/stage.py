"""The whole play: a loopback Telegram, a media site, and the bot as a process of its own between them."""

import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bot import ROOT, BotFailed, BotProcess
from tests.dc import DataCenter, Options
from tests.dc.channel import ChannelChat
from tests.dc.person import Person
from tests.site import Site

__all__ = ["ROOT", "BotFailed", "Stage"]

TOKEN = "7000001:" + "A" * 35


class Stage(BotProcess):
    """A bot in its world, while the context is open. `settings` are variables of the bot, over those here.

    Ann owns the bot. With `premium`, the bot has the session of Pam, an admin of the log channels too, who
    has Telegram Premium or has not. Leaving fails when the bot broke a rule of Telegram, wrote faster than it
    allows, or left a process behind.
    """

    def __init__(
        self,
        *,
        log_channels: int = 2,
        premium: bool | None = None,
        options: Options | None = None,
        duty: str = "worker",
        token: str = TOKEN,
        **settings: str,
    ) -> None:
        super().__init__()
        self._token = token
        self.duty = duty
        self.site = Site()
        self.dc = DataCenter(options or Options())
        self.pam = None if premium is None else self.dc.person("Pam", premium=premium)
        self._settings = settings
        if self.pam is not None:
            self._settings["USER_SESSION_STRING"] = self.dc.session_string(self.pam)
        self._log_channel_count = log_channels
        self.flood_waits_made = 0
        """How many of the server's flood waits a test has programmed."""
        self._stack = AsyncExitStack()

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
        self.bot = self.dc.bot("Medusa", username="medusa_bot", token=self._token)
        self.ann = self.person("Ann", "ann")
        self.logs = [self.log_channel(f"Log {number + 1}") for number in range(self._log_channel_count)]
        (self.home / "key.pem").write_bytes(self.dc.key.pem)
        self.variables = self._variables()
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
        """A channel in which the bot may post, and Pam."""
        return self.dc.channel(title, admins=[self.bot, *([self.pam] if self.pam else [])])

    async def _leave(self) -> None:
        await self.leave()
        waits = self.dc.stats().get("flood_waits", 0) - self.flood_waits_made
        if waits:
            raise BotFailed(f"it wrote faster than Telegram allows, {waits} times\n{self.log_tail()}")

    def _variables(self) -> dict[str, str]:
        host, port = self.dc.address
        return {
            "API_ID": "1",
            "API_HASH": "0" * 32,
            "BOT_TOKEN": self.bot.token,
            "OWNER": str(self.ann.id),
            "PUBLIC": "true",
            "LOG_CHANNELS": " ".join(str(channel.id) for channel in self.logs),
            "TELEGRAM_SERVER": f"{host}:{port}",
            "TELEGRAM_SERVER_KEY": str(self.home / "key.pem"),
            "FETCH_ALLOW": self.site.allow,
            # A test that sends a link again means it.
            "ARCHIVE": "false",
            # Its tests switch it on; others look at what Ann is told.
            "START_REPORT": "false",
            **self._settings,
        }
