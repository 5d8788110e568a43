"""Logging in and out."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from loguru import logger
from pyrogram import Client
from pyrogram.errors import (
    AccessTokenExpired,
    AccessTokenInvalid,
    ApiIdInvalid,
    AuthKeyDuplicated,
    RPCError,
    Unauthorized,
)
from pyrogram.types import BotCommand, BotCommandScopeChat

from medusa.commands import Command, commands_for
from medusa.errors import MedusaError, SessionLost, SettingsError, TelegramUnreachable
from medusa.model import Role
from medusa.telegram.client import Medusa
from medusa.telegram.errors import translated

LOGIN_SECONDS = 60.0
USER_LOGIN_SECONDS = 20.0
"""A session string that Telegram does not know is answered by silence."""
LOGOUT_SECONDS = 4.0


@asynccontextmanager
async def running(client: Medusa, *, owner: int | None) -> AsyncIterator[None]:
    """Log in, show the commands in the menu, and hang up at the end, whatever the network does."""
    await _log_in(client)
    try:
        await _show_commands(client, owner)
        yield
    finally:
        await _log_out(client)


@asynccontextmanager
async def user_running(client: Client) -> AsyncIterator[MedusaError | None]:
    """Log a user in and hang up at the end. Yields why it did not work: the bot can do without."""
    problem: MedusaError | None = None
    try:
        async with asyncio.timeout(USER_LOGIN_SECONDS):
            await client.start()
    except (RPCError, OSError, ValueError, LookupError, struct.error) as error:
        await _log_out(client)
        problem = SessionLost(detail=repr(error))
    try:
        yield problem
    finally:
        await _log_out(client)


async def _log_in(client: Medusa) -> None:
    """Raises SettingsError for credentials that Telegram refuses, TelegramUnreachable."""
    try:
        async with asyncio.timeout(LOGIN_SECONDS):
            await client.start()
    except (AccessTokenInvalid, AccessTokenExpired) as error:
        raise SettingsError("BOT_TOKEN is not accepted by Telegram. Get it from @BotFather.") from error
    except ApiIdInvalid as error:
        raise SettingsError("API_ID and API_HASH are not accepted by Telegram.") from error
    except AuthKeyDuplicated as error:
        raise SettingsError("This bot's session is in use elsewhere; stop the other one first.") from error
    except Unauthorized as error:
        raise SettingsError(
            f"Telegram has ended this session; delete {client.name}.session in DATA_DIR and start again."
        ) from error
    except RPCError as error:
        raise MedusaError(f"Telegram refused the login: {error}") from error
    except (TimeoutError, OSError) as error:
        raise TelegramUnreachable(detail=repr(error)) from error
    if not client.dispatcher.groups:
        raise RuntimeError("no plugin was loaded: start Medusa in the folder that holds plugins/")


async def _log_out(client: Client) -> None:
    """Hang up, however far the login came."""
    try:
        async with asyncio.timeout(LOGOUT_SECONDS):
            if client.is_initialized:
                await client.stop()
            elif client.is_connected:
                await client.disconnect()
    except (TimeoutError, OSError, RPCError) as error:
        logger.warning("Telegram did not let us hang up in time: {!r}", error)


async def _show_commands(client: Medusa, owner: int | None) -> None:
    """The menu behind the / button: for everybody, and the owner's own."""
    with translated():
        await client.set_bot_commands(_menu(commands_for(Role.USER)))
        if owner is None:
            return
        try:
            await client.set_bot_commands(
                _menu(commands_for(Role.OWNER)), scope=BotCommandScopeChat(chat_id=owner)
            )
        except RPCError as error:
            logger.info("the owner has not started the bot yet, so their menu is the common one: {}", error)


def _menu(commands: tuple[Command, ...]) -> list[BotCommand]:
    return [BotCommand(command.names[0], command.summary) for command in commands]
