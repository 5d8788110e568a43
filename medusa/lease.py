"""One process at a time uses a Telegram session: who holds it, and when another may take it. Pure.

Telegram kills a session whose key comes from two places at once (AUTH_KEY_DUPLICATED), and platforms start a
new process before they stop the old one.
"""

from collections.abc import Callable
from datetime import datetime

from medusa.value import Value

Runs = Callable[[int, int], bool]
"""Whether the process with this id, that was started at this time, still runs."""


class Holder(Value):
    """A process that uses a session, and where it may be looked for."""

    id: str
    """This process and no other ever."""
    place: str = ""
    """Where process ids mean the same; empty when that is not known."""
    pid: int = 0
    started: int = 0
    """In ticks of the system's clock: process ids are used again."""


class Lease(Value):
    """A session that somebody holds, or held until lately."""

    holder: Holder
    until: datetime
    seconds_left: float
    """By the database's clock, which everybody shares; negative when it is over."""


def may_take(lease: Lease | None, place: str, runs: Runs) -> bool:
    """Whether a process at `place` may take this lease: it is nobody's, it is over, or its holder ran at the
    same place and runs no more. `runs` is asked only about a process of this place."""
    if lease is None or lease.seconds_left <= 0:
        return True
    holder = lease.holder
    return bool(place) and holder.place == place and not runs(holder.pid, holder.started)
