"""A newer release by itself: looked for once a day, used once a week, and only where that is wanted."""

from datetime import timedelta

import pytest

from medusa.errors import NotInstalled, ReleaseBroken
from medusa.policy import Policy
from medusa.ytdlp.weekly import Weekly
from tests.unit.household import FixedPolicies
from tests.unit.ytdlp.world import ANN, BOT, NEWER, NEWEST, NOW, SHIPPED, World

DAY = timedelta(days=1)


async def test_a_newer_one_is_used_and_told_of() -> None:
    world = World()
    await world.weekly.look()
    assert world.version == NEWEST
    assert world.owner.seen == [f"{NEWEST} came by itself"]
    assert world.deeds.all == [(BOT.id, SHIPPED, NEWEST)]


async def test_not_where_nobody_wants_it() -> None:
    world = World()
    off = Weekly(world.record, FixedPolicies(Policy()), world.desk, world.owner, BOT, now=lambda: NOW)
    await off.look()
    assert world.version == SHIPPED
    assert world.shelf.installed == []


async def test_once_a_day_is_looked() -> None:
    world = World()
    world.shelf.index = {SHIPPED}
    for _ in range(30):
        await world.weekly.look()
        world.now += timedelta(hours=12)
    assert len(world.shelf.installed) == 15
    assert world.version == SHIPPED
    assert world.owner.seen == []


async def test_what_was_decided_stays_for_a_week() -> None:
    world = World()
    await world.desk.reset(ANN)
    assert world.record.now.at is not None
    for hours in (0, 24, 6 * 24, 7 * 24 - 1):
        world.now = world.record.now.at + timedelta(hours=hours)
        await world.weekly.look()
    assert world.shelf.installed == []
    world.now = world.record.now.at + 7 * DAY
    await world.weekly.look()
    assert world.version == NEWEST


async def test_one_that_does_not_work_is_told_of_once() -> None:
    world = World()
    world.shelf.problem = ReleaseBroken("It does not load.", version=NEWEST)
    for _ in range(3):
        await world.weekly.look()
        world.now += DAY
    assert world.owner.seen == ["not renewed: It does not load."]
    assert world.version == SHIPPED
    assert len(world.shelf.installed) == 3  # it looks, and leaves that one alone


@pytest.mark.parametrize("problem", [NotInstalled()])
async def test_an_index_that_is_out_of_reach_is_nobodys_business(problem: NotInstalled) -> None:
    world = World()
    world.shelf.problem = problem
    await world.weekly.look()
    assert world.owner.seen == []
    assert world.version == SHIPPED
    world.shelf.problem = None
    await world.weekly.look()
    assert world.version == SHIPPED  # not before tomorrow
    world.now += DAY
    await world.weekly.look()
    assert world.version == NEWEST


async def test_it_never_goes_back() -> None:
    world = World(None, NEWEST)
    await world.record.decide(NEWEST, over=SHIPPED, at=NOW - 30 * DAY)
    await world.follower.look()
    world.shelf.index = {NEWER}
    await world.weekly.look()
    assert world.version == NEWEST
