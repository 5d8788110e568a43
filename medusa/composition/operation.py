"""What those who run the bot have for that: health, the log, faults, restarts, the start-up report."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from loguru import logger

from medusa.composition.base import Base, Carrier, Voice
from medusa.errors import MedusaError
from medusa.faults import Faults
from medusa.health import Health, Look
from medusa.jobs.tickets import Tickets
from medusa.log import Journal
from medusa.loop_lag import LoopLag
from medusa.memory import read_memory
from medusa.operation import Operation
from medusa.restarts import Restarts
from medusa.start import PremiumState, Start
from medusa.telegram.account import BotAccount
from medusa.telegram.fault_posts import FaultPosts
from medusa.telegram.outgoing import rewrite, write
from medusa.telegram.vitals import TelegramVitals
from medusa.versions import read_versions
from medusa.views.operation import restarted, started
from medusa.views.view import View
from medusa.vitals import CopiesState, DatabaseState, DiskState, MemoryState, UptimeState, Vital

REPORT = "start report"
REPORT_PAUSE = timedelta(minutes=10)
"""A bot that is killed again and again reports only once in this time."""


def make_faults(base: Base, journal: Journal, voice: Voice | None = None) -> Faults:
    """Records what goes wrong in the program; with a voice, tells the owner of it."""
    posts = FaultPosts(voice.client, base.settings.owner) if voice else None
    return Faults(journal.faults, base.store.faults, base.store.moments, base.policies, posts)


@asynccontextmanager
async def recorded(faults: Faults) -> AsyncIterator[None]:
    """What ends the process is recorded, too: while this is open, and the database is there."""
    try:
        yield
    except MedusaError:
        raise
    except Exception:
        logger.exception("a fault in the program ends the bot")
        raise
    finally:
        await faults.close()


def make_operation(
    restarts: Restarts, journal: Journal, faults: Faults, looks: dict[Vital, Look]
) -> Operation:
    """What plugins may call."""
    return Operation(Health(looks), journal.ring, faults, restarts)


def make_looks(
    base: Base, voice: Voice, bot: BotAccount, tickets: Tickets, lag: LoopLag
) -> dict[Vital, Look]:
    """How each of the things is that the bot depends on."""
    begun = time.monotonic()

    async def database() -> DatabaseState:
        return await look_at_database(base)

    async def disk() -> DiskState:
        usage = await asyncio.to_thread(shutil.disk_usage, base.settings.data_dir)
        return DiskState(free=usage.free, total=usage.total)

    async def memory() -> MemoryState:
        return await asyncio.to_thread(read_memory)

    async def copies() -> CopiesState:
        return await look_at_copies(base)

    async def uptime() -> UptimeState:
        return UptimeState(time.monotonic() - begun)

    return {
        Vital.TELEGRAM: TelegramVitals(voice.client, lambda: bot.connections).look,
        Vital.DATABASE: database,
        Vital.BROKER: tickets.look,
        Vital.DISK: disk,
        Vital.MEMORY: memory,
        Vital.LOOP: lag.look,
        Vital.DOWNLOADS: base.store.vitals.downloads,
        Vital.COPIES: copies,
        Vital.UPTIME: uptime,
    }


async def look_at_database(base: Base) -> DatabaseState:
    """How it is, and whose. Raises StoreUnavailable."""
    found = await base.store.vitals.database()
    return found._replace(is_private=base.settings.mongodb_uri is None)


async def look_at_copies(base: Base) -> CopiesState:
    """How the log copies stand. Raises StoreUnavailable."""
    tallies = (await base.store.copies.tallies()).values()
    channels = await base.store.channels.log_channels()
    return CopiesState(
        waiting=sum(tally.waiting for tally in tallies),
        failed=sum(tally.failed for tally in tallies),
        broken=sum(not channel.works for channel in channels),
    )


# --- when it has started --------------------------------------------------------------------------


async def left_over(base: Base) -> tuple[int, int, int]:
    """Downloads, batches and log copies of before, as they are before any of them is taken up. Raises
    StoreUnavailable."""
    downloads = await base.store.vitals.downloads()
    batches = await base.store.batches.under_way()
    return downloads.queued, len(batches), (await look_at_copies(base)).waiting


async def say_ready(
    base: Base, voice: Voice, carrier: Carrier | None, restarts: Restarts, resumed: tuple[int, int, int]
) -> None:
    """Tell whoever asked for a restart that it is over, and the owner how the bot is. Nothing depends on
    whether that works."""
    try:
        now = datetime.now(UTC)
        restart = await restarts.finished()
        if restart is not None:
            view = restarted((now - restart.at).total_seconds())
            await rewrite(voice.client, restart.chat_id, restart.message_id, view)
        if base.settings.owner is None or not base.settings.start_report:
            return
        if await base.store.moments.take(REPORT, now, timedelta() if restart else REPORT_PAUSE):
            view = started(await _start(base, voice, carrier, resumed))
            await _report(base, voice, base.settings.owner, view)
    except MedusaError as error:
        logger.info("the owner is not told that the bot is ready: {} {}", error, error.detail)
    except Exception:
        logger.exception("a fault in the program kept the start-up report from its owner")


async def _report(base: Base, voice: Voice, owner: int, view: View) -> None:
    """Raises MedusaError; then the next start reports."""
    try:
        await write(voice.client, owner, view)
    except MedusaError:
        await base.store.moments.give_back(REPORT)
        raise


async def _start(base: Base, voice: Voice, carrier: Carrier | None, resumed: tuple[int, int, int]) -> Start:
    downloads, batches, copies = resumed
    premium, problem = _premium(base, carrier)
    return Start(
        versions=await asyncio.to_thread(read_versions, base.nursery.engine.in_use),
        today=datetime.now(UTC).date(),
        username=voice.client.username,
        premium=premium,
        premium_problem=problem,
        is_private=base.settings.mongodb_uri is None,
        database=await look_at_database(base),
        is_shared=base.settings.redis_url is not None,
        downloads=downloads,
        batches=batches,
        copies=copies,
    )


def _premium(base: Base, carrier: Carrier | None) -> tuple[PremiumState, str]:
    if base.settings.user_session_string is None:
        return PremiumState.NONE, ""
    user = carrier.accounts.premium if carrier else None
    if user is None:
        return PremiumState.ELSEWHERE, ""
    if user.problem is not None:
        return PremiumState.UNUSABLE, user.problem.sentence
    return PremiumState.USED, ""
