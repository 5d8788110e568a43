"""/admin: the panel, /jobs, /stop_job and /audit, which are pages of it."""

import re
from collections.abc import Awaitable, Callable

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.errors import WrongArgument
from medusa.figures import Period
from medusa.telegram.client import Medusa
from medusa.telegram.filters import admin, button, command
from medusa.telegram.incoming import person, pressed
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.user import Sought
from medusa.views import allowances, job, panel
from medusa.views.view import View

DEEDS = 12
"""On one page of the audit."""


@Medusa.on_message(command(commands.ADMIN))
async def on_panel(bot: Medusa, message: Message) -> None:
    """Open the panel."""
    await reply(bot, message, await _main(bot))


@Medusa.on_message(command(commands.JOBS))
async def on_jobs(bot: Medusa, message: Message) -> None:
    """Show what runs."""
    await reply(bot, message, panel.jobs(await bot.services.tasks.everybodys(0)))


@Medusa.on_message(command(commands.STOP_JOB))
async def on_stop(bot: Medusa, message: Message) -> None:
    """Stop somebody's download."""
    words = (message.text or "").split()[1:]
    if not words:
        raise WrongArgument("Tell me the id of the download behind the command; /jobs shows it.")
    await reply(bot, message, View(await _stop(bot, message, words[0])))


@Medusa.on_message(command(commands.AUDIT))
async def on_audit(bot: Medusa, message: Message) -> None:
    """Show what was done last."""
    await reply(bot, message, await _audit(bot, 0))


@Medusa.on_callback_query(button("admin") & admin)
async def on_press(bot: Medusa, query: CallbackQuery) -> None:
    """Another page, or something to be done."""
    page, _, rest = pressed(query).partition(":")
    told = await _do(bot, query, page, rest)
    view = await _page(bot, page, rest)
    await query.answer(told)
    await rewrite_pressed(bot, query, view)


async def _do(bot: Medusa, query: CallbackQuery, page: str, rest: str) -> str:
    """What a button does before its page is shown; what the person reads for a moment."""
    services, by = bot.services, person(query.from_user)
    match page:
        case "stop":
            return await _stop(bot, query, rest)
        case "unlog":
            await services.log_desk.remove(by, _chat(rest))
        case "testlog":
            await services.log_desk.test()
        case "retrylog":
            await services.log_desk.retry(by)
        case "unchan":
            await services.destinations.remove(_chat(rest), None)
            await services.audit.note(by, "channel", rest, after="removed")
        case "ungroup":
            await services.people_desk.close_chat(by, _chat(rest))
        case "flip":
            changes = panel.flipped(await services.policies.current(), rest)
            await services.policies.change(by, services.audit, **changes)
        case "set":
            role, _, change = rest.partition(":")
            await _set(bot, query, role, change)
    return ""


async def _page(bot: Medusa, page: str, rest: str) -> View:
    """The page that a button shows."""
    wanted = PAGES.get(AFTER.get(page, page))
    if wanted is None:
        raise WrongArgument("I do not know this button.")
    return await wanted(bot, rest)


async def _logs(bot: Medusa, _: str) -> View:
    return panel.log_channels(await bot.services.log_desk.overview())


async def _channels(bot: Medusa, _: str) -> View:
    return panel.own_channels(await bot.services.destinations.of(None))


async def _groups(bot: Medusa, _: str) -> View:
    return panel.groups(await bot.services.people_desk.chats())


async def _jobs(bot: Medusa, rest: str) -> View:
    return panel.jobs(await bot.services.tasks.everybodys(_number(rest)))


async def _first_jobs(bot: Medusa, _: str) -> View:
    return panel.jobs(await bot.services.tasks.everybodys(0))


async def _limits(bot: Medusa, rest: str) -> View:
    return panel.limits(await bot.services.policies.current(), rest)


async def _limit(bot: Medusa, rest: str) -> View:
    role, key, *_ = [*rest.split(":"), ""]
    return panel.limit(await bot.services.policies.current(), role, key)


async def _settings(bot: Medusa, _: str) -> View:
    return panel.settings(await bot.services.policies.current())


async def _statistics(bot: Medusa, rest: str) -> View:
    period = _period(rest)
    return panel.numbers(await bot.services.statistics.report(period), period)


async def _health(bot: Medusa, _: str) -> View:
    return panel.vitals(await bot.services.operation.health.findings())


async def _main(bot: Medusa, _: str = "") -> View:
    services = bot.services
    asking = await services.people_desk.page(Sought(asking=True), 0)
    busy = await services.tasks.everybodys(0)
    return panel.main(await services.policies.current(), busy, len(asking.users) + asking.has_more)


async def _deeds(bot: Medusa, rest: str) -> View:
    return await _audit(bot, _number(rest))


async def _audit(bot: Medusa, number: int) -> View:
    deeds = await bot.services.audit.latest(number * DEEDS, DEEDS + 1)
    return panel.audit(deeds[:DEEDS], number, has_more=len(deeds) > DEEDS)


async def _set(bot: Medusa, query: CallbackQuery, role: str, change: str) -> None:
    services, policy = bot.services, await bot.services.policies.current()
    key, _, amount = change.partition(":")
    panel.limit(policy, role, key)  # a forged one
    allowance = getattr(policy, role).evolve(**allowances.read_change(key, amount))
    await services.policies.change(person(query.from_user), services.audit, **{role: allowance})


async def _stop(bot: Medusa, asked: Message | CallbackQuery, download: str) -> str:
    services = bot.services
    stopped = await services.jobs.stop(download)
    if stopped is None:
        return job.stale_button()
    of = stopped.request.person
    await services.audit.note(person(asked.from_user), "stop", f"{stopped.id} of {of.name} ({of.id})")
    return panel.stopped()


def _chat(text: str) -> int:
    if not re.fullmatch("-[0-9]{1,16}", text, re.ASCII):
        raise WrongArgument("I do not know this button.")
    return int(text)


def _period(text: str) -> Period:
    if text not in {one.value for one in Period}:
        raise WrongArgument("I do not know this button.")
    return Period(text)


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", text, re.ASCII):
        raise WrongArgument("I do not know this button.")
    return int(text)


PAGES: dict[str, Callable[[Medusa, str], Awaitable[View]]] = {
    "main": _main,
    "logs": _logs,
    "channels": _channels,
    "groups": _groups,
    "jobs": _jobs,
    "stopped": _first_jobs,
    "limits": _limits,
    "limit": _limit,
    "settings": _settings,
    "stats": _statistics,
    "health": _health,
    "audit": _deeds,
}
AFTER = {
    **dict.fromkeys(("unlog", "testlog", "retrylog"), "logs"),
    "unchan": "channels",
    "ungroup": "groups",
    "stop": "stopped",
    "set": "limit",
    "flip": "settings",
}
"""The page that is shown after something was done."""
