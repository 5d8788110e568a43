"""Links become downloads: each is accepted, and its person sees a status message."""

from collections.abc import Iterable

from pyrogram.types import Message

from medusa.albums import gathered
from medusa.model import Request
from medusa.telegram.client import Medusa
from medusa.telegram.outgoing import reply
from medusa.telegram.posting import find_reply
from medusa.views import job


async def accept(bot: Medusa, message: Message, requests: Iterable[Request]) -> None:
    """Accept what a message asks for, and return. Raises StoreUnavailable, and what `reply` raises."""
    for request in gathered(list(requests)):
        async with bot.accepting:
            accepted = await bot.services.jobs.submit(request)
        if accepted is None:
            continue
        download = accepted.download
        status = None if accepted.is_new else await find_reply(bot, message, job.cancel_button(download.id))
        if status is None:
            status = await reply(bot, message, job.queued(request.url, accepted.ahead, download.id))
        await bot.services.jobs.start(download, status)
