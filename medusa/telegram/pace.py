"""How fast the bot may write in a chat, so that Telegram need not say it.

About one message a second in a private chat and 20 a minute in a group, with bursts
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Each chat has a bucket of
tokens; whoever writes takes one, and waits when there is none. Edits leave some for messages.
"""

import asyncio
import time
from typing import Any, NamedTuple

from pyrogram import Client

from medusa.upload.pacing import Clock, Sleep


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


def limit(chat_id: int) -> Limit:
    """The limit of a chat. Groups and channels have negative ids."""
    return GROUP if chat_id < 0 else PRIVATE


class ChatPace:
    """The buckets of all chats."""

    def __init__(self, *, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._buckets: dict[int, tuple[float, float]] = {}
        """By chat: tokens, and when that was. A full bucket is not kept."""

    async def turn(self, chat_id: int, *, leave: float = 0.0) -> None:
        """Return when one more may be written there and this share of a full bucket stays."""
        wait = self._take(chat_id, leave)
        if wait > 0:
            await self._sleep(wait)

    def _take(self, chat_id: int, leave: float) -> float:
        """Take a token, on credit if need be; the seconds until it is there."""
        burst, rate = limit(chat_id)
        now = self._clock()
        tokens, then = self._buckets.get(chat_id, (burst, now))
        tokens = min(burst, tokens + (now - then) * rate)
        self._buckets[chat_id] = (tokens - 1, now)
        self._forget_full(now)
        return max(0.0, (1 + leave * burst - tokens) / rate)

    def _forget_full(self, now: float) -> None:
        """Drop the chats that have been quiet long enough for their bucket to be full again."""
        if len(self._buckets) > 1000:
            self._buckets = {
                chat: (tokens, then)
                for chat, (tokens, then) in self._buckets.items()
                if tokens + (now - then) * limit(chat).rate < limit(chat).burst
            }


class PacedClient(Client):
    """A client that knows how fast it may write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pace = ChatPace()

    @property
    def username(self) -> str:
        """The account's name, without the @."""
        return (self.me and self.me.username) or "medusa"
