"""The user's session: one process has it at a time, and the others wait for their turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import cast

import pytest

from medusa.errors import Cancelled, MedusaError, SessionTaken, StoreUnavailable
from medusa.telegram import user_session
from medusa.telegram.account import BotAccount
from medusa.telegram.accounts import Accounts
from medusa.telegram.premium import Premium
from medusa.telegram.user_session import shared_user
from tests.unit.waiting import until


class User:
    """A Premium that is asked once whether it works."""

    def __init__(self) -> None:
        self.asked = 0

    async def account(self) -> None:
        self.asked += 1


class Process:
    """A process that may use the session; `sessions` is what all of them share."""

    def __init__(self, session: asyncio.Lock) -> None:
        self.session = session
        self.accounts = Accounts(cast(BotAccount, None), None)
        self.users: list[User] = []
        self.trouble: list[MedusaError] = []

    @property
    def has_user(self) -> bool:
        """Whether the user is one of the accounts."""
        return self.accounts._premium is not None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self.trouble:
            raise self.trouble.pop()
        async with self.session:
            yield

    @asynccontextmanager
    async def opening(self) -> AsyncIterator[Premium]:
        self.users.append(User())
        yield cast(Premium, self.users[-1])

    def open(self) -> AbstractAsyncContextManager[None]:
        return shared_user(self.accounts, self.turn, self.opening)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_session, "OTHERS_SECONDS", 0.05)
    monkeypatch.setattr(user_session, "AGAIN_SECONDS", 0)


async def test_where_nobody_else_has_it_the_user_is_there_at_once() -> None:
    process = Process(asyncio.Lock())
    async with process.open():
        assert process.has_user
        assert [user.asked for user in process.users] == [1]
    assert (process.has_user, process.session.locked()) == (False, False)


async def test_of_two_one_has_it_and_neither_waits_for_the_other() -> None:
    session = asyncio.Lock()
    first, second = Process(session), Process(session)
    async with first.open(), second.open():
        assert [process.has_user for process in (first, second)] == [True, False]


async def test_another_takes_it_up_when_it_is_given_back() -> None:
    session = asyncio.Lock()
    process = Process(session)
    await session.acquire()
    async with process.open():
        assert not process.has_user
        session.release()
        await until(lambda: process.has_user)


@pytest.mark.parametrize("problem", [StoreUnavailable(), SessionTaken()])
async def test_what_goes_wrong_is_tried_again(problem: MedusaError) -> None:
    process = Process(asyncio.Lock())
    process.trouble = [problem]
    async with process.open():
        await until(lambda: process.has_user)


async def test_a_stop_while_waiting_is_the_end() -> None:
    process = Process(asyncio.Lock())
    process.trouble = [Cancelled()]
    async with process.open():
        assert not process.has_user
    assert process.users == []
