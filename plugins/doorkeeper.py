"""Who is not to be answered, and what is too much, get no further than here. Before all other handlers."""

import time

from pyrogram.types import CallbackQuery, Message

from medusa.telegram.client import Medusa
from medusa.telegram.filters import banned
from medusa.telegram.floods import is_left_out

FIRST, SECOND = -3, -2
"""The groups of handlers that see an update before the others do. What is counted in memory comes before
what the database is asked for."""


@Medusa.on_message(group=FIRST)
async def on_message(bot: Medusa, message: Message) -> None:
    """Count it; of a flood nothing goes on."""
    if await is_left_out(bot, message, time.monotonic()):
        message.stop_propagation()


@Medusa.on_callback_query(group=FIRST)
async def on_press(bot: Medusa, query: CallbackQuery) -> None:
    """The same for a press."""
    if await is_left_out(bot, query, time.monotonic()):
        query.stop_propagation()


@Medusa.on_message(banned, group=SECOND)
async def on_banned(bot: Medusa, message: Message) -> None:
    """No answer."""
    message.stop_propagation()


@Medusa.on_callback_query(banned, group=SECOND)
async def on_banned_press(bot: Medusa, query: CallbackQuery) -> None:
    """No answer."""
    query.stop_propagation()
