"""How fast one account may write, per chat and in all. Pure: the time comes in as a number."""

import math
from collections import defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pace:
    """The limits of core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.

    private_per_second and private_burst form a token bucket per private chat; group_per_minute is a sliding
    window per group or channel; total_per_second is a sliding window over all chats of one account.
    """

    private_per_second: float = 1.0
    private_burst: int = 20
    group_per_minute: int = 20
    total_per_second: int = 30


@dataclass
class _Bucket:
    tokens: float
    at: float


@dataclass
class Limiter:
    """Remembers who wrote where and when, and says how long to wait."""

    pace: Pace | None
    _buckets: dict[Hashable, _Bucket] = field(default_factory=dict)
    _windows: defaultdict[Hashable, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, account: int, chat: Hashable, *, group: bool, now: float, count: int = 1) -> int:
        """Seconds until `account` may write `count` messages to `chat`; 0 means that they are written now."""
        if self.pace is None:
            return 0
        total = self._window((account, None), self.pace.total_per_second, 1.0, now, count)
        if group:
            local = self._window((account, chat), self.pace.group_per_minute, 60.0, now, count)
        else:
            local = self._bucket((account, chat), self.pace, now, count)
        delay = max(total, local)
        if delay > 0:
            return math.ceil(delay)
        self._windows[account, None].extend([now] * count)
        if group:
            self._windows[account, chat].extend([now] * count)
        else:
            self._buckets[account, chat].tokens -= count
        return 0

    def _window(self, key: Hashable, limit: int, span: float, now: float, count: int) -> float:
        moments = self._windows[key]
        while moments and moments[0] <= now - span:
            moments.popleft()
        excess = len(moments) + count - limit
        return moments[min(excess, len(moments)) - 1] + span - now if excess > 0 and moments else 0.0

    def _bucket(self, key: Hashable, pace: Pace, now: float, count: int) -> float:
        bucket = self._buckets.setdefault(key, _Bucket(pace.private_burst, now))
        gained = (now - bucket.at) * pace.private_per_second
        bucket.tokens = min(float(pace.private_burst), bucket.tokens + gained)
        bucket.at = now
        lacking = min(count, pace.private_burst) - bucket.tokens
        return max(0.0, lacking / pace.private_per_second)
