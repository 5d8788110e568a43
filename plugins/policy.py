"""/config, /set, /reset, /maintenance: how the bot is run, changed while it runs."""

from pyrogram.types import Message

from medusa import commands
from medusa.errors import WrongArgument
from medusa.policies import SETTING
from medusa.telegram.client import Medusa
from medusa.telegram.filters import command
from medusa.telegram.incoming import arguments, person
from medusa.telegram.markup import template_behind
from medusa.telegram.outgoing import reply
from medusa.views import operation, policy
from medusa.views.policy_fields import FIELDS, Field, Kind, field


@Medusa.on_message(command(commands.CONFIG))
async def on_config(bot: Medusa, message: Message) -> None:
    """Show everything."""
    policies, audit = bot.services.policies, bot.services.audit
    deeds = await audit.last_of(SETTING)
    await reply(bot, message, policy.config(await policies.current(), policies.default, deeds))


@Medusa.on_message(command(commands.SET))
async def on_set(bot: Medusa, message: Message) -> None:
    """Change one, or show it."""
    words, wanted = arguments(message), _field(message)
    if len(words) > 1:
        text = template_behind(message, 2, with_markup=wanted.kind is Kind.TEMPLATE)
        await _change(bot, message, wanted, wanted.read(text))
        return
    policies, audit = bot.services.policies, bot.services.audit
    deeds = await audit.last_of(SETTING)
    await reply(bot, message, policy.one(wanted, await policies.current(), policies.default, deeds))


@Medusa.on_message(command(commands.RESET))
async def on_reset(bot: Medusa, message: Message) -> None:
    """Let one be as by default."""
    wanted = _field(message)
    await _change(bot, message, wanted, getattr(bot.services.policies.default, wanted.name))


@Medusa.on_message(command(commands.MAINTENANCE))
async def on_maintenance(bot: Medusa, message: Message) -> None:
    """Begin or end it, or say how it is."""
    policies, is_on = bot.services.policies, operation.read_switch(arguments(message))
    if is_on is not None:
        await policies.change(person(message.from_user), bot.services.audit, maintenance=is_on)
    now = (await policies.current()).maintenance
    await reply(bot, message, operation.maintenance(now, changed=is_on is not None))


def _field(message: Message) -> Field:
    words = arguments(message)
    if not words:
        raise WrongArgument(policy.which([one.name for one in FIELDS]))
    return field(words[0])


async def _change(bot: Medusa, message: Message, wanted: Field, value: object) -> None:
    policies, sender = bot.services.policies, person(message.from_user)
    after = await policies.change(sender, bot.services.audit, **{wanted.name: value})
    is_default = value == getattr(policies.default, wanted.name)
    await reply(bot, message, policy.changed(wanted, after, is_default=is_default))
