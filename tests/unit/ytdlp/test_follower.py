"""Each process uses what was decided, as far as it can."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from medusa.errors import NotInstalled, StoreUnavailable
from medusa.media.records import Exit
from medusa.ytdlp.follower import AGAIN_SECONDS
from tests.unit.waiting import turns, until
from tests.unit.ytdlp.world import NEWER, NEWEST, NOW, SHIPPED, Record, World


async def decided(version: str, over: str = SHIPPED) -> Record:
    record = Record()
    await record.decide(version, over=over, at=NOW)
    return record


def uses(world: World, version: str) -> bool:
    return world.version == version


@asynccontextmanager
async def running(world: World) -> AsyncIterator[None]:
    task = asyncio.create_task(world.follower.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_nothing_was_decided() -> None:
    world = World()
    assert await world.follower.look() == ""
    assert world.engine.in_use.is_shipped


async def test_what_lies_here_is_used_from_the_start() -> None:
    world = World(await decided(NEWER), NEWER)
    await world.follower.begin()
    assert world.version == NEWER
    assert world.engine.directory == f"/yt-dlp/{NEWER}"
    assert world.shelf.installed == []


async def test_what_does_not_lie_here_is_installed_meanwhile() -> None:
    world = World(await decided(NEWER))
    await world.follower.begin()
    assert world.version == SHIPPED
    async with running(world):
        await until(lambda: world.version == NEWER)
    assert world.shelf.installed == [NEWER]
    assert world.owner.seen == []


async def test_a_change_is_followed_and_a_way_back_too() -> None:
    world = World(None, NEWER, NEWEST)
    async with running(world):
        for version in (NEWER, NEWEST, ""):
            await world.record.decide(version, over=SHIPPED, at=NOW)
            await until(partial(uses, world, version or SHIPPED))
    assert world.shelf.installed == []


async def test_what_cannot_be_had_leaves_the_shipped_one_and_is_tried_again_later() -> None:
    world = World(await decided(NEWER))
    world.shelf.problem = NotInstalled()
    async with running(world):
        await until(lambda: world.owner.seen)
        await turns()
        assert world.shelf.installed == [NEWER]
        world.time += AGAIN_SECONDS
        await until(lambda: len(world.shelf.installed) == 2)
        assert world.version == SHIPPED
        world.shelf.problem = None
        world.time += AGAIN_SECONDS
        await until(lambda: world.version == NEWER)
    assert world.owner.seen == [f"{NEWER} missing: {NotInstalled()}"]


async def test_a_database_that_is_down_stops_nothing() -> None:
    world = World(await decided(NEWER), NEWER)
    world.record.is_down = True
    await world.follower.begin()
    with pytest.raises(StoreUnavailable):
        await world.follower.look()
    async with running(world):
        await turns()
        assert world.version == SHIPPED
        world.record.is_down = False
        await until(lambda: world.version == NEWER)


async def test_one_that_breaks_down_is_given_up_for_all_and_told_once() -> None:
    record = await decided(NEWER)
    one, other = World(record, NEWER), World(record, NEWER)
    for world in (one, other):
        await world.follower.look()
        world.engine.ended(world.engine.directory, Exit.UNUSABLE, "ImportError: no")
        assert world.version == SHIPPED
    async with running(one), running(other):
        await until(lambda: not one.engine.trouble.is_set() and not other.engine.trouble.is_set())
        await turns()
    assert one.owner.seen + other.owner.seen == [f"{NEWER} given up: ImportError: no"]
    assert record.now.version == ""
    assert record.now.failed is not None
    assert record.now.failed.version == NEWER
    assert one.version == other.version == SHIPPED


async def test_one_that_breaks_down_without_a_database_is_not_used_again() -> None:
    world = World(await decided(NEWER), NEWER)
    await world.follower.look()
    world.record.is_down = True
    async with running(world):
        world.engine.ended(world.engine.directory, Exit.UNUSABLE, "no")
        await turns()
        assert world.version == SHIPPED
        world.record.is_down = False
        await until(lambda: world.owner.seen)
        assert world.version == SHIPPED
    assert world.record.now.version == ""


async def test_what_broke_down_does_not_undo_what_was_decided_since() -> None:
    world = World(await decided(NEWER), NEWER, NEWEST)
    await world.follower.look()
    await world.record.decide(NEWEST, over=SHIPPED, at=NOW)
    world.engine.ended(world.engine.directory, Exit.UNUSABLE, "no")
    await world.follower.look()
    assert world.version == NEWEST
    assert world.owner.seen == []


async def test_a_deploy_with_a_newer_one_ends_what_was_decided() -> None:
    world = World(await decided(NEWER), NEWER, shipped=NEWEST)
    assert await world.follower.look() == ""
    assert world.version == NEWEST
    assert world.engine.in_use.is_shipped
