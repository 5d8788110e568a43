"""Whether and when to try again. Pure."""

from medusa.errors import MedusaError, SlowedDown
from medusa.model import Download

MAX_ATTEMPTS = 4
"""Of one download."""

MAX_LOSSES = 8
"""Workers in a row that one download may lose before it is thought to be the reason."""

MAX_COPY_ATTEMPTS = 12
"""Of one log copy; with `copy_retry_delay` this is about a day and a half."""

JITTER = 0.2
"""Share of a delay that chance adds, so that what failed together does not come back together."""


def is_poison(download: Download) -> bool:
    """Whether it has killed so many workers that it should not be taken up again."""
    return download.losses > MAX_LOSSES


def retry_delay(error: MedusaError, attempts: int, chance: float) -> float | None:
    """Seconds until the download is tried again after this many attempts; None: never. `chance` is from 0 to
    1."""
    if not error.retryable or attempts >= MAX_ATTEMPTS:
        return None
    if isinstance(error, SlowedDown):
        return error.seconds
    return float(5 * 4 ** (attempts - 1)) * (1 + JITTER * chance)


def copy_retry_delay(error: MedusaError, attempts: int) -> float | None:
    """The same for a log copy, which has more time. That its channel does not work is no attempt."""
    if isinstance(error, SlowedDown):
        return error.seconds
    if attempts >= MAX_COPY_ATTEMPTS or not error.retryable:
        return None
    return float(min(10 * 4 ** (attempts - 1), 6 * 3600))
