"""Medusa's entry point: settings → log → the parts of this process → work until a signal → hand back.

`python app.py` does everything. `python app.py bot` speaks with people and brings the log copies, while any
number of `python app.py transfer` carry the downloads out; the database has what they share.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import uvloop
from loguru import logger

from medusa.composition.base import Base, Carrier, Voice, make_base, make_tickets, make_voice
from medusa.composition.carrier import make_carrier, make_sharing, premium
from medusa.composition.front import Front, make_broadcaster, make_outbox, make_services, make_watch
from medusa.composition.operation import (
    left_over,
    make_faults,
    make_looks,
    make_operation,
    recorded,
    say_ready,
)
from medusa.composition.web import begin, listening
from medusa.composition.ytdlp import begin_ytdlp
from medusa.config import Duty, Settings, duty_of, load_settings
from medusa.errors import Cancelled, MedusaError
from medusa.health import Health
from medusa.heap import give_back, settle
from medusa.jobs.clock_watch import ClockWatch
from medusa.jobs.epilogue import Epilogue
from medusa.jobs.outbox import Outbox
from medusa.jobs.tickets import Tickets
from medusa.log import Journal, set_up_logging
from medusa.process import this_process
from medusa.storage.embedded import embedded_mongod
from medusa.storage.mongo import Store, open_store
from medusa.telegram.account import BotAccount
from medusa.telegram.client import SESSION_NAME, Medusa, Services, session_seal
from medusa.telegram.documents import Documents
from medusa.telegram.lifecycle import connected, running
from medusa.telegram.tenure import Tenure, tenure
from medusa.telegram.titles import Titles
from medusa.telegram.user_session import shared_user
from medusa.ytdlp.desk import ReleaseDesk

CARRIER_NAMES = tuple(f"transfer-{number}" for number in range(1, 100))
"""The sessions of processes that only transfer, each for one of them."""
USER_NAME = "user"


Work = Callable[[], Coroutine[None, None, None]]


async def serve(duty: Duty, settings: Settings, journal: Journal, stop: asyncio.Event) -> bool:
    """Do one's duty until `stop` is set; what is under way then goes back to the queue. Whether to start
    again."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        status = await enter(listening(settings, stop))
        store = await enter(_store(settings))
        holder = await asyncio.to_thread(this_process, uuid4().hex)
        base = make_base(settings, stop, store, holder)
        stack.push_async_callback(base.nursery.aclose)
        await enter(recorded(make_faults(base, journal)))
        voice = make_voice(base, await enter(_first_session(base, duty)), duty)
        resumed, ytdlp = await left_over(base), await begin_ytdlp(base, voice)
        outbox = make_outbox(base, voice)
        carrier = await make_carrier(base, voice, outbox.wake, stack) if duty.transfers else None
        tickets = make_tickets(settings, carrier)
        bot = carrier.bot if carrier else BotAccount(voice.client, sessions=1)
        health = Health(make_looks(base, voice, bot, tickets))
        watch = ClockWatch(store.waiting)
        work: list[Work] = [tickets.run, base.restarts.run, base.lag.run, watch.run, give_back]
        work += ytdlp.work(duty)
        work += [carrier.worker.run] if carrier else []
        if isinstance(voice.client, Medusa):
            voice.client.services, speaking = _speaking(
                base, voice, outbox, tickets, carrier, bot, journal, ytdlp.desk, health
            )
            work += [*speaking, partial(say_ready, base, voice, carrier, base.restarts, resumed)]
            await enter(running(voice.client, owner=settings.owner))
            await voice.log_channels.seed(settings.log_channels, settings.backup_log_channels)
        else:
            work += [make_sharing(base, voice).run, make_faults(base, journal).run]
            await enter(connected(voice.client))
        stack.push_async_callback(bot.close)
        if carrier is not None and settings.user_session_string is not None:
            opening = partial(premium, base, voice, carrier, settings.user_session_string.get_secret_value())
            await enter(shared_user(carrier.accounts, partial(_session, base, (USER_NAME,)), opening))
        stack.push_async_callback(voice.board.close)
        await begin(status, base, health, duty)
        settle()
        logger.info("ready as @{}", voice.client.username)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run()) for run in work]
            await stop.wait()
            logger.info("stopping")
            for task in tasks:
                task.cancel()
    logger.info("stopped")
    return base.restarts.is_wanted


def _speaking(
    base: Base,
    voice: Voice,
    outbox: Outbox,
    tickets: Tickets,
    carrier: Carrier | None,
    bot: BotAccount,
    journal: Journal,
    ytdlp: ReleaseDesk,
    health: Health,
) -> tuple[Services, list[Work]]:
    """What the process that speaks with people has for that, and what it does all the time."""
    documents = Documents(voice.client, bot.uploader)
    watch, faults = make_watch(base, voice, documents), make_faults(base, journal, voice)
    operation = make_operation(base.restarts, journal, faults, health)
    broadcaster = make_broadcaster(base, voice)
    front = Front(outbox, tickets, carrier, watch, documents, broadcaster, operation, ytdlp)
    services = make_services(base, voice, front)
    epilogue = Epilogue(base.store.downloads, voice.announcer.announce)
    watching = partial(watch.run, services.batches)
    titles = Titles(voice.client, base.store.unnamed)
    regular = [services.statistics.run, broadcaster.run, faults.run, titles.complete]
    return services, [outbox.run, epilogue.run, watching, services.lookups.run, *regular]


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


def _make(data_dir: Path) -> None:
    """Links need no disk: what does says so when it is wanted."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        logger.warning("DATA_DIR cannot be used: {}", error)


async def main() -> int | None:
    """Run until SIGTERM or SIGINT; the exit status, or None: start again."""
    try:
        duty = duty_of(sys.argv[1:])
        settings = load_settings(duty)
        journal = set_up_logging(settings)
        _make(settings.data_dir)
        stop, told = asyncio.Event(), asyncio.Event()

        def end() -> None:
            told.set()
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, end)
        if await serve(duty, settings, journal, stop) and not told.is_set():
            return None
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
    if status is None:
        # In the same process, so that whatever has started it (a container, a service) sees no end of it.
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    os._exit(status)
