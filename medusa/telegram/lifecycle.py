"""Logging in and out."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

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
from medusa.telegram.call import transport_of
from medusa.telegram.client import Medusa
from medusa.telegram.errors import translated
from medusa.user import Role

LOGIN_SECONDS = 60.0
USER_LOGIN_SECONDS = 20.0
"""A session string that Telegram does not know is answered by silence."""
LOGOUT_SECONDS = 4.0
DROP_SECONDS = 1.0


@asynccontextmanager
async def running(client: Medusa, *, owner: int | None) -> AsyncIterator[None]:
    """Log in, show the commands in the menu, and hang up at the end, whatever the network does."""
    async with connected(client):
        if not client.dispatcher.groups:
            raise RuntimeError("no plugin was loaded: start Medusa in the folder that holds plugins/")
        await _show_commands(client, owner)
        yield


@asynccontextmanager
async def connected(client: Client) -> AsyncIterator[None]:
    """Log a bot in, and hang up at the end."""
    await _log_in(client)
    try:
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


async def _log_in(client: Client) -> None:
    """Raises SettingsError for credentials that Telegram refuses, TelegramUnreachable."""
    try:
        async with asyncio.timeout(LOGIN_SECONDS):
            await _start(client)
    except (AccessTokenInvalid, AccessTokenExpired) as error:
        raise SettingsError("BOT_TOKEN is not accepted by Telegram. Get it from @BotFather.") from error
    except ApiIdInvalid as error:
        raise SettingsError("API_ID and API_HASH are not accepted by Telegram.") from error
    except RPCError as error:
        raise MedusaError(f"Telegram refused the login: {error}") from error
    except (TimeoutError, OSError) as error:
        raise TelegramUnreachable(detail=repr(error)) from error


async def _start(client: Client) -> None:
    """Begin where the stored session left off, or anew when Telegram has ended it: a bot needs only its
    token for that."""
    try:
        await client.start()
    except (Unauthorized, AuthKeyDuplicated) as error:
        logger.warning("Telegram has ended the stored session ({}); logging in anew", error.ID)
        await client.storage.delete()
        client.plugins = None  # they are loaded
        await client.start()


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
        await _drop(client)


async def _drop(client: Client) -> None:
    """Leave no connection, whatever a handler still waits for: the next process uses the same key."""
    if client.session is None:
        return
    transport = transport_of(client.session)
    if transport is not None:
        transport.abort()
    with suppress(TimeoutError):
        async with asyncio.timeout(DROP_SECONDS):
            await client.session.stop()


async def _show_commands(client: Medusa, owner: int | None) -> None:
    """The menu behind the / button: for everybody, and the owner's own."""
    with translated():
        await client.set_bot_commands(menu(commands_for(Role.USER)))
        if owner is None:
            return
        try:
            await client.set_bot_commands(
                menu(commands_for(Role.OWNER)), scope=BotCommandScopeChat(chat_id=owner)
            )
        except RPCError as error:
            logger.info("the owner has not started the bot yet, so their menu is the common one: {}", error)


def menu(commands: tuple[Command, ...]) -> list[BotCommand]:
    """These commands as Telegram shows them."""
    return [BotCommand(command.names[0], command.summary) for command in commands]
