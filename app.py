"""Medusa's entry point: settings → log → store, client, services → work until a signal → hand back."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import uvloop
from loguru import logger

from medusa.config import Settings, load_settings
from medusa.delivery import Delivery
from medusa.errors import MedusaError
from medusa.jobs.outbox import Outbox
from medusa.jobs.queue import Jobs
from medusa.jobs.worker import Worker
from medusa.log import set_up_logging
from medusa.media.source import Source
from medusa.people import People
from medusa.storage.embedded import embedded_mongod
from medusa.storage.mongo import Store, open_store
from medusa.telegram.account import BotAccount, Uplink
from medusa.telegram.accounts import Accounts
from medusa.telegram.announcer import Announcer
from medusa.telegram.archive import Archive
from medusa.telegram.board import StatusBoard
from medusa.telegram.client import Services, make_client, make_user
from medusa.telegram.lifecycle import running, user_running
from medusa.telegram.limits import Limits, read_limits
from medusa.telegram.log_channels import LogChannels
from medusa.telegram.outgoing import rewrite, tell
from medusa.telegram.premium import SESSIONS, Premium
from medusa.transfer import Transfer
from medusa.upload.keeping import Keeper


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Run the bot until `stop` is set; what is under way then goes back to the queue."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(_store(settings))
        limits = await read_limits(settings)
        client = make_client(settings)
        bot = BotAccount(client, sessions=settings.upload_sessions, max_parts=limits.bot)
        log_channels = LogChannels(client, store.channels)
        premium = await stack.enter_async_context(_premium(settings, limits, bot, log_channels))
        board = StatusBoard(lambda chat, message, view: rewrite(client, chat, message, view))
        announcer = Announcer(board)
        source = await stack.enter_async_context(
            Source(settings.data_dir / "jobs", allow=settings.fetch_allow)
        )
        accounts = Accounts(bot, premium)
        archive = Archive(bot, store.archive) if settings.archive else None
        delivery = _delivery(settings, store, source, accounts, announcer, log_channels, archive)
        outbox = Outbox(store.copies, store.channels, log_channels)
        worker = Worker(
            store.downloads,
            delivery.deliver,
            announcer,
            holder=uuid4().hex,
            slots=settings.max_concurrent_jobs,
            on_done=outbox.wake,
            grace_seconds=settings.stop_grace,
        )
        client.services = Services(
            jobs=Jobs(
                store.downloads, wake=worker.wake, interrupt=worker.interrupt, announce=announcer.announce
            ),
            people=_people(settings, store),
            log_channels=log_channels,
        )
        await stack.enter_async_context(running(client, owner=settings.owner))
        stack.push_async_callback(bot.close)
        stack.push_async_callback(board.close)
        await log_channels.seed(settings.log_channels, settings.backup_log_channels)
        if premium is not None:
            await premium.account()
        logger.info("ready as @{}", client.username)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(worker.run()), group.create_task(outbox.run())]
            await stop.wait()
            logger.info("stopping")
            for task in tasks:
                task.cancel()
    logger.info("stopped")


def _delivery(
    settings: Settings,
    store: Store,
    source: Source,
    accounts: Accounts,
    announcer: Announcer,
    log_channels: LogChannels,
    archive: Archive | None,
) -> Delivery:
    keeper = Keeper(store.uploads)
    transfer = Transfer(
        source, keeper, on_progress=announcer.announce_progress, spool_directory=settings.data_dir
    )
    return Delivery(source, accounts, transfer, keeper, archive=archive, log_copies=log_channels.copies)


def _people(settings: Settings, store: Store) -> People:
    return People(
        store.users,
        owner=settings.owner,
        auth_users=frozenset(settings.auth_users),
        public=settings.public,
    )


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
async def _premium(
    settings: Settings, limits: Limits, bot: BotAccount, log_channels: LogChannels
) -> AsyncIterator[Premium | None]:
    """The user of the settings, for what is too large for the bot; None where none is set."""
    if settings.user_session_string is None:
        yield None
        return
    client = make_user(settings, settings.user_session_string.get_secret_value())
    uplink = Uplink(client, sessions=SESSIONS, max_parts=limits.premium)
    async with user_running(client) as refusal:
        try:
            yield Premium(
                uplink,
                bot,
                log_channels=log_channels.all,
                tell=lambda problem: tell(bot.client, settings.owner, problem),
                problem=refusal,
            )
        finally:
            await uplink.close()


async def main() -> int:
    """Run until SIGTERM or SIGINT; the exit status."""
    try:
        settings = load_settings()
        set_up_logging(settings)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(settings, stop)
    except MedusaError as error:
        logger.error("{} {} {}", error, error.advice, error.detail)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
