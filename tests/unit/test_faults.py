"""Faults reach the owner once each, whatever else goes wrong, and nothing comes of that by itself."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from loguru import logger

from medusa.errors import StoreUnavailable, TelegramUnreachable, WrongArgument
from medusa.fault import Fault
from medusa.fault_box import FaultBox
from medusa.faults import DAY, LOOK_SECONDS, OTHERS_ROUNDS, PAGE, Faults
from medusa.policy import Policy
from tests.unit.household import FixedPolicies
from tests.unit.waiting import Time

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def fault(name: str = "a", count: int = 1, **fields: object) -> Fault:
    """One that was just seen."""
    return Fault(
        id=name,
        kind="KeyError",
        place="medusa/x.py:f",
        message=name,
        traceback="…",
        first=NOW,
        last=NOW,
        count=count,
    ).evolve(**fields)


class Records:
    """A FaultStore, and what is done once in a while, in memory."""

    def __init__(self) -> None:
        self.faults: dict[str, Fault] = {}
        self.taken: set[str] = set()
        self.problem: Exception | None = None

    def _check(self) -> None:
        if self.problem is not None:
            raise self.problem

    async def add(self, fault: Fault) -> None:
        self._check()
        known = self.faults.get(fault.id)
        self.faults[fault.id] = known.evolve(count=known.count + fault.count) if known else fault

    async def get(self, fault_id: str) -> Fault | None:
        return self.faults.get(fault_id)

    async def latest(self, skip: int, most: int) -> list[Fault]:
        return list(self.faults.values())[skip : skip + most]

    async def untold(self, most: int) -> list[Fault]:
        self._check()
        return [one for one in self.faults.values() if one.told_at is None][:most]

    async def again(self, told_before: datetime, most: int) -> list[Fault]:
        return [
            one
            for one in self.faults.values()
            if one.told_at and one.told_at < told_before and one.count > one.told
        ]

    async def tell(self, fault: Fault, now: datetime) -> None:
        self.faults[fault.id] = self.faults[fault.id].evolve(told=fault.count, told_at=now)

    async def forget(self, fault_id: str) -> bool:
        return self.faults.pop(fault_id, None) is not None

    async def take(self, name: str, now: datetime, pause: timedelta) -> bool:
        is_new = name not in self.taken
        self.taken.add(name)
        return is_new


class Posts:
    """What the owner is told."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.problem: Exception | None = None

    async def tell(self, fault: Fault) -> None:
        if self.problem is not None:
            raise self.problem
        self.told.append(fault.id)

    async def tell_many(self, faults: Sequence[Fault]) -> None:
        self.told.append([one.id for one in faults])

    async def summarise(self, faults: Sequence[Fault]) -> None:
        self.told.append({one.id: one.count - one.told for one in faults})


class House:
    """All of it, at work while the context is open."""

    def __init__(self, *, reports: bool = True, tells: bool = True) -> None:
        self.box, self.store, self.posts, self.time = FaultBox(), Records(), Posts(), Time()
        self.faults = Faults(
            self.box,
            self.store,
            self.store,
            FixedPolicies(Policy(error_reports=reports)),
            self.posts if tells else None,
            sleep=self.time.sleep,
        )

    async def __aenter__(self) -> "House":
        self._running = asyncio.create_task(self.faults.run())
        await self.time.go_on(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert not self._running.done()
        self._running.cancel()
        await asyncio.wait([self._running])

    async def see(self, *faults: Fault) -> None:
        """Let these be seen, and looked at."""
        for one in faults:
            self.box.put(one)
        await self.time.go_on(LOOK_SECONDS)


def test_the_box_has_each_once_with_its_count_and_is_bounded() -> None:
    box = FaultBox(most=2)
    later = NOW + timedelta(hours=1)
    for one in (fault("a"), fault("b"), fault("a", 3, last=later), fault("c"), fault("b")):
        box.put(one)
    assert {one.id: one.count for one in box.take()} == {"a": 4, "b": 2}
    assert box.take() == []


async def test_the_owner_is_told_once_however_often_it_comes() -> None:
    async with House() as house:
        for _ in range(20):
            await house.see(fault("a"), fault("a"))
        assert house.posts.told == ["a"]
        assert house.store.faults["a"].count == 40


async def test_many_at_once_are_one_message() -> None:
    async with House() as house:
        await house.see(*(fault(name) for name in "abcd"))
        assert house.posts.told == [["a", "b", "c", "d"]]
        await house.see(fault("e"))
        assert house.posts.told[1:] == ["e"]


async def test_what_came_again_is_told_once_a_day() -> None:
    async with House() as house:
        await house.see(fault("a"))
        await house.see(fault("a", 37))
        long_ago = datetime.now(UTC) - DAY - timedelta(minutes=1)
        house.store.faults["a"] = house.store.faults["a"].evolve(told_at=long_ago)
        await house.see(fault("b"))
        assert house.posts.told == ["a", "b", {"a": 37}]
        # A second one on the same day has to wait, whatever comes.
        house.store.faults["b"] = house.store.faults["b"].evolve(told_at=long_ago)
        await house.see(fault("b", 5))
        assert len(house.posts.told) == 3


async def test_the_policy_switches_it_off() -> None:
    async with House(reports=False) as house:
        await house.see(fault("a"))
        assert house.store.faults["a"].count == 1
        assert house.posts.told == []
        # Nobody is told of it either when it is switched on again.
        assert house.store.faults["a"].told_at is not None


async def test_a_process_that_does_not_tell_records_for_the_one_that_does() -> None:
    async with House(tells=False) as other, House() as house:
        await other.see(fault("a"))
        assert other.store.faults["a"].told_at is None
        house.store.faults = other.store.faults
        await house.time.go_on(LOOK_SECONDS * OTHERS_ROUNDS)
        assert house.posts.told == ["a"]


async def test_what_cannot_be_recorded_is_recorded_later() -> None:
    async with House() as house:
        house.store.problem = StoreUnavailable()
        await house.see(fault("a"), fault("b"))
        await house.see(fault("a"))
        house.store.problem = None
        await house.see()
        assert {one.id: one.count for one in house.store.faults.values()} == {"a": 2, "b": 1}
        assert sorted(map(str, house.posts.told)) == ["a", "b"]


@pytest.mark.parametrize("problem", [TelegramUnreachable(), RuntimeError("a fault in the reports")])
async def test_what_cannot_be_told_is_told_later(problem: Exception) -> None:
    async with House() as house:
        house.posts.problem = problem
        await house.see(fault("a"))
        house.posts.problem = None
        assert house.posts.told == []
        await house.time.go_on(LOOK_SECONDS * OTHERS_ROUNDS)
        assert house.posts.told == ["a"]


@pytest.mark.parametrize("problem", [StoreUnavailable(), RuntimeError("a fault in the records")])
async def test_a_fault_in_here_is_no_fault(problem: Exception) -> None:
    lines: list[str] = []
    sink = logger.add(lambda line: lines.append(line.record["level"].name), level="ERROR")
    try:
        async with House() as house:
            house.store.problem = problem
            house.posts.problem = RuntimeError()
            for _ in range(3):
                await house.see(fault("a"))
            await house.faults.close()
    finally:
        logger.remove(sink)
    assert lines == []


async def test_what_ends_the_process_is_recorded_at_its_end() -> None:
    house = House(tells=False)
    house.box.put(fault("a"))
    await house.faults.close()
    assert [*house.store.faults] == ["a"]


async def test_they_are_listed_looked_at_and_forgotten() -> None:
    house = House()
    house.store.faults = {str(number): fault(str(number)) for number in range(PAGE + 1)}
    first, has_more = await house.faults.page(0)
    assert (len(first), has_more) == (PAGE, True)
    assert await house.faults.page(1) == ([fault(str(PAGE))], False)
    assert (await house.faults.get("0")).id == "0"
    assert await house.faults.forget("0")
    assert not await house.faults.forget("0")
    with pytest.raises(WrongArgument):
        await house.faults.get("0")
