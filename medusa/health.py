"""Looks how the bot is. Whatever hangs, the answer comes in time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from loguru import logger

from medusa.errors import MedusaError
from medusa.vitals import Finding, Vital, VitalState

SECONDS = 2.0
"""For each look; all are at the same time."""

Look = Callable[[], Awaitable[VitalState]]


class Health:
    """Named looks at what the bot depends on."""

    def __init__(self, looks: Mapping[Vital, Look], *, seconds: float = SECONDS) -> None:
        self._looks = looks
        self._seconds = seconds

    async def findings(self, *wanted: Vital) -> list[Finding]:
        """How these are, or all of them; never longer than `seconds` and a moment."""
        chosen = [vital for vital in Vital if vital in self._looks and (not wanted or vital in wanted)]
        return list(await asyncio.gather(*(self._find(vital) for vital in chosen)))

    async def _find(self, vital: Vital) -> Finding:
        looking = asyncio.ensure_future(self._looks[vital]())
        # Not wait_for: it waits for a task that does not let itself be cancelled.
        await asyncio.wait([looking], timeout=self._seconds)
        if not looking.done():
            looking.cancel()
            logger.warning("{} did not answer within {} s", vital, self._seconds)
            return Finding(vital, None)
        try:
            return Finding(vital, looking.result())
        except (MedusaError, OSError, TimeoutError) as error:
            logger.warning("{} cannot be looked at: {!r} {}", vital, error, getattr(error, "detail", ""))
            return Finding(vital, None)
