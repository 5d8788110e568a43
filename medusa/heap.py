"""Memory that is free goes back to the system; what lasts is not searched for garbage.

What a transfer allocates, in several threads, lies between what lasts; when it is freed, the C library keeps
it. A bot that has carried out hundreds of downloads then looks as if it grew, and platforms end processes for
that.
"""

import asyncio
import ctypes
import gc
from collections.abc import Awaitable, Callable

SECONDS = 30.0
"""Between two times. One takes some milliseconds, in a thread."""

Trim = Callable[[], object]


def settle() -> None:
    """What is there now lasts. To look through all of it, as Python does now and then, would stop the event
    loop for a tenth of a second each time."""
    gc.collect()
    gc.freeze()


def trimmer() -> Trim | None:
    """What gives back all that is free; None where the C library has no such thing: it is glibc's."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return None if trim is None else lambda: trim(0)


async def give_back(
    trim: Trim | None = None, *, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> None:
    """Do so now and then, until cancelled."""
    trim = trim or trimmer()
    while trim is not None:
        await sleep(SECONDS)
        await asyncio.to_thread(trim)
