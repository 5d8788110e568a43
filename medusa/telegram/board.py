"""The status messages of a chat, edited no faster than Telegram likes.

A status that changes ten times between two edits is edited once, with its newest state. All statuses of a
chat share its pace and take turns; what is urgent goes first. A state that could not be shown is tried again
unless a newer one has come.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from loguru import logger

from medusa.errors import ChatUnavailable, MedusaError, SlowedDown
from medusa.upload.pacing import Sleep
from medusa.views.view import View

PRIVATE_SECONDS = 2.5
GROUP_SECONDS = 5.0
"""Between two edits in one chat. Telegram allows about one message a second in a private chat and 20 a minute
in a group (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)."""

SLOWEST = 4.0
"""The pace slows to this many times the pause above: who watches for an hour needs no edit every second."""

MAX_ATTEMPTS = 6
"""To show one state."""

CLOSE_SECONDS = 3.0
"""For the last edits when the bot stops."""

Edit = Callable[[int, int, View], Awaitable[None]]
"""Shows a view in (chat, message)."""

Still = Callable[[], Awaitable[bool]]
"""Whether it is still so: while a view waits for its turn, another process may show what comes after it."""

Then = Callable[[], Awaitable[None]]
"""What follows when it is shown, or never can be."""


def pause(chat_id: int, edits: int) -> float:
    """Seconds to the next edit in this chat after so many in a row. Groups and channels have negative ids."""
    return (GROUP_SECONDS if chat_id < 0 else PRIVATE_SECONDS) * min(SLOWEST, 1 + edits / 100)


def shortest_pause(chat_id: int) -> float:
    """The same before an urgent state: just what Telegram allows."""
    return 3.0 if chat_id < 0 else 1.0


class _Wanted(NamedTuple):
    view: View
    still: Still | None
    then: Then | None


@dataclass(slots=True)
class _Chat:
    waiting: dict[int, _Wanted] = field(default_factory=dict)
    """By message id: what it should show; the order is that of their turns."""
    final: set[int] = field(default_factory=set)
    """Messages after whose newest state nothing comes."""
    urgent: set[int] = field(default_factory=set)
    """Messages whose newest state somebody waits for; what is final is urgent too."""
    shown: dict[int, View] = field(default_factory=dict)
    """By message id: what it shows, or will when the edit that is on its way arrives."""
    failures: Counter[int] = field(default_factory=Counter)
    """Of the newest state of each message."""
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    """Something urgent has come."""
    task: asyncio.Task[None] | None = None

    def next(self) -> int:
        """Whose turn it is."""
        return next((number for number in self.waiting if number in self.urgent), next(iter(self.waiting)))


class StatusBoard:
    """Keeps status messages up to date; `show` returns at once."""

    def __init__(
        self, edit: Edit, *, sleep: Sleep = asyncio.sleep, close_seconds: float = CLOSE_SECONDS
    ) -> None:
        self._edit = edit
        self._sleep = sleep
        self._close_seconds = close_seconds
        self._closing = asyncio.Event()
        self._chats: dict[int, _Chat] = {}

    def show(
        self,
        chat_id: int,
        message_id: int,
        view: View,
        *,
        urgent: bool = False,
        final: bool = False,
        still: Still | None = None,
        then: Then | None = None,
    ) -> None:
        """Let a message show this soon. `urgent`: somebody waits for it; `final`: so, and nothing follows;
        `still`: only if this says so when its turn comes; `then`: called afterwards."""
        chat = self._chats.setdefault(chat_id, _Chat())
        if message_id in chat.final:
            return
        if chat.shown.get(message_id) == view and then is None:
            chat.waiting.pop(message_id, None)
        else:
            chat.waiting[message_id] = _Wanted(view, still, then)
            chat.failures.pop(message_id, None)
        if final:
            chat.final.add(message_id)
        if final or urgent:
            chat.urgent.add(message_id)
            chat.hurry.set()
        if chat.task is None:
            chat.task = asyncio.create_task(self._edit_all(chat_id, chat), name=f"status of {chat_id}")

    async def close(self) -> None:
        """Show what is final at once, drop the rest."""
        self._closing.set()
        for chat in self._chats.values():
            chat.waiting = {number: one for number, one in chat.waiting.items() if number in chat.final}
        tasks = [chat.task for chat in self._chats.values() if chat.task]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._close_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _edit_all(self, chat_id: int, chat: _Chat) -> None:
        """Edit what waits, one message at a time, until nothing waits any more."""
        edits = 0
        while chat.waiting:
            message_id = chat.next()
            await self._edit_one(chat_id, chat, message_id, chat.waiting.pop(message_id))
            edits += 1
            if message_id not in chat.waiting:
                chat.urgent.discard(message_id)
            await self._rest(shortest_pause(chat_id), self._closing)
            if not chat.waiting.keys() & chat.urgent:
                chat.hurry.clear()
                await self._rest(pause(chat_id, edits) - shortest_pause(chat_id), self._closing, chat.hurry)
        del self._chats[chat_id]

    async def _edit_one(self, chat_id: int, chat: _Chat, message_id: int, wanted: _Wanted) -> None:
        try:
            if wanted.still is not None and not await wanted.still():
                return
            chat.shown[message_id] = wanted.view
            await self._edit(chat_id, message_id, wanted.view)
        except ChatUnavailable as error:
            logger.info("a status in {} cannot be shown: {}", chat_id, error.detail)
        except SlowedDown as wait:
            logger.info("status edits in {} pause for {} s", chat_id, wait.seconds)
            self._put_back(chat, message_id, wanted)
            await self._rest(wait.seconds, self._closing)
            return
        except MedusaError as error:
            logger.info("a status in {} was not shown: {}", chat_id, error.detail)
            chat.failures[message_id] += 1
            if chat.failures[message_id] < MAX_ATTEMPTS:
                self._put_back(chat, message_id, wanted)
                return
            if error.retryable:
                return
        except Exception:
            logger.exception("a fault in the program kept a status from being shown")
        if wanted.then is not None:
            await wanted.then()

    def _put_back(self, chat: _Chat, message_id: int, wanted: _Wanted) -> None:
        """It is not shown yet; unless a newer state waits already, it waits again."""
        chat.shown.pop(message_id, None)
        if not self._closing.is_set():
            chat.waiting.setdefault(message_id, wanted)

    async def _rest(self, seconds: float, *ends_it: asyncio.Event) -> None:
        """Wait, or until one of these has happened."""
        ends = [asyncio.ensure_future(wait) for wait in (self._sleep(seconds), *(e.wait() for e in ends_it))]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
