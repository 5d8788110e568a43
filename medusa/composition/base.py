"""What every process has, and what both sides of it build on."""

import asyncio
from typing import NamedTuple

from medusa.audit import Audit, Deed
from medusa.config import Duty, Settings
from medusa.jobs.admission import Admission
from medusa.jobs.tickets import Tickets, make_broker
from medusa.jobs.worker import Worker
from medusa.lease import Holder
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.people import People
from medusa.policies import Policies
from medusa.policy import Policy
from medusa.recordings import Recordings
from medusa.restarts import Restarts
from medusa.seal import Seal
from medusa.storage.mongo import Store
from medusa.telegram.account import BotAccount
from medusa.telegram.accounts import Accounts
from medusa.telegram.announcer import Announcer
from medusa.telegram.board import StatusBoard
from medusa.telegram.client import make_carrier as make_carrier_client
from medusa.telegram.client import (
    make_client,
)
from medusa.telegram.limits import Limits
from medusa.telegram.log_channels import LogChannels
from medusa.telegram.outgoing import rewrite
from medusa.telegram.pace import ChatPace, PacedClient
from medusa.telegram.tenure import Tenure
from medusa.vault import PURPOSE, CookieVault
from medusa.views.logs import deed_note


class Base(NamedTuple):
    """What every part builds on."""

    settings: Settings
    stop: asyncio.Event
    store: Store
    holder: Holder
    """This process."""
    policies: Policies
    """How the bot is run."""
    people: People
    """Who is who."""
    admission: Admission
    """Who may have how much."""
    nursery: Nursery
    """Where media children come from, with the yt-dlp of this process."""
    restarts: Restarts


class Voice(NamedTuple):
    """What this process says on Telegram, and by what."""

    client: PacedClient
    board: StatusBoard
    announcer: Announcer
    log_channels: LogChannels
    audit: Audit
    """What is done by those who run the bot."""


class Carrier(NamedTuple):
    """What carries downloads out."""

    worker: Worker
    bot: BotAccount
    accounts: Accounts
    limits: Limits
    recordings: Recordings


def make_base(settings: Settings, stop: asyncio.Event, store: Store, holder: Holder) -> Base:
    """What a process has one of; `stop` ends it."""
    # As the settings say, where nobody has decided otherwise.
    policies = Policies(store.policy, Policy(public=settings.public, archive=settings.archive))
    people = People(
        store.users,
        policies,
        store.chats,
        owner=settings.owner,
        auth_users=frozenset(settings.auth_users),
    )
    admission = Admission(people, store.usage, store.line, policies)
    restarts = Restarts(store.moments, stop)
    return Base(settings, stop, store, holder, policies, people, admission, Nursery(), restarts)


def make_voice(base: Base, held: Tenure, duty: Duty) -> Voice:
    """What this process says, and by what."""
    client = (make_client if duty.is_front else make_carrier_client)(base.settings, held.session)
    if base.settings.redis_url is not None:
        client.pace = ChatPace(base.store.paces)
    board = StatusBoard(lambda chat, message, view: rewrite(client, chat, message, view))
    log_channels = LogChannels(client, base.store.channels, owner=base.settings.owner)

    async def tell(deed: Deed) -> None:
        if (await base.policies.current()).admin_log:
            await log_channels.post(deed_note(deed))

    audit = Audit(base.store.audit, tell)
    return Voice(client, board, Announcer(board, base.store.downloads), log_channels, audit)


def make_tickets(settings: Settings, carrier: Carrier | None) -> Tickets:
    """By which the processes tell each other of work."""
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
    bot_id = settings.bot_token.get_secret_value().partition(":")[0]
    return Tickets(make_broker(redis_url, bot_id), carrier.worker if carrier else None)


def make_source(base: Base) -> Source:
    """Where media comes from."""
    settings, jobs = base.settings, base.settings.data_dir / "jobs"
    return Source(jobs, base.nursery, allow=settings.fetch_allow, plugins=settings.sources_dir)


def make_vault(base: Base) -> CookieVault:
    """The cookies of people."""
    settings = base.settings
    given = (settings.cookies_key,) if settings.cookies_key else (settings.bot_token, settings.api_hash)
    seal = Seal(*(secret.get_secret_value() for secret in given), purpose=PURPOSE)
    return CookieVault(base.store.cookies, seal, owner=settings.owner)
