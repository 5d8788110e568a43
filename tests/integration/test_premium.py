"""The user session against a server: whether it can be used, and that its owner hears why it cannot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from medusa.errors import MedusaError, NoPremium, NoRelay, SessionLost
from medusa.log_channel import LogChannel
from medusa.telegram.account import BotAccount, Uplink
from medusa.telegram.client import make_client, make_user
from medusa.telegram.lifecycle import user_running
from medusa.telegram.limits import Limits, read_limits
from medusa.telegram.premium import Premium
from medusa.telegram.relay import RelayedAccount
from tests.dc import DataCenter, Options
from tests.dc.channel import ChannelChat
from tests.dc.members import Rights
from tests.integration.clients import settings_for


class World:
    """A bot, Pam, whose session it has, and a log channel of the bot's."""

    def __init__(self, dc: DataCenter, home: Path, *, premium: bool) -> None:
        self.dc = dc
        self.pam = dc.person("Pam", premium=premium)
        self.bot = dc.bot(token="7000001:" + "A" * 35)
        self.settings = settings_for(dc, self.bot, home)
        self.log = self.channel("Log")
        self.channels = [self.log]
        self.told: list[MedusaError] = []

    def channel(self, title: str, *, protected: bool = False) -> ChannelChat:
        return self.dc.channel(title, admins=[self.bot], protected=protected)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Premium]:
        user = make_user(self.settings, self.dc.session_string(self.pam))
        async with make_client(self.settings, plugins=None) as client, user_running(user) as problem:
            bot = BotAccount(client, sessions=1)
            uplink = Uplink(user, sessions=1, max_parts=8000)
            yield Premium(uplink, bot, log_channels=self._log_channels, tell=self._tell, problem=problem)

    async def _log_channels(self) -> list[LogChannel]:
        return [LogChannel(id=channel.id, title=channel.title) for channel in self.channels]

    async def _tell(self, problem: MedusaError) -> None:
        self.told.append(problem)


@asynccontextmanager
async def world(home: Path, *, premium: bool = True) -> AsyncIterator[World]:
    async with DataCenter() as dc:
        yield World(dc, home, premium=premium)


async def test_a_premium_user_who_may_post_beside_the_bot_can_be_used(tmp_path: Path) -> None:
    async with world(tmp_path) as w, w.running() as premium:
        w.log.promote(w.pam)
        account = await premium.account()
        assert isinstance(account, RelayedAccount)
        assert account.max_parts == 8000
        assert w.told == []


async def test_without_premium_it_is_of_no_use(tmp_path: Path) -> None:
    async with world(tmp_path, premium=False) as w, w.running() as premium:
        w.log.promote(w.pam)
        assert await premium.account() is None
        assert [type(problem) for problem in w.told] == [NoPremium]


async def test_a_subscription_that_begins_needs_no_restart(tmp_path: Path) -> None:
    async with world(tmp_path, premium=False) as w, w.running() as premium:
        w.log.promote(w.pam)
        assert await premium.account() is None
        w.pam.account.premium = True
        assert await premium.account() is not None


@pytest.mark.parametrize("place", ["a stranger", "a member", "an admin who may not post", "thrown out"])
async def test_who_may_not_post_in_the_log_channel_cannot_use_it(tmp_path: Path, place: str) -> None:
    async with world(tmp_path) as w, w.running() as premium:
        if place == "a member":
            w.log.add(w.pam)
        elif place == "an admin who may not post":
            w.log.promote(w.pam, Rights(change_info=True))
        elif place == "thrown out":
            w.log.promote(w.pam)
            w.log.kick(w.pam)
        assert await premium.account() is None
        assert [type(problem) for problem in w.told] == [NoRelay]


async def test_a_channel_that_forbids_copying_is_no_relay(tmp_path: Path) -> None:
    async with world(tmp_path) as w, w.running() as premium:
        protected = w.channel("Protected", protected=True)
        protected.promote(w.pam)
        w.channels = [protected]
        assert await premium.account() is None
        w.log.promote(w.pam)
        w.channels = [protected, w.log]
        assert await premium.account() is not None


async def test_a_problem_is_told_once_and_again_when_it_comes_back(tmp_path: Path) -> None:
    async with world(tmp_path) as w, w.running() as premium:
        for _ in range(3):
            assert await premium.account() is None
        assert len(w.told) == 1
        w.log.promote(w.pam)
        assert await premium.account() is not None
        w.log.demote(w.pam)
        assert await premium.account() is None
        assert len(w.told) == 2


async def test_a_session_that_is_ended_stays_ended(tmp_path: Path) -> None:
    async with world(tmp_path) as w, w.running() as premium:
        w.log.promote(w.pam)
        assert await premium.account() is not None
        w.dc.end_sessions(w.pam)
        for _ in range(2):
            assert await premium.account() is None
        assert [type(problem) for problem in w.told] == [SessionLost]


async def test_a_session_that_was_ended_before_is_no_hindrance(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        user = make_user(w.settings, w.dc.session_string(w.pam))
        w.dc.end_sessions(w.pam)
        async with user_running(user) as problem:
            assert isinstance(problem, SessionLost)
        assert not [task for task in asyncio.all_tasks() if "Session" in repr(task.get_coro())]


async def test_the_limits_are_what_the_server_says(tmp_path: Path) -> None:
    async with DataCenter(Options(max_parts=7, max_parts_premium=9)) as dc:
        settings = settings_for(dc, dc.bot(token="7000001:" + "A" * 35), tmp_path)
        assert await read_limits(settings) == Limits(bot=7, premium=9)
        dc.faults.error(400, "METHOD_INVALID", method="help.GetAppConfig")
        assert await read_limits(settings) == Limits()
        assert not [path for path in tmp_path.iterdir() if path.name != "key.pem"]
