"""The Pyrogram clients: the bot's, carrying the services that its plugins call, and those of users."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loguru import logger
from pyrogram import Client, raw
from pyrogram.enums import ParseMode
from pyrogram.errors import PeerIdInvalid, QueryIdInvalid
from pyrogram.raw.base import Updates
from pyrogram.storage import SQLiteStorage, Storage
from pyrogram.types import LinkPreviewOptions

from medusa.audit import Audit
from medusa.config import Settings
from medusa.dialogs import Dialogs
from medusa.flood import Flood
from medusa.jobs.admission import Admission
from medusa.jobs.batches import Batches
from medusa.jobs.broadcasts import Broadcasts
from medusa.jobs.history import History
from medusa.jobs.log_desk import LogDesk
from medusa.jobs.lookups import Lookups
from medusa.jobs.queue import Jobs
from medusa.jobs.statistics import Statistics
from medusa.jobs.tasks import Tasks
from medusa.media.catalogue import Catalogue
from medusa.operation import Operation
from medusa.people import People
from medusa.people_desk import PeopleDesk
from medusa.policies import Policies
from medusa.seal import Seal
from medusa.settings_desk import SettingsDesk
from medusa.telegram.arrivals import Arrivals
from medusa.telegram.charts import Charts
from medusa.telegram.destinations import Destinations
from medusa.telegram.documents import Documents
from medusa.telegram.errors import translated
from medusa.telegram.log_channels import LogChannels
from medusa.telegram.mtproto import ige
from medusa.telegram.pace import PacedClient
from medusa.telegram.proxying import proxy_of
from medusa.telegram.server import ServerStorage, trust
from medusa.telegram.stored_session import StoredSession
from medusa.telegram.transport import GuardedTransport
from medusa.vault import CookieVault
from medusa.ytdlp.desk import ReleaseDesk

SESSION_NAME = "medusa"
HANDLERS = 256
"""Updates that are handled at the same time. A handler never waits for a transfer, but for its turn to write:
when many people write at once, those who come last must not wait for the answers of all others first."""

ACCEPTING = 4
"""Links that are accepted at the same time. Of two hundred that come at once the first are soon done with,
and the others see that theirs will be; else all would be ready at
the same moment, the last one."""
MESSAGES = 100
"""That Pyrogram keeps, each with all that it answers, in case a button under it is pressed or it is answered.
An older one is asked for."""


@dataclass(frozen=True, slots=True)
class Services:
    """What plugins may call."""

    jobs: Jobs
    people: People
    flood: Flood
    people_desk: PeopleDesk
    admission: Admission
    policies: Policies
    audit: Audit
    log_channels: LogChannels
    log_desk: LogDesk
    dialogs: Dialogs
    settings: SettingsDesk
    destinations: Destinations
    cookies: CookieVault
    sources: Catalogue
    batches: Batches
    tasks: Tasks
    history: History
    lookups: Lookups
    documents: Documents
    statistics: Statistics
    charts: Charts
    broadcasts: Broadcasts
    operation: Operation
    ytdlp: ReleaseDesk


class Medusa(PacedClient):
    """The bot's client; `services` are assigned once, before it starts.

    It tells its session when all updates that have arrived are handled, so that none is lost when the process
    is killed.
    """

    services: Services

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accepting = asyncio.Semaphore(ACCEPTING)
        self._caught_up = False
        self._arriving = 0
        self.dispatcher.updates_queue = self._arrivals = Arrivals(self._settle)

    async def handle_updates(self, updates: Updates) -> None:
        """Take what Telegram tells."""
        with self._arrival():
            await Client.handle_updates(self, updates)

    async def answer_callback_query(self, *args: Any, **kwargs: Any) -> bool:
        """Answer a press; False when Telegram waits for that no more. Raises SlowedDown,
        TelegramUnreachable, UploadError."""
        with translated():
            try:
                return bool(await Client.answer_callback_query(self, *args, **kwargs))
            except QueryIdInvalid:
                logger.info("a press is answered too late")
                return False

    async def resolve_peer(self, peer_id: int | str) -> raw.base.InputPeer | None:
        """Where a request goes to. Raises PeerIdInvalid also for what can be nobody's number."""
        try:
            found: raw.base.InputPeer | None = await Client.resolve_peer(self, peer_id)
        except ValueError as error:
            raise PeerIdInvalid from error
        return found

    async def recover_gaps(self, ids: int | Iterable[int] | None = None) -> tuple[int, int]:
        """Ask for what came while nobody listened."""
        with self._arrival():
            recovered: tuple[int, int] = await Client.recover_gaps(self, ids)
            self._caught_up = True
            return recovered

    @contextmanager
    def _arrival(self) -> Iterator[None]:
        self._arriving += 1
        try:
            yield
        finally:
            self._arriving -= 1
            self._settle()

    def _settle(self) -> None:
        handled = self._caught_up and not self._arriving and self._arrivals.are_handled
        if handled and isinstance(self.storage, StoredSession):
            self.storage.settle()


def make_client(
    settings: Settings, session: Storage | None = None, *, plugins: str | None = "plugins"
) -> Medusa:
    """The bot's client for these settings, by default with a session that is forgotten at the end. Call it
    inside the running loop: it binds to it."""
    return Medusa(
        SESSION_NAME,
        bot_token=settings.bot_token.get_secret_value(),
        storage_engine=session or _in_memory(settings, SESSION_NAME),
        plugins={"root": plugins} if plugins else None,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        skip_updates=False,
        workers=HANDLERS,
        **_common(settings),
    )


def make_carrier(settings: Settings, session: Storage) -> PacedClient:
    """The bot's client in a process that only transfers: it hears no updates. Call it inside the running
    loop."""
    return PacedClient(
        SESSION_NAME,
        bot_token=settings.bot_token.get_secret_value(),
        storage_engine=session,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        no_updates=True,
        workers=1,
        **_common(settings),
    )


def make_user(settings: Settings, session_string: str | None = None) -> PacedClient:
    """The client of a user, who is logged in when there is a session string. It hears no updates and leaves
    nothing on disk. Call it inside the running loop."""
    name = f"{SESSION_NAME}-user"
    return PacedClient(
        name,
        storage_engine=_in_memory(settings, name, session_string),
        parse_mode=ParseMode.HTML,
        no_updates=True,
        workers=1,
        **_common(settings),
    )


def _common(settings: Settings) -> dict[str, Any]:
    ige.install()
    if settings.telegram_server_key:
        trust(settings.telegram_server_key)
    return {
        "api_id": settings.api_id,
        "api_hash": settings.api_hash.get_secret_value(),
        "app_version": "Medusa",
        "device_model": "Medusa",
        "workdir": Path(settings.data_dir),
        "proxy": proxy_of(settings),
        # Whether it asks for the other addresses of the server in IPv6, too.
        "ipv6": settings.telegram_server is not None and ":" in settings.telegram_server.host,
        "protocol_factory": GuardedTransport,
        "max_message_cache_size": MESSAGES,
    }


def session_seal(settings: Settings) -> Seal:
    """What the bot's sessions are sealed with."""
    token, api_hash = settings.bot_token.get_secret_value(), settings.api_hash.get_secret_value()
    return Seal(token, api_hash, purpose="medusa telegram session 1")


def _in_memory(settings: Settings, name: str, session_string: str | None = None) -> SQLiteStorage:
    """A session of this process alone, for the server of the settings."""
    options: dict[str, Any] = {
        "workdir": Path(settings.data_dir),
        "session_string": session_string,
        "in_memory": True,
    }
    if settings.telegram_server:
        return ServerStorage(settings.telegram_server, name, **options)
    return SQLiteStorage(name, **options)
