"""How much a job may take from the network, and for how long. Pure."""

from typing import NamedTuple

from medusa.model import Method, Plan

MOST = 100 * 2**30
"""Bytes for what nobody knows the size of; a day of video in the best quality has less."""
DAY = 24 * 3600.0
"""Seconds. Telegram may ask a bot to wait for hours while a file is half through."""
_SLACK = 64 * 2**20
"""Bytes for playlists, pictures, subtitles, heads of answers."""
_AGAIN = 4
"""How often each byte may come: what breaks off is asked for again, and what was on its way is lost."""
_LATE = 1800.0
"""Seconds that a recording may be on its way and not grow: it begins late, or its source stalls."""


class Budget(NamedTuple):
    """None: no limit."""

    bytes: int | None = None
    """Received, from all servers together."""
    seconds: float | None = None
    """From the start of the job."""


def of_stream(plan: Plan) -> Budget:
    """What carrying out a plan may take."""
    if plan.recording is not None:
        seconds = plan.recording.seconds
        return Budget(MOST, (DAY if seconds is None else seconds) + _LATE)
    if plan.size is not None and plan.size_is_exact and plan.method is Method.PASS:
        return Budget(_AGAIN * plan.size + _SLACK, DAY)
    return Budget(MOST, DAY)
