"""What carries downloads out."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from medusa.album_delivery import AlbumDelivery
from medusa.composition.base import Base, Carrier, Voice, make_source, make_vault
from medusa.delivery import Delivery
from medusa.dialogs import Dialogs
from medusa.jobs.sharing import Sharing
from medusa.jobs.turns import BatchTurns
from medusa.jobs.unfolding import Unfolding
from medusa.jobs.worker import Worker
from medusa.media.source import Source
from medusa.metering import Metering
from medusa.recordings import Recordings
from medusa.telegram.account import BotAccount, Uplink
from medusa.telegram.accounts import Accounts
from medusa.telegram.archive import Archive
from medusa.telegram.client import (
    make_user,
)
from medusa.telegram.destinations import Destinations
from medusa.telegram.lifecycle import user_running
from medusa.telegram.limits import read_limits
from medusa.telegram.outgoing import tell
from medusa.telegram.premium import SESSIONS, Premium
from medusa.transfer import Transfer
from medusa.upload.keeping import Keeper


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
    base.nursery.prepare()
    source = make_source(base)
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
        archive=Archive(bot, store.archive, turns, base.policies),
        cookies=cookies,
        log_copies=log_copies,
        unfold=Unfolding(store.batches, Dialogs(store.dialogs)).unfold,
        on_sent=store.downloads.progress,
        metering=Metering(base.admission),
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
