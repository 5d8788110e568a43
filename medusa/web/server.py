"""uvicorn as one task of our loop: it hears no signals, ends in time, and no stranger harms it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from loguru import logger
from uvicorn.protocols.http.h11_impl import H11Protocol

from medusa.errors import SettingsError

REQUEST_SECONDS = 10.0
"""For a whole request with its answer: who is slower is a slow client, or an attack."""
MOST_CONNECTIONS = 100
LARGEST_HEAD = 8 * 1024
"""Bytes."""
_STOP_SECONDS = 1
"""For requests that are under way when the bot ends."""
_LAST_SECONDS = 3.0


class _Connection(H11Protocol):
    """One of a limited number, for a limited time."""

    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._end = self.loop.call_later(REQUEST_SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Signals are the bot's."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """Raises SettingsError when that address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, dualstack_ipv6=host == "::")
    except OSError as error:
        raise SettingsError(
            f"PORT and HEALTH_HOST: I cannot listen on port {port} of {host}: {error.strerror or error}."
        ) from error


@asynccontextmanager
async def serving(app: Any, sock: socket.socket) -> AsyncIterator[None]:
    """Answer on this socket, which is closed at the end, while this is open. `app`: an ASGI application."""
    config = uvicorn.Config(
        app,
        http=_Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        # One request each: whatever is left open is of no use to anybody.
        headers=[("Connection", "close")],
        timeout_keep_alive=1,
        timeout_graceful_shutdown=_STOP_SECONDS,
        h11_max_incomplete_event_size=LARGEST_HEAD,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[sock]), name="web")
    task.add_done_callback(_report)
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.wait([task], timeout=_LAST_SECONDS)
        task.cancel()
        await asyncio.wait([task])
        sock.close()


def _report(task: asyncio.Task[None]) -> None:
    """The bot does without."""
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.opt(exception=error).error("a fault in the program ended what answers on PORT")
