"""The user of USER_SESSION_STRING: whether it can be used at this moment, and its way to people."""

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger

from medusa.errors import (
    AccountLost,
    ChatUnavailable,
    MedusaError,
    NoPremium,
    NoRelay,
    SessionLost,
    StoreUnavailable,
    TelegramUnreachable,
)
from medusa.log_channel import LogChannel
from medusa.telegram.account import BotAccount, Uplink
from medusa.telegram.errors import translated
from medusa.telegram.membership import writable
from medusa.telegram.relay import RelayedAccount

SESSIONS = 8
"""Media connections of a Premium account, as the official clients open them."""

CHECK_SECONDS = 15.0

Tell = Callable[[MedusaError], Awaitable[None]]
"""Tells the owner of a problem."""


class Premium:
    """Looks before each large file whether the user can bring it, so that no change of a subscription, of
    rights or of the log channels needs a restart."""

    def __init__(
        self,
        user: Uplink,
        bot: BotAccount,
        *,
        log_channels: Callable[[], Awaitable[list[LogChannel]]],
        tell: Tell,
        problem: MedusaError | None = None,
    ) -> None:
        """`problem`: why the user could not log in."""
        self._user = user
        self._bot = bot
        self._log_channels = log_channels
        self._tell = tell
        self._lost = problem
        self._told: str | None = None
        self.problem = problem
        """Why the user brought nothing when that was asked last."""

    async def account(self) -> RelayedAccount | None:
        """The user's way to people; None when there is none, and then the owner knows why.

        Raises StoreUnavailable.
        """
        found = self._lost or await self._look()
        self.problem = found if isinstance(found, MedusaError) else None
        if isinstance(found, MedusaError):
            await self._report(found)
            return None
        self._told = None
        return RelayedAccount(self._user, self._bot, found)

    def lose(self) -> None:
        """Telegram has ended the user's session."""
        self._lost = SessionLost()

    async def _look(self) -> int | MedusaError:
        """The relay channel, or what is missing."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await self._check_premium()
                return await self._relay()
        except StoreUnavailable:
            raise
        except AccountLost as error:
            self._lost = SessionLost(detail=error.detail)
            return self._lost
        except MedusaError as problem:
            return problem
        except TimeoutError:
            return TelegramUnreachable(detail="the user's connection")

    async def _check_premium(self) -> None:
        with translated():
            me = await self._user.client.get_me()
        if not me.is_premium:
            raise NoPremium

    async def _relay(self) -> int:
        """The first log channel in which both may post and whose messages may be copied."""
        for known in (True, False):
            if not known:
                await self._meet_channels()
            for channel in await self._log_channels():
                try:
                    chats = [await writable(one.client, channel.id) for one in (self._user, self._bot)]
                except ChatUnavailable as error:
                    logger.debug("{} is no relay channel: {} {}", channel.id, error, error.detail)
                    continue
                if not any(chat.has_protected_content for chat in chats):
                    return channel.id
        raise NoRelay

    async def _meet_channels(self) -> None:
        """Let the user's new session learn the channels: it may address only what Telegram has shown it."""
        with translated():
            async for _ in self._user.client.get_dialogs():
                pass

    async def _report(self, problem: MedusaError) -> None:
        """Tell the owner once, as long as it is the same, and nothing that passes by itself."""
        logger.warning("no files through the user session: {} {}", problem, problem.detail)
        if not problem.retryable and self._told != problem.sentence:
            self._told = problem.sentence
            await self._tell(problem)
