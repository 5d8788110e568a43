"""/errors: what went wrong inside the bot."""

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.errors import WrongArgument
from medusa.faults import PAGE
from medusa.telegram.client import Medusa
from medusa.telegram.filters import button, command, owner
from medusa.telegram.incoming import person, press_place, pressed_action
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.views import faults
from medusa.views.view import View


@Medusa.on_message(command(commands.ERRORS))
async def on_errors(bot: Medusa, message: Message) -> None:
    """Show the newest page."""
    await reply(bot, message, await _page(bot, 0))


@Medusa.on_callback_query(button("errors") & owner)
async def on_press(bot: Medusa, query: CallbackQuery) -> None:
    """Leaf through it, send a traceback, or forget an error."""
    fault_id, action, value = pressed_action(query)
    number = faults.read_page(value)
    match action:
        case "see":
            await _send(bot, query, fault_id)
        case "forget":
            was_there = await bot.services.operation.faults.forget(fault_id)
            if was_there:
                await bot.services.audit.note(person(query.from_user), "error", fault_id, after="forgotten")
            await query.answer(faults.forgotten(was_there))
            await rewrite_pressed(bot, query, await _page(bot, number))
        case "page":
            await query.answer()
            await rewrite_pressed(bot, query, await _page(bot, number))
        case _:
            raise WrongArgument("I do not know this button.")


async def _page(bot: Medusa, number: int) -> View:
    found, has_more = await bot.services.operation.faults.page(number)
    return faults.page(found, number, has_more=has_more, first=number * PAGE + 1)


async def _send(bot: Medusa, query: CallbackQuery, fault_id: str) -> None:
    fault = await bot.services.operation.faults.get(fault_id)
    await query.answer()
    chat_id, message_id = press_place(query)
    file, key = faults.file(fault), f"fault file:{query.id}"
    await bot.services.documents.send(chat_id, file, "", key=key, reply_to=message_id)
