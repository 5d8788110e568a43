"""Looks at links: a few at a time, none for ever, and everybody hears how theirs ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from medusa.cookies import CookieFile
from medusa.errors import MedusaError, SourceGone, StoreUnavailable, WrongArgument
from medusa.jobs.lookups import FAULT, INTERRUPTED, MOST_PER_PERSON, Lookup, Lookups
from medusa.model import Kind, Media
from medusa.playlist import Playlist
from tests.unit.waiting import turns

MEDIA = Media(url="https://e.org/1", title="Film", source="e", kind=Kind.VIDEO, formats=())


def lookup(number: int = 1, person: int = 1) -> Lookup:
    return Lookup(url=f"https://e.org/{number}", person_id=person, chat_id=person, message_id=number)


class World:
    """A source that answers when it is told to, cookies, and what people see."""

    def __init__(self) -> None:
        self.open: dict[str, asyncio.Future[Media | Playlist]] = {}
        self.most_at_once = 0
        self.cookies_down = self.chat_gone = False
        self.seen: list[tuple[int, str]] = []
        self.lookups = Lookups(self, self, self, at_once=2)

    async def probe(self, url: str, *, cookies: CookieFile | None = None) -> Media | Playlist:
        self.open[url] = asyncio.get_running_loop().create_future()
        self.most_at_once = max(self.most_at_once, len(self.open))
        try:
            return await self.open[url]
        finally:
            del self.open[url]

    async def cookies_for(self, person_id: int) -> CookieFile | None:
        if self.cookies_down:
            raise StoreUnavailable
        return None

    async def begin(self, lookup: Lookup) -> int:
        if self.chat_gone:
            raise MedusaError("You have blocked me.")
        return lookup.message_id + 100

    async def bring(self, lookup: Lookup, status: int, found: Media | Playlist) -> None:
        self.seen.append((status, found.title))

    def refuse(self, lookup: Lookup, status: int, problem: MedusaError) -> None:
        self.seen.append((status, problem.sentence))

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.lookups.run())
        await turns()
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


async def test_what_was_found_is_brought() -> None:
    world = World()
    async with world.at_work():
        world.lookups.submit(lookup())
        await turns()
        world.open["https://e.org/1"].set_result(MEDIA)
        await turns()
    assert world.seen == [(101, "Film")]


async def test_no_more_than_a_few_at_a_time() -> None:
    world = World()
    async with world.at_work():
        for person in range(5):
            world.lookups.submit(lookup(person, person))
        for _ in range(5):
            await turns()
            next(iter(world.open.values())).set_result(MEDIA)
        await turns()
    assert world.most_at_once == 2
    assert len(world.seen) == 5


async def test_nobody_has_more_than_their_share() -> None:
    world = World()
    async with world.at_work():
        for number in range(MOST_PER_PERSON):
            world.lookups.submit(lookup(number))
        with pytest.raises(WrongArgument):
            world.lookups.submit(lookup(9))
        world.lookups.submit(lookup(9, person=2))
        await turns()
        world.open["https://e.org/0"].set_result(MEDIA)
        await turns()
        world.lookups.submit(lookup(9))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(SourceGone("It does not exist."), "It does not exist."), (ZeroDivisionError(), FAULT)],
)
async def test_why_there_is_no_list_is_said(error: Exception, sentence: str) -> None:
    world = World()
    async with world.at_work():
        world.lookups.submit(lookup())
        await turns()
        world.open["https://e.org/1"].set_exception(error)
        await turns()
        world.lookups.submit(lookup(2))
        await turns()
        world.open["https://e.org/2"].set_result(MEDIA)
        await turns()
    assert world.seen == [(101, sentence), (102, "Film")]


async def test_a_database_that_is_down_is_said() -> None:
    world = World()
    world.cookies_down = True
    async with world.at_work():
        world.lookups.submit(lookup())
        await turns()
    assert world.seen == [(101, StoreUnavailable().sentence)]


async def test_a_chat_that_takes_nothing_frees_its_place() -> None:
    world = World()
    world.chat_gone = True
    async with world.at_work():
        for number in range(3 * MOST_PER_PERSON):
            world.lookups.submit(lookup(number))
            await turns()
    assert world.seen == []


async def test_who_waits_when_the_bot_stops_is_told() -> None:
    world = World()
    async with world.at_work():
        for person in range(3):
            world.lookups.submit(lookup(person, person))
        await turns()
    assert sorted(world.seen) == [(number, INTERRUPTED) for number in (100, 101, 102)]
    assert world.open == {}
