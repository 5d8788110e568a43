"""How the connection with Telegram is."""

import time
from collections.abc import Callable
from secrets import randbits

from pyrogram import raw
from pyrogram.errors import RPCError

from medusa.telegram.call import call, transport_of
from medusa.telegram.pace import PacedClient
from medusa.vitals import TelegramState

PING_SECONDS = 1.5


async def ping(client: PacedClient) -> float | None:
    """Milliseconds to Telegram and back; None: no answer came."""
    session = client.session
    if session is None:
        return None
    before = time.perf_counter()
    try:
        await call(session, raw.functions.Ping(ping_id=randbits(62)), seconds=PING_SECONDS)
    except (RPCError, OSError):
        return None
    return 1000 * (time.perf_counter() - before)


class TelegramVitals:
    """What /health asks of it."""

    def __init__(self, client: PacedClient, connections: Callable[[], int]) -> None:
        """`connections`: those that carry files at this moment."""
        self._client = client
        self._connections = connections

    async def look(self) -> TelegramState:
        """How it is now."""
        session = self._client.session
        transport = transport_of(session) if session is not None else None
        is_connected = transport is not None and not transport.lost.is_set()
        return TelegramState(
            connected=is_connected,
            ping_ms=await ping(self._client) if is_connected else None,
            media_sessions=self._connections(),
        )
