"""The user of USER_SESSION_STRING, in one process at a time: where several could use the session, one has it,
and another takes it up after that. Telegram ends a session that is used from two places at once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from loguru import logger

from medusa.errors import Cancelled, MedusaError
from medusa.telegram.accounts import Accounts
from medusa.telegram.premium import Premium

OTHERS_SECONDS = 1.0
"""How long a start waits for a session that another process may have."""
AGAIN_SECONDS = 5.0

Turn = Callable[[], AbstractAsyncContextManager[object]]
"""The time during which this process has the session: entered when no other has. Raises Cancelled when it has
never come."""
Opening = Callable[[], AbstractAsyncContextManager[Premium]]
"""The user, logged in."""


@asynccontextmanager
async def shared_user(accounts: Accounts, turn: Turn, opening: Opening) -> AsyncIterator[None]:
    """While this is open, the user is one of the accounts whenever it is this process's turn.

    Where that is at once, the user is there when this opens, or was found not to work.
    """
    mine, joined = asyncio.Event(), asyncio.Event()
    turns = asyncio.create_task(_take_turns(accounts, turn, opening, mine, joined))
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(OTHERS_SECONDS):
                await mine.wait()
        if mine.is_set():
            await joined.wait()
        yield
    finally:
        turns.cancel()
        await asyncio.wait([turns])


async def _take_turns(
    accounts: Accounts, turn: Turn, opening: Opening, mine: asyncio.Event, joined: asyncio.Event
) -> None:
    while True:
        try:
            async with turn():
                mine.set()
                async with opening() as premium:
                    accounts.join(premium)
                    await premium.account()  # the owner hears now of what is missing
                    joined.set()
                    await asyncio.Event().wait()
        except Cancelled:
            return
        except MedusaError as error:
            logger.warning("the user session cannot be used at the moment: {} {}", error, error.detail)
        finally:
            accounts.join(None)
            joined.set()
        await asyncio.sleep(AGAIN_SECONDS)
