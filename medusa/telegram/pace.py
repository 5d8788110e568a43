"""How fast the bot may write in a chat, so that Telegram need not say it.

About one message a second in a private chat and 20 a minute in a group, with bursts
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Each chat has a bucket of
tokens; whoever writes takes one, and waits when there is none. Edits leave some for messages. All processes
of a bot have one bucket together: Telegram counts what the account writes.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, TypeVar

from pyrogram import Client
from pyrogram.errors import FloodPremiumWait, FloodWait
from pyrogram.raw.core import TLObject

from medusa.counters import Counters
from medusa.errors import StoreUnavailable
from medusa.upload.pacing import Clock, Sleep

T = TypeVar("T")


class Limit(NamedTuple):
    """Of one chat."""

    burst: float
    """Tokens of a full bucket."""
    rate: float
    """Tokens that come back each second."""


PRIVATE = Limit(burst=18, rate=1.0)
GROUP = Limit(burst=5, rate=0.25)
"""5 and 15 more make the 20 of any one minute."""

EDITS_LEAVE = 1 / 3
"""Of a full bucket, which an edit does not touch: an answer matters more than a progress bar."""


SHARED_SECONDS = 1.0
"""How long the common bucket may take to answer; without it, each process keeps to the pace by itself."""


class Buckets(Protocol):
    """Buckets that several processes have together."""

    async def take(self, chat_id: int, burst: float, rate: float) -> float:
        """Take a token out of a chat's bucket, on credit if need be; how many were there. Raises
        StoreUnavailable."""
        ...


def limit(chat_id: int) -> Limit:
    """The limit of a chat. Groups and channels have negative ids."""
    return GROUP if chat_id < 0 else PRIVATE


class ChatPace:
    """The buckets of all chats."""

    def __init__(
        self,
        shared: Buckets | None = None,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._shared = shared
        self._clock = clock
        self._sleep = sleep
        self._buckets: dict[int, tuple[float, float]] = {}
        """By chat: tokens, and when that was. A full bucket is not kept."""
        self._lately: deque[float] = deque()
        """When something was written in the last second, in whatever chat."""

    async def turn(self, chat_id: int, *, leave: float = 0.0, among: int | None = None) -> None:
        """Return when one more may be written there and this share of a full bucket stays; `among`: and when
        with it no more than so many were written in all chats within a second."""
        burst, rate = limit(chat_id)
        tokens = min(self._take(chat_id, burst, rate), await self._take_shared(chat_id, burst, rate))
        wait = (1 + leave * burst - tokens) / rate
        if wait > 0:
            await self._sleep(wait)
        while among is not None and (wait := self._until_among(among)) > 0:
            await self._sleep(wait)
        self._lately.append(self._clock())

    def _until_among(self, most: int) -> float:
        """Seconds until one more is among so many within a second."""
        now = self._clock()
        while self._lately and self._lately[0] <= now - 1:
            self._lately.popleft()
        return self._lately[-most] + 1 - now if len(self._lately) >= most else 0.0

    async def _take_shared(self, chat_id: int, burst: float, rate: float) -> float:
        if self._shared is None:
            return burst
        try:
            async with asyncio.timeout(SHARED_SECONDS):
                return await self._shared.take(chat_id, burst, rate)
        except (StoreUnavailable, TimeoutError):
            return burst

    def _take(self, chat_id: int, burst: float, rate: float) -> float:
        """Take a token out of this process's own bucket, on credit if need be; how many were there."""
        now = self._clock()
        tokens, then = self._buckets.get(chat_id, (burst, now))
        tokens = min(burst, tokens + (now - then) * rate)
        self._buckets[chat_id] = (tokens - 1, now)
        self._forget_full(now)
        return tokens

    def _forget_full(self, now: float) -> None:
        """Drop the chats that have been quiet long enough for their bucket to be full again."""
        if len(self._buckets) > 1000:
            self._buckets = {
                chat: (tokens, then)
                for chat, (tokens, then) in self._buckets.items()
                if tokens + (now - then) * limit(chat).rate < limit(chat).burst
            }


class PacedClient(Client):
    """A client that knows how fast it may write, and counts when it was too fast; with a process's `pace` and
    `counters`, which are assigned before it starts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pace = ChatPace()
        self.counters = Counters()

    async def invoke(self, query: TLObject[T], *args: Any, **kwargs: Any) -> T:
        """As Pyrogram does; a flood wait that it does not sit out by itself is counted."""
        with self.counting():
            answer: T = await super().invoke(query, *args, **kwargs)
            return answer

    @contextmanager
    def counting(self) -> Iterator[None]:
        """A flood wait that is raised in this context is counted."""
        try:
            yield
        except (FloodWait, FloodPremiumWait) as error:
            self.counters.slow_down(float(error.value) if isinstance(error.value, int) else 1.0)
            raise

    @property
    def username(self) -> str:
        """The account's name, without the @."""
        return (self.me and self.me.username) or "medusa"
