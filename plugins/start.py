"""/start, /help, /id, /info."""

from pyrogram.types import Message

from medusa import commands
from medusa.telegram.client import Medusa
from medusa.telegram.filters import command
from medusa.telegram.incoming import chat, person
from medusa.telegram.outgoing import reply
from medusa.views import people


@Medusa.on_message(command(commands.START))
async def on_start(bot: Medusa, message: Message) -> None:
    """Say hello, and whether this person may send links."""
    user = await bot.services.people.meet(person(message.from_user))
    allowed = commands.may_use(user.role, commands.CANCEL)
    policy = await bot.services.policies.current()
    hello = people.welcome(user.person, allowed=allowed, may_ask=policy.requests, words=policy.welcome)
    await reply(bot, message, hello)


@Medusa.on_message(command(commands.HELP))
async def on_help(bot: Medusa, message: Message) -> None:
    """Show what this person may use."""
    role = await bot.services.people.role(person(message.from_user))
    await reply(bot, message, people.help_text(commands.sections_for(role)))


@Medusa.on_message(command(commands.ID))
async def on_id(bot: Medusa, message: Message) -> None:
    """Show the id of the chat."""
    await reply(bot, message, people.chat_id(chat(message)))


@Medusa.on_message(command(commands.INFO))
async def on_info(bot: Medusa, message: Message) -> None:
    """Show what is known of the person."""
    await reply(bot, message, people.info(await bot.services.people.meet(person(message.from_user))))
