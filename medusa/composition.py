"""The parts of a process, put together: what app.py starts and stops."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from medusa.album_delivery import AlbumDelivery
from medusa.config import Duty, Settings
from medusa.delivery import Delivery
from medusa.dialogs import Dialogs
from medusa.jobs.batch_watch import BatchWatch
from medusa.jobs.batches import Batches
from medusa.jobs.history import History
from medusa.jobs.log_desk import LogDesk
from medusa.jobs.lookups import Lookups
from medusa.jobs.outbox import IDLE_SECONDS, Outbox
from medusa.jobs.queue import Jobs
from medusa.jobs.sharing import Sharing
from medusa.jobs.tasks import Stores, Tasks
from medusa.jobs.tickets import Tickets, make_broker
from medusa.jobs.turns import BatchTurns
from medusa.jobs.unfolding import Unfolding
from medusa.jobs.worker import Worker
from medusa.lease import Holder
from medusa.media.catalogue import Catalogue
from medusa.media.source import Source
from medusa.media.thumbnails import Thumbnails
from medusa.people import People
from medusa.recordings import Recordings
from medusa.seal import Seal
from medusa.settings_desk import SettingsDesk
from medusa.storage.mongo import Store
from medusa.telegram.account import BotAccount, Uplink
from medusa.telegram.accounts import Accounts
from medusa.telegram.announcer import Announcer
from medusa.telegram.archive import Archive
from medusa.telegram.batch_posts import BatchPosts
from medusa.telegram.board import StatusBoard
from medusa.telegram.client import (
    Services,
    make_client,
    make_user,
)
from medusa.telegram.client import make_carrier as make_carrier_client
from medusa.telegram.destinations import Destinations
from medusa.telegram.documents import Documents
from medusa.telegram.lifecycle import user_running
from medusa.telegram.limits import Limits, read_limits
from medusa.telegram.log_channels import LogChannels
from medusa.telegram.lookup_answers import LookupAnswers
from medusa.telegram.outgoing import rewrite, tell
from medusa.telegram.pace import ChatPace, PacedClient
from medusa.telegram.premium import SESSIONS, Premium
from medusa.telegram.tenure import Tenure
from medusa.transfer import Transfer
from medusa.upload.keeping import Keeper
from medusa.vault import PURPOSE, CookieVault

OTHERS_SECONDS = 3.0
"""How often log copies are looked for that other processes have left."""


class Base(NamedTuple):
    """What every part builds on."""

    settings: Settings
    stop: asyncio.Event
    store: Store
    holder: Holder
    """This process."""


class Voice(NamedTuple):
    """What this process says on Telegram, and by what."""

    client: PacedClient
    board: StatusBoard
    announcer: Announcer
    log_channels: LogChannels


class Carrier(NamedTuple):
    """What carries downloads out."""

    worker: Worker
    bot: BotAccount
    accounts: Accounts
    limits: Limits
    recordings: Recordings


def make_voice(base: Base, held: Tenure, duty: Duty) -> Voice:
    """What this process says, and by what."""
    client = (make_client if duty.is_front else make_carrier_client)(base.settings, held.session)
    if base.settings.redis_url is not None:
        client.pace = ChatPace(base.store.paces)
    board = StatusBoard(lambda chat, message, view: rewrite(client, chat, message, view))
    return Voice(
        client,
        board,
        Announcer(board, base.store.downloads),
        LogChannels(client, base.store.channels, owner=base.settings.owner),
    )


def make_tickets(settings: Settings, carrier: Carrier | None) -> Tickets:
    """By which the processes tell each other of work."""
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
    bot_id = settings.bot_token.get_secret_value().partition(":")[0]
    return Tickets(make_broker(redis_url, bot_id), carrier.worker if carrier else None)


# --- speaking with people -------------------------------------------------------------------------


def make_outbox(base: Base, voice: Voice) -> Outbox:
    """Brings the log copies."""
    idle_seconds = IDLE_SECONDS if base.settings.redis_url is None else OTHERS_SECONDS
    return Outbox(base.store.copies, base.store.channels, voice.log_channels, idle_seconds=idle_seconds)


def make_services(
    base: Base,
    voice: Voice,
    outbox: Outbox,
    tickets: Tickets,
    carrier: Carrier | None,
    watch: BatchWatch,
    documents: Documents,
) -> Services:
    """What plugins may call."""
    settings, store = base.settings, base.store
    people = People(
        store.users, owner=settings.owner, auth_users=frozenset(settings.auth_users), public=settings.public
    )
    dialogs, destinations = Dialogs(store.dialogs), Destinations(voice.client, store.targets)
    jobs, batches = make_queue(base, voice, tickets, carrier, watch)
    return Services(
        jobs=jobs,
        people=people,
        log_channels=voice.log_channels,
        log_desk=LogDesk(store.copies, store.channels, voice.log_channels, outbox),
        dialogs=dialogs,
        settings=SettingsDesk(people, dialogs, destinations, store.pictures),
        destinations=destinations,
        cookies=make_vault(base),
        sources=Catalogue(settings.data_dir / "jobs", plugins=settings.sources_dir),
        batches=batches,
        tasks=Tasks(
            Stores(store.own, store.downloads, store.batches, store.items, store.transfers),
            jobs,
            batches,
            progress_of=voice.announcer.transfer,
        ),
        history=History(store.own),
        lookups=make_lookups(base, voice, documents),
        documents=documents,
    )


def make_queue(
    base: Base, voice: Voice, tickets: Tickets, carrier: Carrier | None, watch: BatchWatch
) -> tuple[Jobs, Batches]:
    """What accepts downloads and batches, and stops them."""
    interrupt = carrier.worker.interrupt if carrier else lambda job: False
    jobs = Jobs(
        base.store.downloads,
        wake=tickets.issue,
        interrupt=interrupt,
        announce=voice.announcer.announce,
        recordings=carrier.recordings if carrier else None,
    )
    batches = Batches(
        base.store.batches,
        base.store.items,
        base.store.pictures,
        Thumbnails(base.settings.data_dir / "jobs", allow=base.settings.fetch_allow),
        wake=tickets.issue,
        interrupt=interrupt,
        changed=watch.changed,
    )
    return jobs, batches


def make_lookups(base: Base, voice: Voice, documents: Documents) -> Lookups:
    """Looks at links for people. They are few, so no child is kept waiting for them."""
    return Lookups(
        make_source(base.settings), make_vault(base), LookupAnswers(voice.client, voice.board, documents)
    )


def make_source(settings: Settings) -> Source:
    """Where media comes from."""
    return Source(settings.data_dir / "jobs", allow=settings.fetch_allow, plugins=settings.sources_dir)


def make_watch(base: Base, voice: Voice, documents: Documents) -> BatchWatch:
    """Shows batches, and tells of their ends."""
    posts = BatchPosts(voice.client, voice.board, documents)
    return BatchWatch(base.store.batches, base.store.items, base.store.channels, posts)


def make_vault(base: Base) -> CookieVault:
    """The cookies of people."""
    settings = base.settings
    given = (settings.cookies_key,) if settings.cookies_key else (settings.bot_token, settings.api_hash)
    seal = Seal(*(secret.get_secret_value() for secret in given), purpose=PURPOSE)
    return CookieVault(base.store.cookies, seal, owner=settings.owner)


# --- carrying downloads out -----------------------------------------------------------------------


def make_sharing(base: Base, voice: Voice) -> Sharing:
    """Tells the process that speaks with people how far downloads are here."""
    return Sharing(base.store.transfers, voice.announcer.transfers)


async def make_carrier(
    base: Base, voice: Voice, on_done: Callable[[], None], stack: AsyncExitStack
) -> Carrier:
    """What carries downloads out; `on_done` is called when one is over."""
    settings, store = base.settings, base.store
    limits = await read_limits(settings)
    bot = BotAccount(
        voice.client,
        sessions=settings.upload_sessions,
        max_parts=limits.bot,
        pictures=store.pictures,
        destinations=Destinations(voice.client, store.targets),
    )
    accounts = Accounts(bot, None)
    source = await stack.enter_async_context(make_source(settings))
    turns, recordings = BatchTurns(store.items, store.batches), Recordings()
    transfer = Transfer(
        source,
        Keeper(store.uploads),
        on_progress=voice.announcer.announce_progress,
        turns=turns,
        recordings=recordings,
        spool_directory=settings.data_dir,
    )
    worker = Worker(
        store.downloads,
        make_delivery(base, voice, bot, accounts, source, transfer).deliver,
        voice.announcer,
        holder=base.holder.id,
        slots=settings.max_concurrent_jobs,
        most_per_person=settings.max_jobs_per_user,
        on_done=on_done,
        turns=turns,
        recordings=recordings,
        grace_seconds=settings.stop_grace,
    )
    return Carrier(worker, bot, accounts, limits, recordings)


def make_delivery(
    base: Base, voice: Voice, bot: BotAccount, accounts: Accounts, source: Source, transfer: Transfer
) -> AlbumDelivery:
    """What brings a link to its end."""
    store, turns = base.store, BatchTurns(base.store.items, base.store.batches)
    cookies, log_copies = make_vault(base), voice.log_channels.copies
    delivery = Delivery(
        source,
        accounts,
        transfer,
        Keeper(store.uploads),
        archive=Archive(bot, store.archive, turns) if base.settings.archive else None,
        cookies=cookies,
        log_copies=log_copies,
        unfold=Unfolding(store.batches, Dialogs(store.dialogs)).unfold,
        on_sent=store.downloads.progress,
    )
    return AlbumDelivery(delivery, source, bot, transfer, cookies=cookies, log_copies=log_copies)


@asynccontextmanager
async def premium(base: Base, voice: Voice, carrier: Carrier, session_string: str) -> AsyncIterator[Premium]:
    """The user of the settings, for what is too large for the bot."""
    client = make_user(base.settings, session_string)
    uplink = Uplink(client, sessions=SESSIONS, max_parts=carrier.limits.premium, pictures=base.store.pictures)
    async with user_running(client) as refusal:
        try:
            yield Premium(
                uplink,
                carrier.bot,
                log_channels=voice.log_channels.all,
                tell=lambda problem: tell(voice.client, base.settings.owner, problem),
                problem=refusal,
            )
        finally:
            await uplink.close()
