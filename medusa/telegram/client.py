"""The Pyrogram clients: the bot's, carrying the services that its plugins call, and those of users."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyrogram.enums import ParseMode
from pyrogram.storage import SQLiteStorage
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
    return Medusa(
        SESSION_NAME,
        bot_token=settings.bot_token.get_secret_value(),
        storage_engine=_storage(settings, SESSION_NAME),
        plugins={"root": plugins} if plugins else None,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        skip_updates=False,
        workers=HANDLERS,
        **_common(settings),
    )


def make_user(settings: Settings, session_string: str | None = None) -> PacedClient:
    """The client of a user, who is logged in when there is a session string. It hears no updates and leaves
    nothing on disk. Call it inside the running loop."""
    name = f"{SESSION_NAME}-user"
    return PacedClient(
        name,
        storage_engine=_storage(settings, name, session_string=session_string, in_memory=True),
        parse_mode=ParseMode.HTML,
        no_updates=True,
        workers=1,
        **_common(settings),
    )


def _common(settings: Settings) -> dict[str, Any]:
    ige.install()
    return {
        "api_id": settings.api_id,
        "api_hash": settings.api_hash.get_secret_value(),
        "app_version": "Medusa",
        "device_model": "Medusa",
        "workdir": Path(settings.data_dir),
        "protocol_factory": GuardedTransport,
    }


def _storage(settings: Settings, name: str, **options: Any) -> SQLiteStorage:
    """Where a session is kept, for the server of the settings."""
    directory = Path(settings.data_dir)
    if settings.telegram_server and settings.telegram_server_key:
        trust(settings.telegram_server_key)
        return ServerStorage(settings.telegram_server, name, workdir=directory, **options)
    return SQLiteStorage(name, workdir=directory, **options)
