"""Who sends more at once than anybody means to: a bucket of tokens for each. No I/O."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

BURST = 30
"""So many may come at once."""
SECONDS_EACH = 1.0
"""After which one more may come."""
REMEMBERED = 4096
"""Senders whose buckets are not full; of more, those are forgotten who have sent nothing for longest."""


@dataclass(slots=True)
class Spate:
    """What somebody has sent lately; it is over when their bucket is full again."""

    full_at: float
    """On the clock of who counts, in seconds."""
    is_held: bool = False
    """They are somebody for whom the limit counts."""
    is_told: bool = False
    """That some of it is left out."""
    is_answered: bool = False
    """One of the presses that were left out was answered."""


class Flood:
    """Counts what people send."""

    def __init__(
        self, burst: int = BURST, seconds_each: float = SECONDS_EACH, remembered: int = REMEMBERED
    ) -> None:
        self._room = (burst - 1) * seconds_each
        self._each = seconds_each
        self._remembered = remembered
        self._spates: OrderedDict[Hashable, Spate] = OrderedDict()
        """Who has sent something last comes last."""

    def __len__(self) -> int:
        """How many senders are remembered."""
        return len(self._spates)

    def count(self, sender: Hashable, now: float) -> Spate | None:
        """Count one more of this sender's; None where it is not too much. What is too much does not count."""
        self._forget_full(now)
        spate = self._spates.get(sender)
        if spate is None or spate.full_at <= now:
            spate = Spate(full_at=now)
        self._spates[sender] = spate
        self._spates.move_to_end(sender)
        if len(self._spates) > self._remembered:
            self._spates.popitem(last=False)
        if spate.full_at - now > self._room:
            return spate
        spate.full_at += self._each
        return None

    def _forget_full(self, now: float) -> None:
        """Forget who was quiet long enough, as far as nobody before them was not."""
        while self._spates:
            oldest = next(iter(self._spates))
            if self._spates[oldest].full_at > now:
                return
            del self._spates[oldest]
