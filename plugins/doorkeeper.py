"""Who is not to be answered gets no further than here. Before all other handlers."""

from pyrogram.types import CallbackQuery, Message

from medusa.telegram.client import Medusa
from medusa.telegram.filters import banned

FIRST = -2
"""The group of handlers that see an update before the others do."""


@Medusa.on_message(banned, group=FIRST)
async def on_banned(bot: Medusa, message: Message) -> None:
    """No answer."""
    message.stop_propagation()


@Medusa.on_callback_query(banned, group=FIRST)
async def on_banned_press(bot: Medusa, query: CallbackQuery) -> None:
    """No answer."""
    query.stop_propagation()
