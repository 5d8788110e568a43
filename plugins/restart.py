"""/restart: the bot starts again, when its owner is sure."""

from datetime import UTC, datetime

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.errors import NotYours, WrongArgument
from medusa.telegram.client import Medusa
from medusa.telegram.filters import button, command, owner
from medusa.telegram.incoming import person, press_place, pressed_action
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.views import job, operation


@Medusa.on_message(command(commands.RESTART))
async def on_restart(bot: Medusa, message: Message) -> None:
    """Ask."""
    await reply(bot, message, operation.restart_question(person(message.from_user).id))


@Medusa.on_callback_query(button("restart") & owner)
async def on_answer(bot: Medusa, query: CallbackQuery) -> None:
    """Do it, or not."""
    restarts, (asked, answer, _) = bot.services.operation.restarts, pressed_action(query)
    sender = person(query.from_user)
    if asked != str(sender.id):
        raise NotYours
    if answer not in ("go", "no"):
        raise WrongArgument("I do not know this button.")
    if answer == "no":
        await query.answer()
        await rewrite_pressed(bot, query, operation.not_restarting())
        return
    is_new = await restarts.note(*press_place(query))
    await query.answer("" if is_new else job.stale_button())
    if is_new:
        await bot.services.audit.note(sender, "restart", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
        await rewrite_pressed(bot, query, operation.restarting())
        restarts.begin()
