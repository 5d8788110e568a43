"""When to try again: the back-off of one part, and the pause that Telegram asks of a whole account."""

import asyncio
from collections.abc import Awaitable, Callable

Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], float]

MAX_ATTEMPTS = 12
"""Of one part; with `backoff` between them this lasts about three minutes."""


def backoff(attempt: int) -> float:
    """Seconds to wait after this failed attempt (1, 2, …): doubling from half a second up to 30."""
    return float(min(0.5 * 2 ** (attempt - 1), 30.0))


class Gate:
    """A pause shared by all uploads of an account: a flood wait concerns the account, not the part.

    `clock` counts seconds; `sleep` waits them. Both are parameters so that tests need not wait.
    """

    def __init__(self, *, clock: Clock | None = None, sleep: Sleep = asyncio.sleep) -> None:
        self._clock = clock or asyncio.get_running_loop().time
        self._sleep = sleep
        self._until = 0.0

    def hold(self, seconds: float) -> None:
        """Let nobody through for `seconds` from now; a longer pause stands."""
        self._until = max(self._until, self._clock() + seconds)

    @property
    def remaining(self) -> float:
        """Seconds until the gate opens; 0 when it is open."""
        return max(0.0, self._until - self._clock())

    async def wait(self) -> None:
        """Return when the gate is open."""
        while (seconds := self.remaining) > 0:
            await self._sleep(seconds)
