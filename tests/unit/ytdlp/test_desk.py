"""The owner's wishes: one at a time, seen to their end, and never half done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from medusa.errors import NotInstalled, ReleaseBroken, WrongArgument
from medusa.ytdlp.desk import FAULT, INTERRUPTED, Asked
from tests.unit.waiting import until
from tests.unit.ytdlp.world import ANN, NEWER, NEWEST, SHIPPED, World

BROKEN = ReleaseBroken("It does not load.", version=NEWER)


def asked(version: str = "") -> Asked:
    return Asked(by=ANN, chat_id=1, message_id=5, version=version)


@asynccontextmanager
async def running(world: World) -> AsyncIterator[None]:
    task = asyncio.create_task(world.desk.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def served(world: World, version: str = "") -> list[str]:
    """What the owner sees of an update."""
    world.owner.seen.clear()
    async with running(world):
        world.desk.submit(asked(version))
        await until(lambda: world.owner.seen and world.owner.seen[-1].startswith(("used", "refused")))
    return world.owner.seen


async def test_a_release_is_installed_tried_and_used() -> None:
    world = World()
    assert await served(world, NEWER) == [
        f"begins {NEWER}",
        f"installing {NEWER}",
        f"trying {NEWER}",
        f"used {NEWER}, was {SHIPPED}",
    ]
    assert world.version == NEWER
    assert (world.record.now.version, world.record.now.over) == (NEWER, SHIPPED)
    assert world.deeds.all == [(ANN.id, SHIPPED, NEWER)]
    assert world.shelf.kept == [SHIPPED]


async def test_the_newest_is_used_only_if_it_is_newer() -> None:
    world = World()
    assert (await served(world))[-1] == f"used {NEWEST}, was {SHIPPED}"
    assert (await served(world))[-1] == f"used {NEWEST}, was {NEWEST}"
    assert len(world.deeds.all) == 1
    assert (await served(world, NEWER))[-1] == f"used {NEWER}, was {NEWEST}"


async def test_the_shipped_one_needs_no_installation() -> None:
    world = World()
    await served(world, NEWER)
    assert (await served(world, SHIPPED))[-1] == f"used {SHIPPED}, was {NEWER}"
    assert world.engine.in_use.is_shipped
    assert world.shelf.installed == [NEWER]


@pytest.mark.parametrize("problem", [NotInstalled(), BROKEN])
async def test_what_does_not_work_changes_nothing(problem: NotInstalled | ReleaseBroken) -> None:
    world = World()
    world.shelf.problem = problem
    assert (await served(world, NEWER))[-1] == f"refused: {problem} {SHIPPED} stays"
    assert world.version == SHIPPED
    assert world.record.now.version == ""
    assert world.deeds.all == []
    assert [failure.version for failure in world.record.failures] == ([NEWER] if problem is BROKEN else [])


async def test_a_fault_of_ours_is_no_silence() -> None:
    world = World()
    world.shelf.problem = ZeroDivisionError()
    assert (await served(world, NEWER))[-1] == f"refused: {FAULT} {SHIPPED} stays"


async def test_a_database_that_is_down_changes_nothing() -> None:
    world = World()
    world.record.is_down = True
    assert (await served(world, NEWER))[-1].startswith("refused: My database")
    assert world.version == SHIPPED


async def test_only_one_at_a_time() -> None:
    world = World()
    world.desk.submit(asked(NEWER))
    with pytest.raises(WrongArgument, match="already"):
        world.desk.submit(asked(NEWEST))
    with pytest.raises(WrongArgument, match="already"):
        await world.desk.reset(ANN)
    with pytest.raises(WrongArgument, match="already"):
        await world.desk.renew(ANN, avoid="")
    async with running(world):
        await until(lambda: world.version == NEWER)
    assert (await world.desk.reset(ANN)).version == SHIPPED
    assert world.deeds.all[-1] == (ANN.id, NEWER, SHIPPED)


async def test_somebody_who_has_blocked_the_bot_blocks_no_update() -> None:
    world = World()
    world.owner.is_gone = True
    async with running(world):
        world.desk.submit(asked(NEWER))
        await until(lambda: not world.desk._is_busy)
        world.owner.is_gone = False
        world.desk.submit(asked(NEWER))
        await until(lambda: world.version == NEWER)


async def test_whoever_waits_when_the_bot_stops_is_told() -> None:
    world = World()
    forever = asyncio.Event()

    async def install(*_: object, **__: object) -> str:
        await forever.wait()
        return ""

    world.shelf.install = install  # type: ignore[method-assign]
    async with running(world):
        world.desk.submit(asked(NEWER))
        await until(lambda: world.owner.seen)
    assert world.owner.seen[-1] == f"refused: {INTERRUPTED} {SHIPPED} stays"


async def test_how_it_stands() -> None:
    world = World()
    await served(world, NEWER)
    found = await world.desk.overview()
    assert (found.in_use.version, found.shipped, found.weekly) == (NEWER, SHIPPED, True)
    assert world.desk.in_use == found.in_use
    assert found.decision.version == NEWER
