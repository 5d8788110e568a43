"""Links in private chats, and in groups that are open to everybody, become downloads, one each."""

from pyrogram.types import Message

from medusa import commands
from medusa.errors import WrongArgument
from medusa.telegram.accepting import accept
from medusa.telegram.client import Medusa
from medusa.telegram.filters import command, has_link, in_dialog, open_group, private, user
from medusa.telegram.incoming import chat, links, person, request, wanted
from medusa.telegram.typing import typing


@Medusa.on_message((private | open_group) & has_link & ~in_dialog & user)
async def on_link(bot: Medusa, message: Message) -> None:
    """Accept every link of the message and return."""
    await _accept(bot, message, fresh=False)


@Medusa.on_message(private & command(commands.FRESH))
async def on_fresh(bot: Medusa, message: Message) -> None:
    """The same, past the archive."""
    if not links(message):
        raise WrongArgument("Tell me the link behind the command: /fresh https://…")
    await _accept(bot, message, fresh=True)


async def _accept(bot: Medusa, message: Message, *, fresh: bool) -> None:
    async with typing(bot, chat(message)):
        async with bot.accepting:
            sender = await bot.services.people.asking(person(message.from_user))
        await accept(bot, message, [request(message, link, sender, fresh=fresh) for link in wanted(message)])
