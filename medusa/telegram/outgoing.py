"""What the bot writes: views become messages; errors become ours."""

from collections.abc import Iterable

from loguru import logger
from pyrogram import raw
from pyrogram.errors import MessageIdInvalid, MessageNotModified
from pyrogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
)

from medusa.errors import MedusaError
from medusa.telegram.errors import translated
from medusa.telegram.incoming import chat, origin
from medusa.telegram.pace import EDITS_LEAVE, PacedClient
from medusa.telegram.typing import typing
from medusa.text import clip
from medusa.views.view import View, error

ALERT_LIMIT = 200
"""Characters of the answer to a press."""


def keyboard(view: View) -> InlineKeyboardMarkup | None:
    """The buttons of a view."""
    if not view.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in view.buttons
        ]
    )


async def write(client: PacedClient, chat_id: int, view: View, *, reply_to: int | None = None) -> int:
    """Send a view; the message's id. Raises ChatUnavailable, SlowedDown, TelegramUnreachable."""
    async with typing(client, chat_id):
        await client.pace.turn(chat_id)
    with translated():
        message = await client.send_message(
            chat_id,
            view.text,
            reply_markup=keyboard(view),
            reply_parameters=ReplyParameters(message_id=reply_to) if reply_to else None,
        )
    if message is None:
        raise TypeError("Telegram answered a message without the message")
    return message.id


async def rewrite(
    client: PacedClient, chat_id: int, message_id: int, view: View, *, leave: float = EDITS_LEAVE
) -> None:
    """Show a view in a message that exists; nothing happens when it is gone or shows it already."""
    await client.pace.turn(chat_id, leave=leave, yields=leave > 0)
    with translated():
        try:
            await client.edit_message_text(chat_id, message_id, view.text, reply_markup=keyboard(view))
        except (MessageNotModified, MessageIdInvalid):
            return


async def reply(client: PacedClient, message: Message, view: View) -> int:
    """Answer a message; the id of the answer. A short flood wait is sat out."""
    return await write(client, chat(message), view, reply_to=message.id)


async def rewrite_pressed(client: PacedClient, query: CallbackQuery, view: View) -> None:
    """Show a view in the message whose button was pressed; nothing happens when it is gone."""
    if query.message is not None and query.message.chat is not None:
        # Somebody waits for it, as for an answer.
        await rewrite(client, chat(query.message), query.message.id, view, leave=0)


async def remove(client: PacedClient, message: Message) -> None:
    """Take somebody's answer out of the chat; never mind if that is not allowed."""
    try:
        with translated():
            await client.delete_messages(chat(message), message.id)
    except MedusaError as error:
        logger.info("an answer stays where it is: {}", error.detail)


async def report(client: PacedClient, update: object, problem: MedusaError) -> None:
    """Tell the person behind an update what went wrong; never mind if that does not reach them. A press gets
    its sentence as an alert."""
    try:
        await _report(client, update, problem)
    except MedusaError as refusal:
        logger.info("nobody can be told of a problem: {} {}", refusal, refusal.detail)


async def _report(client: PacedClient, update: object, problem: MedusaError) -> None:
    if isinstance(update, raw.types.UpdateBotCallbackQuery):
        with translated():
            text = clip(f"{problem.sentence} {problem.advice}".strip(), ALERT_LIMIT)
            await client.answer_callback_query(str(update.query_id), text, show_alert=True)
        return
    place = origin(update)
    if place is not None:
        chat_id, message_id = place
        await write(client, chat_id, error(problem), reply_to=message_id)


async def tell_all(client: PacedClient, people: Iterable[int], view: View) -> None:
    """Write the same to several people, each by themselves; never mind whom that does not reach."""
    for person_id in people:
        try:
            await write(client, person_id, view)
        except MedusaError as refusal:
            logger.info("{} cannot be told: {} {}", person_id, refusal, refusal.detail)


async def tell(client: PacedClient, person_id: int | None, problem: MedusaError) -> None:
    """Write to somebody of a problem that is no answer; never mind if that is not possible."""
    await tell_all(client, [] if person_id is None else [person_id], error(problem))
