"""Medusa's entry point: settings → log → the parts of this process → work until a signal → hand back.

`python app.py` does everything. `python app.py bot` speaks with people and brings the log copies, while any
number of `python app.py transfer` carry the downloads out; the database has what they share.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import NamedTuple
from uuid import uuid4

import uvloop
from loguru import logger

from medusa.config import Duty, Settings, duty_of, load_settings
from medusa.delivery import Delivery
from medusa.dialogs import Dialogs
from medusa.errors import Cancelled, MedusaError
from medusa.jobs.epilogue import Epilogue
from medusa.jobs.log_desk import LogDesk
from medusa.jobs.outbox import IDLE_SECONDS, Outbox
from medusa.jobs.queue import Jobs
from medusa.jobs.tickets import Tickets, make_broker
from medusa.jobs.worker import Worker
from medusa.lease import Holder
from medusa.log import set_up_logging
from medusa.media.source import Source
from medusa.people import People
from medusa.process import this_process
from medusa.storage.embedded import embedded_mongod
from medusa.storage.mongo import Store, open_store
from medusa.telegram.account import BotAccount, Uplink
from medusa.telegram.accounts import Accounts
from medusa.telegram.announcer import Announcer
from medusa.telegram.archive import Archive
from medusa.telegram.board import StatusBoard
from medusa.telegram.client import (
    SESSION_NAME,
    Medusa,
    Services,
    make_carrier,
    make_client,
    make_user,
    session_seal,
)
from medusa.telegram.lifecycle import connected, running, user_running
from medusa.telegram.limits import Limits, read_limits
from medusa.telegram.log_channels import LogChannels
from medusa.telegram.outgoing import rewrite, tell
from medusa.telegram.pace import ChatPace, PacedClient
from medusa.telegram.premium import SESSIONS, Premium
from medusa.telegram.tenure import Tenure, tenure
from medusa.telegram.user_session import shared_user
from medusa.transfer import Transfer
from medusa.upload.keeping import Keeper

CARRIER_NAMES = tuple(f"transfer-{number}" for number in range(1, 100))
"""The sessions of processes that only transfer, each for one of them."""
USER_NAME = "user"
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


async def serve(duty: Duty, settings: Settings, stop: asyncio.Event) -> None:
    """Do one's duty until `stop` is set; what is under way then goes back to the queue."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        store = await enter(_store(settings))
        base = Base(settings, stop, store, await asyncio.to_thread(this_process, uuid4().hex))
        voice = _voice(base, await enter(_first_session(base, duty)), duty)
        outbox = _outbox(base, voice)
        carrier = await _carrier(base, voice, outbox.wake, stack) if duty.transfers else None
        tickets = _tickets(settings, carrier)
        if isinstance(voice.client, Medusa):
            voice.client.services = _services(base, voice, outbox, tickets, carrier)
            await enter(running(voice.client, owner=settings.owner))
            await voice.log_channels.seed(settings.log_channels, settings.backup_log_channels)
        else:
            await enter(connected(voice.client))
        if carrier is not None:
            stack.push_async_callback(carrier.bot.close)
            if settings.user_session_string is not None:
                opening = partial(
                    _premium, base, voice, carrier, settings.user_session_string.get_secret_value()
                )
                await enter(shared_user(carrier.accounts, partial(_session, base, (USER_NAME,)), opening))
        stack.push_async_callback(voice.board.close)
        logger.info("ready as @{}", voice.client.username)
        work = [
            tickets.run,
            *([carrier.worker.run] if carrier else []),
            *([outbox.run, Epilogue(store.downloads, voice.announcer.announce).run] if duty.is_front else []),
        ]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run()) for run in work]
            await stop.wait()
            logger.info("stopping")
            for task in tasks:
                task.cancel()
    logger.info("stopped")


# --- what every process has -----------------------------------------------------------------------


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[Store]:
    """The database of the settings, or a private one of our own."""
    async with AsyncExitStack() as stack:
        if settings.mongodb_uri is not None:
            uri = settings.mongodb_uri.get_secret_value()
        else:
            uri = await stack.enter_async_context(embedded_mongod(settings.data_dir / "mongo"))
        yield await stack.enter_async_context(open_store(uri, settings.database_name))


@asynccontextmanager
async def _session(base: Base, names: Sequence[str]) -> AsyncIterator[Tenure]:
    """The first of these sessions that no other process uses."""
    async with tenure(
        base.store.sessions,
        names,
        holder=base.holder,
        seal=session_seal(base.settings),
        server=base.settings.telegram_server,
        stop=base.stop,
    ) as held:
        yield held


@asynccontextmanager
async def _first_session(base: Base, duty: Duty) -> AsyncIterator[Tenure]:
    """The bot's session. Enter it before anything that speaks to Telegram. What a process that is gone has
    left undone is taken up at once."""
    async with _session(base, (SESSION_NAME,) if duty.is_front else CARRIER_NAMES) as held:
        if held.previous is not None:
            await base.store.downloads.release(held.previous)
        yield held


def _voice(base: Base, held: Tenure, duty: Duty) -> Voice:
    client = (make_client if duty.is_front else make_carrier)(base.settings, held.session)
    if base.settings.redis_url is not None:
        client.pace = ChatPace(base.store.paces)
    board = StatusBoard(lambda chat, message, view: rewrite(client, chat, message, view))
    return Voice(
        client,
        board,
        Announcer(board, base.store.downloads),
        LogChannels(client, base.store.channels, owner=base.settings.owner),
    )


def _tickets(settings: Settings, carrier: Carrier | None) -> Tickets:
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
    bot_id = settings.bot_token.get_secret_value().partition(":")[0]
    return Tickets(make_broker(redis_url, bot_id), carrier.worker if carrier else None)


# --- speaking with people -------------------------------------------------------------------------


def _outbox(base: Base, voice: Voice) -> Outbox:
    idle_seconds = IDLE_SECONDS if base.settings.redis_url is None else OTHERS_SECONDS
    return Outbox(base.store.copies, base.store.channels, voice.log_channels, idle_seconds=idle_seconds)


def _services(
    base: Base, voice: Voice, outbox: Outbox, tickets: Tickets, carrier: Carrier | None
) -> Services:
    settings, store = base.settings, base.store
    return Services(
        jobs=Jobs(
            store.downloads,
            wake=tickets.issue,
            interrupt=carrier.worker.interrupt if carrier else lambda job: False,
            announce=voice.announcer.announce,
        ),
        people=People(
            store.users,
            owner=settings.owner,
            auth_users=frozenset(settings.auth_users),
            public=settings.public,
        ),
        log_channels=voice.log_channels,
        log_desk=LogDesk(store.copies, store.channels, voice.log_channels, outbox),
        dialogs=Dialogs(store.dialogs),
    )


# --- carrying downloads out -----------------------------------------------------------------------


async def _carrier(base: Base, voice: Voice, on_done: Callable[[], None], stack: AsyncExitStack) -> Carrier:
    settings, store = base.settings, base.store
    limits = await read_limits(settings)
    bot = BotAccount(voice.client, sessions=settings.upload_sessions, max_parts=limits.bot)
    accounts = Accounts(bot, None)
    source = await stack.enter_async_context(Source(settings.data_dir / "jobs", allow=settings.fetch_allow))
    keeper = Keeper(store.uploads)
    transfer = Transfer(
        source, keeper, on_progress=voice.announcer.announce_progress, spool_directory=settings.data_dir
    )
    delivery = Delivery(
        source,
        accounts,
        transfer,
        keeper,
        archive=Archive(bot, store.archive) if settings.archive else None,
        log_copies=voice.log_channels.copies,
        on_sent=store.downloads.progress,
    )
    worker = Worker(
        store.downloads,
        delivery.deliver,
        voice.announcer,
        holder=base.holder.id,
        slots=settings.max_concurrent_jobs,
        most_per_person=settings.max_jobs_per_user,
        on_done=on_done,
        grace_seconds=settings.stop_grace,
    )
    return Carrier(worker, bot, accounts, limits)


@asynccontextmanager
async def _premium(base: Base, voice: Voice, carrier: Carrier, session_string: str) -> AsyncIterator[Premium]:
    """The user of the settings, for what is too large for the bot."""
    client = make_user(base.settings, session_string)
    uplink = Uplink(client, sessions=SESSIONS, max_parts=carrier.limits.premium)
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


async def main() -> int:
    """Run until SIGTERM or SIGINT; the exit status."""
    try:
        duty = duty_of(sys.argv[1:])
        settings = load_settings(duty)
        set_up_logging(settings)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(duty, settings, stop)
    except Cancelled:
        logger.info("stopped")
    except MedusaError as error:
        logger.error("{} {} {}", error, error.advice, error.detail)
        return 2
    return 0


if __name__ == "__main__":
    status = uvloop.run(main())
    # Not sys.exit: it waits for threads of the driver that may still look for a database that is down.
    sys.stderr.flush()
    os._exit(status)
