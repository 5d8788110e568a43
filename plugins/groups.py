"""Groups in which everybody may send links: opened, closed, listed."""

from pyrogram.types import Message

from medusa import commands
from medusa.errors import WrongArgument
from medusa.telegram.client import Medusa
from medusa.telegram.filters import command
from medusa.telegram.incoming import person
from medusa.telegram.membership import postable
from medusa.telegram.outgoing import reply
from medusa.telegram.references import ChatReference, channel_reference
from medusa.views import users


@Medusa.on_message(command(commands.AUTH_CHAT))
async def on_open(bot: Medusa, message: Message) -> None:
    """Let everybody in this group, or the one that is named, send links."""
    found = await postable(bot, _meant(message).chat)
    assert found.id is not None
    title = found.title or str(found.id)
    await bot.services.people_desk.open_chat(person(message.from_user), found.id, title)
    await reply(bot, message, users.opened(title))


@Medusa.on_message(command(commands.UNAUTH_CHAT))
async def on_close(bot: Medusa, message: Message) -> None:
    """No more."""
    meant = _meant(message).chat
    if isinstance(meant, str):
        raise WrongArgument("Tell me the id of the group; /auth_chats shows it.")
    await bot.services.people_desk.close_chat(person(message.from_user), meant)
    await reply(bot, message, users.closed())


@Medusa.on_message(command(commands.AUTH_CHATS))
async def on_list(bot: Medusa, message: Message) -> None:
    """Show those groups."""
    await reply(bot, message, users.open_groups(await bot.services.people_desk.chats()))


def _meant(message: Message) -> ChatReference:
    written = (message.text or "").partition(" ")[2]
    named = channel_reference(message, written) if written.strip() else None
    if named is not None:
        return named
    if message.chat is not None and message.chat.id is not None and message.chat.id < 0:
        return ChatReference(message.chat.id)
    raise WrongArgument("Send this in the group, or with its id behind it: -100…")
