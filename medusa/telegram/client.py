"""The Pyrogram client, carrying the services that its plugins call."""

from dataclasses import dataclass
from pathlib import Path

from pyrogram.enums import ParseMode
from pyrogram.types import LinkPreviewOptions

from medusa.config import Settings
from medusa.jobs.queue import Jobs
from medusa.people import People
from medusa.telegram.log_channels import LogChannels
from medusa.telegram.mtproto import ige
from medusa.telegram.pace import PacedClient
from medusa.telegram.server import ServerStorage, trust
from medusa.telegram.transport import GuardedTransport

SESSION_NAME = "medusa"
HANDLERS = 32
"""Updates that are handled at the same time; a handler never waits for a transfer."""


@dataclass(frozen=True, slots=True)
class Services:
    """What plugins may call."""

    jobs: Jobs
    people: People
    log_channels: LogChannels


class Medusa(PacedClient):
    """The bot's client; `services` are assigned once, before it starts."""

    services: Services


def make_client(settings: Settings, plugins: str | None = "plugins") -> Medusa:
    """The bot's client for these settings. Call it inside the running loop: it binds to it."""
    ige.install()
    directory = Path(settings.data_dir)
    storage = None
    if settings.telegram_server and settings.telegram_server_key:
        trust(settings.telegram_server_key)
        storage = ServerStorage(settings.telegram_server, SESSION_NAME, workdir=directory)
    return Medusa(
        SESSION_NAME,
        api_id=settings.api_id,
        api_hash=settings.api_hash.get_secret_value(),
        bot_token=settings.bot_token.get_secret_value(),
        app_version="Medusa",
        device_model="Medusa",
        workdir=directory,
        storage_engine=storage,
        plugins={"root": plugins} if plugins else None,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        skip_updates=False,
        workers=HANDLERS,
        protocol_factory=GuardedTransport,
    )
