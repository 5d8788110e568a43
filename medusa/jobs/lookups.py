"""Links whose contents somebody wants to see as a list, without a download.

Unlike a download, a look at a link is not kept: whoever waits for one when the bot stops is told so.
"""

import asyncio
from collections import Counter
from typing import Protocol

from loguru import logger

from medusa.cookies import CookieFile
from medusa.errors import MedusaError, WrongArgument
from medusa.model import Media
from medusa.playlist import Playlist
from medusa.value import Value

AT_ONCE = 2
"""Media children that look; more wait."""
MOST_PER_PERSON = 3
INTERRUPTED = "I was stopped before I could look at this link. Ask me again in a minute."
FAULT = "Something went wrong inside me; it has been noted."


class Lookup(Value):
    """Who wants to know what a link leads to, and where they asked."""

    url: str
    person_id: int
    chat_id: int
    message_id: int


class Source(Protocol):
    """Where media comes from; medusa.media.source in production."""

    async def probe(self, url: str, *, cookies: CookieFile | None = None) -> Media | Playlist:
        """What is behind a link, as somebody with these cookies sees it. Raises MedusaError."""
        ...


class Cookies(Protocol):
    """The cookies of people."""

    async def cookies_for(self, person_id: int) -> CookieFile | None:
        """What this person's links are opened with. Raises StoreUnavailable."""
        ...


class Answers(Protocol):
    """Telegram, as lookups need it."""

    async def begin(self, lookup: Lookup) -> int:
        """Say that it is being looked at; the message that says so. Raises MedusaError."""
        ...

    async def bring(self, lookup: Lookup, status: int, found: Media | Playlist) -> None:
        """Send the list, once. Raises MedusaError."""
        ...

    def refuse(self, lookup: Lookup, status: int, problem: MedusaError) -> None:
        """Show why there is no list."""
        ...


class Lookups:
    """Looks at links, a few at a time, while `run` runs."""

    def __init__(self, source: Source, cookies: Cookies, answers: Answers, *, at_once: int = AT_ONCE) -> None:
        self._source = source
        self._cookies = cookies
        self._answers = answers
        self._room = asyncio.Semaphore(at_once)
        self._asked: asyncio.Queue[Lookup] = asyncio.Queue()
        self._open: Counter[int] = Counter()
        """By person."""

    def submit(self, lookup: Lookup) -> None:
        """Accept a link, and return at once. Raises WrongArgument when its person has too many open."""
        if self._open[lookup.person_id] >= MOST_PER_PERSON:
            raise WrongArgument(f"I am looking at {MOST_PER_PERSON} links of yours. Wait for one of them.")
        self._open[lookup.person_id] += 1
        self._asked.put_nowait(lookup)

    async def run(self) -> None:
        """Look at what was submitted, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                lookup = await self._asked.get()
                group.create_task(self._serve(lookup), name=f"lookup of {lookup.person_id}")

    async def _serve(self, lookup: Lookup) -> None:
        try:
            status = await self._answers.begin(lookup)
            await self._look(lookup, status)
        except MedusaError as error:
            logger.info("{} cannot be told of a lookup: {}", lookup.chat_id, error.detail)
        finally:
            self._open[lookup.person_id] -= 1

    async def _look(self, lookup: Lookup, status: int) -> None:
        try:
            async with self._room:
                cookies = await self._cookies.cookies_for(lookup.person_id)
                found = await self._source.probe(lookup.url, cookies=cookies)
            await self._answers.bring(lookup, status, found)
        except MedusaError as error:
            self._answers.refuse(lookup, status, error)
        except asyncio.CancelledError:
            self._answers.refuse(lookup, status, MedusaError(INTERRUPTED))
            raise
        except Exception:
            logger.exception("a fault in the program spoilt a lookup")
            self._answers.refuse(lookup, status, MedusaError(FAULT))
