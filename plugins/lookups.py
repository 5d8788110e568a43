"""/y2t: the links of a playlist as a file. /ytm: the sound of a link alone."""

from pyrogram.types import Message

from medusa import commands
from medusa.dialogs import Dialog
from medusa.errors import WrongArgument
from medusa.jobs.lookups import Lookup
from medusa.request import as_music
from medusa.telegram.accepting import accept
from medusa.telegram.client import Medusa
from medusa.telegram.filters import answer, command, private
from medusa.telegram.incoming import asked_about, chat, person, request
from medusa.telegram.outgoing import reply
from medusa.views import texts

PLAYLIST, MUSIC = "y2t", "ytm"


@Medusa.on_message(command(commands.Y2T))
async def on_playlist(bot: Medusa, message: Message) -> None:
    """Look at the link that comes with the command, or ask for one."""
    if not await _look(bot, message):
        await _ask(bot, message, PLAYLIST)
        await reply(bot, message, texts.which_link(texts.OF_A_PLAYLIST))


@Medusa.on_message(answer(PLAYLIST))
async def on_awaited_playlist(bot: Medusa, message: Message) -> None:
    """Look at the link that was asked for."""
    if not await _look(bot, message):
        raise WrongArgument(texts.no_link())
    await bot.services.dialogs.forget(chat(message), person(message.from_user).id)


@Medusa.on_message(private & command(commands.YTM))
async def on_music(bot: Medusa, message: Message) -> None:
    """Accept the links that come with the command, or ask for one."""
    if not await _accept(bot, message):
        await _ask(bot, message, MUSIC)
        await reply(bot, message, texts.which_link(texts.OF_MUSIC))


@Medusa.on_message(answer(MUSIC))
async def on_awaited_music(bot: Medusa, message: Message) -> None:
    """Accept the link that was asked for."""
    if not await _accept(bot, message):
        raise WrongArgument(texts.no_link())
    await bot.services.dialogs.forget(chat(message), person(message.from_user).id)


async def _look(bot: Medusa, message: Message) -> bool:
    """Have the first link looked at; False when there is none."""
    for link in asked_about(message)[:1]:
        sender = person(message.from_user).id
        lookup = Lookup(url=link.url, person_id=sender, chat_id=chat(message), message_id=message.id)
        bot.services.lookups.submit(lookup)
        return True
    return False


async def _accept(bot: Medusa, message: Message) -> bool:
    """Accept all links for their sound; False when there is none."""
    if found := asked_about(message):
        sender = await bot.services.people.asking(person(message.from_user))
        await accept(bot, message, [as_music(request(message, link, sender)) for link in found])
    return bool(found)


async def _ask(bot: Medusa, message: Message, about: str) -> None:
    sender = person(message.from_user).id
    await bot.services.dialogs.ask(Dialog(chat_id=chat(message), person_id=sender, about=about))
