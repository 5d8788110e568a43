"""How fast the bot may write in a chat, so that Telegram need not say it.

About one message a second in a private chat and 20 a minute in a group, with bursts
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Each chat has a bucket of
tokens; whoever writes takes one, and waits when there is none. Edits leave some for messages. All processes
of a bot have one bucket together: Telegram counts what the account writes.

In all chats together it may be 30 a second, for which there is a bucket, too. Answers take turns in the order
in which they were asked for; what nobody waits for (edits, broadcasts) lets them go first. This bucket each
process has for itself.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, TypeVar

from pyrogram import Client
from pyrogram.errors import FloodPremiumWait, FloodWait
from pyrogram.raw.core import TLObject

from medusa.counters import Counters
from medusa.errors import StoreUnavailable
from medusa.telegram.call import taken
from medusa.telegram.mtproto.clock import steady_time
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


EVERYBODY = Limit(burst=6, rate=20.0)
"""Of all chats together: 26 within any second. Telegram takes 30, and they do not arrive as evenly as they
leave."""
OTHERS_LEAVE = 3
"""Tokens of everybody's bucket that only answers take."""

MOMENT = 1e-6
"""Seconds for which nobody waits once more."""
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
        everybody: Limit = EVERYBODY,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._shared = shared
        self._everybody = everybody
        self._clock = clock
        self._sleep = sleep
        self._buckets: dict[int, tuple[float, float]] = {}
        """By chat: tokens, and when that was. A full bucket is not kept."""
        self._full_at = clock()
        """When everybody's bucket is full again."""

    async def turn(self, chat_id: int, *, leave: float = 0.0, yields: bool = False) -> None:
        """Return when one more may be written there and this share of a full bucket stays. What `yields` lets
        go first whatever does not."""
        burst, rate = limit(chat_id)
        tokens = min(self._take(chat_id, burst, rate), await self._take_shared(chat_id, burst, rate))
        wait = (1 + leave * burst - tokens) / rate
        if wait > 0:
            await self._sleep(wait)
        while yields and (wait := self._until(1 + OTHERS_LEAVE)) > MOMENT:
            await self._sleep(wait)
        wait = self._until(1)
        self._full_at = self._clock() + self._behind() + 1 / self._everybody.rate
        if wait > 0:
            await self._sleep(wait)

    def _until(self, tokens: float) -> float:
        """Seconds until so many are in everybody's bucket; negative where there are more."""
        return self._behind() - (self._everybody.burst - tokens) / self._everybody.rate

    def _behind(self) -> float:
        """Seconds until everybody's bucket is full."""
        return max(0.0, self._full_at - self._clock())

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
    """A client that knows how fast it may write and the time of the server, and counts when it was too fast.

    A process's `pace` and `counters` are assigned before it starts. Pyrogram's own time follows the clock of
    the machine. When that is set, the server refuses what it sends, and it takes the refusal for an answer:
    everything is lost, and nobody learns of it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pace = ChatPace()
        self.counters = Counters()
        self.typing_in: set[int] = set()
        """Chats in which an answer is being written."""

    async def invoke(self, query: TLObject[T], *args: Any, **kwargs: Any) -> T:
        """The answer; a flood wait that Pyrogram does not sit out by itself is counted.

        Raises Pyrogram's errors, and OSError when the server refused the message as such.
        """
        with self.counting():
            answer: T = await super().invoke(query, *args, **kwargs)
        found: T = taken(answer)
        return found

    @contextmanager
    def counting(self) -> Iterator[None]:
        """A flood wait that is raised in this context is counted."""
        try:
            yield
        except (FloodWait, FloodPremiumWait) as error:
            self.counters.slow_down(float(error.value) if isinstance(error.value, int) else 1.0)
            raise

    @property
    def server_time(self) -> float:
        """Seconds since 1970 by the server's clock, as far as it is known."""
        offset: float = self._server_time_offset
        return steady_time() + offset

    def _set_server_time(self, msg_id: int) -> None:
        self._server_time_offset = msg_id / 2**32 - steady_time()

    @property
    def username(self) -> str:
        """The account's name, without the @."""
        return (self.me and self.me.username) or "medusa"
