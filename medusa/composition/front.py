"""What speaks with people, and brings the log copies."""

from typing import NamedTuple

from medusa.charts.studio import Studio
from medusa.composition.base import Base, Carrier, Voice, make_source, make_vault
from medusa.config import Settings
from medusa.dialogs import Dialogs
from medusa.flood import Flood
from medusa.jobs.batch_watch import BatchWatch
from medusa.jobs.batches import Batches
from medusa.jobs.broadcaster import Broadcaster
from medusa.jobs.broadcasts import Broadcasts
from medusa.jobs.history import History
from medusa.jobs.log_desk import LogDesk
from medusa.jobs.lookups import Lookups
from medusa.jobs.outbox import IDLE_SECONDS, Outbox
from medusa.jobs.queue import Jobs
from medusa.jobs.statistics import Statistics
from medusa.jobs.tasks import Stores, Tasks
from medusa.jobs.tickets import Tickets
from medusa.media.catalogue import Catalogue
from medusa.media.thumbnails import Thumbnails
from medusa.operation import Operation
from medusa.people_desk import PeopleDesk
from medusa.settings_desk import SettingsDesk
from medusa.telegram.batch_posts import BatchPosts
from medusa.telegram.broadcast_posts import BroadcastPosts
from medusa.telegram.charts import Charts
from medusa.telegram.client import (
    Services,
)
from medusa.telegram.destinations import Destinations
from medusa.telegram.documents import Documents
from medusa.telegram.lookup_answers import LookupAnswers
from medusa.ytdlp.desk import ReleaseDesk

OTHERS_SECONDS = 3.0
"""How often log copies are looked for that other processes have left."""


def make_outbox(base: Base, voice: Voice) -> Outbox:
    """Brings the log copies."""
    idle_seconds = IDLE_SECONDS if base.settings.redis_url is None else OTHERS_SECONDS
    return Outbox(base.store.copies, base.store.channels, voice.log_channels, idle_seconds=idle_seconds)


class Front(NamedTuple):
    """What a process that speaks with people has besides."""

    outbox: Outbox
    tickets: Tickets
    carrier: Carrier | None
    watch: BatchWatch
    documents: Documents
    broadcaster: Broadcaster
    operation: Operation
    ytdlp: ReleaseDesk


def make_services(base: Base, voice: Voice, front: Front) -> Services:
    """What plugins may call."""
    settings, store, documents = base.settings, base.store, front.documents
    dialogs, destinations = Dialogs(store.dialogs), Destinations(voice.client, store.targets)
    jobs, batches = make_queue(base, voice, front.tickets, front.carrier, front.watch)
    statistics = Statistics(store.analytics)
    return Services(
        jobs=jobs,
        people=base.people,
        flood=Flood(),
        policies=base.policies,
        audit=voice.audit,
        admission=base.admission,
        people_desk=PeopleDesk(base.people, store.users, store.chats, base.policies, voice.audit),
        log_channels=voice.log_channels,
        log_desk=LogDesk(store.copies, store.channels, voice.log_channels, front.outbox, voice.audit),
        dialogs=dialogs,
        settings=SettingsDesk(base.people, dialogs, destinations, store.pictures),
        destinations=destinations,
        cookies=make_vault(base),
        sources=Catalogue(settings.data_dir / "jobs", base.nursery, plugins=settings.sources_dir),
        batches=batches,
        tasks=make_tasks(base, voice, jobs, batches),
        history=History(store.own),
        lookups=make_lookups(base, voice, documents),
        documents=documents,
        statistics=statistics,
        charts=Charts(voice.client, documents, statistics, Studio(settings.data_dir / "charts")),
        broadcasts=Broadcasts(
            store.broadcasts, store.receivers, voice.audit, front.broadcaster, named=named(settings)
        ),
        operation=front.operation,
        ytdlp=front.ytdlp,
    )


def make_tasks(base: Base, voice: Voice, jobs: Jobs, batches: Batches) -> Tasks:
    """Looks at what is under way."""
    store = base.store
    stores = Stores(store.own, store.downloads, store.batches, store.items, store.transfers, store.everybodys)
    return Tasks(stores, jobs, batches, progress_of=voice.announcer.transfer)


def make_broadcaster(base: Base, voice: Voice) -> Broadcaster:
    """Brings messages to everybody."""
    posts = BroadcastPosts(voice.client, voice.board)
    store = base.store
    return Broadcaster(store.broadcasts, store.receivers, posts, voice.audit, named=named(base.settings))


def named(settings: Settings) -> frozenset[int]:
    """Who has access by the settings."""
    return frozenset(settings.auth_users) | ({settings.owner} if settings.owner else frozenset())


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
        admission=base.admission,
    )
    batches = Batches(
        base.store.batches,
        base.store.items,
        base.store.pictures,
        Thumbnails(base.settings.data_dir / "jobs", base.nursery, allow=base.settings.fetch_allow),
        wake=tickets.issue,
        interrupt=interrupt,
        changed=watch.changed,
        admission=base.admission,
    )
    return jobs, batches


def make_lookups(base: Base, voice: Voice, documents: Documents) -> Lookups:
    """Looks at links for people. They are few, so no child is kept waiting for them."""
    return Lookups(make_source(base), make_vault(base), LookupAnswers(voice.client, voice.board, documents))


def make_watch(base: Base, voice: Voice, documents: Documents) -> BatchWatch:
    """Shows batches, and tells of their ends."""
    posts = BatchPosts(voice.client, voice.board, documents)
    return BatchWatch(base.store.batches, base.store.items, base.store.channels, posts)
