"""/ytdlp: the yt-dlp that is used, and another one in its place."""

from datetime import UTC, datetime

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.errors import WrongArgument
from medusa.model import Person
from medusa.release import parsed
from medusa.telegram.client import Medusa
from medusa.telegram.filters import button, command, owner
from medusa.telegram.incoming import chat, person, press_place, pressed_action
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.views import ytdlp
from medusa.views.view import View
from medusa.ytdlp.desk import Asked


@Medusa.on_message(command(commands.YTDLP))
async def on_ytdlp(bot: Medusa, message: Message) -> None:
    """Show it, or do what the words behind the command say."""
    sender = person(message.from_user)
    match (message.text or "").lower().split()[1:]:
        case []:
            await reply(bot, message, await _page(bot))
        case ["update", *rest] if len(rest) < 2:
            version = parsed(rest[0]) if rest else ""
            asked = Asked(by=sender, chat_id=chat(message), message_id=message.id, version=version)
            bot.services.ytdlp.submit(asked)
        case ["reset"]:
            await reply(bot, message, ytdlp.shipped_again(await bot.services.ytdlp.reset(sender)))
        case ["weekly", "on" | "off" as choice]:
            await _weekly(bot, sender, choice == "on")
            await reply(bot, message, ytdlp.weekly(choice == "on"))
        case _:
            raise WrongArgument(ytdlp.how_to())


@Medusa.on_callback_query(button("ytdlp") & owner)
async def on_press(bot: Medusa, query: CallbackQuery) -> None:
    """The same by a button."""
    _, action, value = pressed_action(query)
    sender = person(query.from_user)
    match action, value:
        case "update", "":
            chat_id, message_id = press_place(query)
            bot.services.ytdlp.submit(Asked(by=sender, chat_id=chat_id, message_id=message_id))
        case "reset", "":
            await bot.services.ytdlp.reset(sender)
        case "weekly", "on" | "off":
            await _weekly(bot, sender, value == "on")
        case _:
            raise WrongArgument("I do not know this button.")
    await query.answer()
    await rewrite_pressed(bot, query, await _page(bot))


async def _page(bot: Medusa) -> View:
    return ytdlp.page(await bot.services.ytdlp.overview(), datetime.now(UTC).date())


async def _weekly(bot: Medusa, by: Person, is_on: bool) -> None:
    await bot.services.policies.change(by, bot.services.audit, ytdlp_weekly=is_on)
