"""The clock of the machine is set."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from medusa.errors import StoreUnavailable
from medusa.jobs.clock_watch import LEAST_SECONDS, LOOK_SECONDS, ClockWatch

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Machine:
    """Two clocks; the one that people set is set before some of the looks. A store that may be down."""

    def __init__(self, *settings: timedelta) -> None:
        self.now = NOON
        self.steady = 1000.0
        self.brought: list[tuple[datetime, timedelta]] = []
        self.down_for = 0
        self._settings = iter(settings)

    async def bring_forward(self, now: datetime, back: timedelta) -> int:
        if self.down_for:
            self.down_for -= 1
            raise StoreUnavailable
        self.brought.append((now, back))
        return 3

    async def sleep(self, seconds: float) -> None:
        setting = next(self._settings, None)
        if setting is None:
            raise asyncio.CancelledError
        self.steady += seconds
        self.now += timedelta(seconds=seconds) + setting

    async def watch(self) -> None:
        watch = ClockWatch(self, clock=lambda: self.now, steady=lambda: self.steady, sleep=self.sleep)
        with pytest.raises(asyncio.CancelledError):
            await watch.run()


async def test_what_waits_by_a_clock_that_was_set_back_is_brought_forward_once() -> None:
    machine = Machine(timedelta(), -HOUR, timedelta(), timedelta())
    await machine.watch()
    assert machine.brought == [(NOON - HOUR + 2 * timedelta(seconds=LOOK_SECONDS), HOUR)]


async def test_set_back_again_and_again() -> None:
    machine = Machine(-HOUR, timedelta(), -2 * HOUR)
    await machine.watch()
    assert [back for _, back in machine.brought] == [HOUR, 2 * HOUR]


@pytest.mark.parametrize("setting", [HOUR, timedelta(seconds=1), timedelta(seconds=1 - LEAST_SECONDS)])
async def test_forward_and_by_little_nothing_happens(setting: timedelta) -> None:
    machine = Machine(setting, timedelta())
    await machine.watch()
    assert machine.brought == []


async def test_a_clock_that_runs_slow_is_no_clock_that_was_set() -> None:
    machine = Machine(*[timedelta(seconds=-1)] * 100)
    await machine.watch()
    assert machine.brought == []


async def test_while_the_database_is_down_it_is_tried_again() -> None:
    machine = Machine(-HOUR, timedelta(), timedelta())
    machine.down_for = 2
    await machine.watch()
    assert [back for _, back in machine.brought] == [HOUR]
