"""Whether and when to try again. Pure."""

from medusa.errors import ChatUnavailable, MedusaError, SlowedDown

MAX_ATTEMPTS = 4
"""Of one download."""

MAX_COPY_ATTEMPTS = 12
"""Of one log copy; with `copy_retry_delay` this is about a day and a half."""


def retry_delay(error: MedusaError, attempts: int) -> float | None:
    """Seconds until the download is tried again after this many attempts; None: never."""
    if not error.retryable or attempts >= MAX_ATTEMPTS:
        return None
    if isinstance(error, SlowedDown):
        return error.seconds
    return float(5 * 4 ** (attempts - 1))


def copy_retry_delay(error: MedusaError, attempts: int) -> float | None:
    """The same for a log copy. A channel may come back, so only time ends its retries."""
    if isinstance(error, SlowedDown):
        return error.seconds
    if attempts >= MAX_COPY_ATTEMPTS or not (error.retryable or isinstance(error, ChatUnavailable)):
        return None
    return float(min(10 * 4 ** (attempts - 1), 6 * 3600))
