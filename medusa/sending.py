"""A message on its way is seen through: whoever stops it then has it all the same, and it is recorded."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from loguru import logger

from medusa.model import Sent

PATIENCE = 4.0
"""Seconds that a stop waits for a message on its way."""


async def seen_through(
    sending: Coroutine[Any, Any, Sent],
    record: Callable[[Sent], Awaitable[None]],
    *,
    patience: float = PATIENCE,
) -> Sent:
    """What was sent. When this is cancelled meanwhile, the message may arrive all the same: then it is
    recorded first, so that its copies reach the log channels."""
    task = asyncio.ensure_future(sending)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if task.cancelled():  # it was not this that somebody has stopped
            raise
        await asyncio.wait([task], timeout=patience)
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
        elif task.exception() is None:
            logger.info("a message was sent although its download was stopped")
            await record(task.result())
        raise
