"""Health and metrics over HTTP, where PORT is set. Elsewhere nothing of it is loaded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from medusa.composition.base import Base
from medusa.config import Duty, Settings
from medusa.health import Health
from medusa.versions import Versions, read_versions

if TYPE_CHECKING:
    from medusa.web.status import Status


@asynccontextmanager
async def listening(settings: Settings, stop: asyncio.Event) -> AsyncIterator["Status | None"]:
    """Answer while this is open; None: nobody is to be answered. Raises SettingsError."""
    if settings.port is None:
        yield None
        return
    from medusa.web.app import make_app
    from medusa.web.server import listen, serving
    from medusa.web.status import Status

    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    status = Status(stop)
    async with serving(make_app(status, token), listen(settings.health_host, settings.port)):
        try:
            yield status
        finally:
            status.close()


async def begin(status: "Status | None", base: Base, health: Health, duty: Duty) -> None:
    """From now on there is something to tell."""
    if status is None:
        return
    from medusa.web.status import Subject

    known = await asyncio.to_thread(read_versions, base.nursery.engine.in_use)

    def versions() -> Versions:
        return known._replace(ytdlp=base.nursery.engine.in_use)

    status.begin(Subject(health, base.counters, versions, duty.value))
