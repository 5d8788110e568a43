"""/limits: how much people may have, by role or by person."""

from pyrogram.types import Message

from medusa import commands
from medusa.allowance import Allowance
from medusa.errors import WrongArgument
from medusa.policy import ALLOWANCES
from medusa.telegram.client import Medusa
from medusa.telegram.filters import command
from medusa.telegram.incoming import person
from medusa.telegram.outgoing import reply
from medusa.telegram.person_references import meant_person
from medusa.views import allowances


@Medusa.on_message(command(commands.LIMITS))
async def on_limits(bot: Medusa, message: Message) -> None:
    """Show the limits of a role or of somebody, or change one."""
    words = (message.text or "").split()[1:]
    if not words:
        policy = await bot.services.policies.current()
        await reply(bot, message, allowances.overview(policy))
    elif words[0].lower() in ALLOWANCES:
        await _of_role(bot, message, words[0].lower(), words[1:])
    else:
        await _of_person(bot, message)


async def _of_role(bot: Medusa, message: Message, name: str, words: list[str]) -> None:
    services, by = bot.services, person(message.from_user)
    policy = await services.policies.current()
    if words:
        change = allowances.read_change(words[0], " ".join(words[1:]))
        allowance: Allowance = getattr(policy, name).evolve(**change)
        policy = await services.policies.change(by, services.audit, **{name: allowance})
    await reply(bot, message, allowances.of_role(policy, name))


async def _of_person(bot: Medusa, message: Message) -> None:
    services, by = bot.services, person(message.from_user)
    meant = await meant_person(bot, message)
    if meant is None:
        raise WrongArgument(allowances.whose())
    if meant.words:
        change = allowances.read_change(meant.words[0], " ".join(meant.words[1:]))
        await services.people_desk.allow(by, meant.person, **change)
        await services.admission.apply(meant.person.id)
    user = await services.people_desk.find(meant.person.id)
    policy = await services.policies.current()
    await reply(bot, message, allowances.of_person(meant.person, user, policy))
