"""Who is next: people stand in the line, not their downloads, so nobody waits behind another's batch. Pure.

Whoever has the fewest running is next; of several, whoever had a turn longest ago. With one slot that is one
download of each person in turn; with several it also keeps long downloads of one from taking all of them.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class Standing(NamedTuple):
    """Somebody in the line."""

    person: int
    seats: Collection[int | None]
    """Of their running downloads."""
    turn: datetime
    """When they last were next; NEVER when they never were."""
    since: datetime
    """When the first of their waiting downloads was due."""
    waiting: int = 1
    """Their downloads that are due."""
    most: int | None = None
    """How many of theirs may run, where that was decided for them; 0: as many as there are slots."""

    @property
    def running(self) -> int:
        """How many of theirs run."""
        return len(self.seats)

    @property
    def free_seat(self) -> int:
        """The lowest number that no running download of theirs has."""
        return next(seat for seat in range(len(self.seats) + 1) if seat not in self.seats)


def next_in_line(line: Iterable[Standing], most: int | None = None) -> Standing | None:
    """Whose turn it is; None when nobody waits who has fewer running than they may.

    `most`: where nothing else was decided for them.
    """
    may = (
        one for one in line if not (limit := most if one.most is None else one.most) or one.running < limit
    )
    return min(may, key=lambda one: (one.running, one.turn, one.since), default=None)


def ahead(mine: Standing, own: int, others: Iterable[Standing]) -> int:
    """How many are taken up before the download that follows `own` of the same person, if nothing ends
    meanwhile.

    A download is taken up at the level of how many of its person's run then. Lower levels go first. On one
    level, those who begin there go before those who have come from below, and these keep their order.
    """
    level = mine.running + own
    return own + sum(min(one.waiting, max(0, level + (_precedes(one, mine)) - one.running)) for one in others)


def _precedes(one: Standing, other: Standing) -> bool:
    """Which of two goes first on a level that both reach."""
    return (-one.running, one.turn, one.since) < (-other.running, other.turn, other.since)
