"""The answer comes in time, whatever hangs, and says what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from medusa.errors import StoreUnavailable
from medusa.health import Health
from medusa.loop_lag import BEAT_SECONDS, REMEMBERED, LoopLag
from medusa.vitals import (
    GB,
    MB,
    BrokerState,
    CopiesState,
    DatabaseState,
    DiskState,
    DownloadsState,
    Finding,
    LoopState,
    Mark,
    MemoryState,
    Problem,
    TelegramState,
    UptimeState,
    Vital,
    VitalState,
    worst,
)
from tests.unit.waiting import Time, turns

UP = UptimeState(5.0)


def saying(state: VitalState) -> Callable[[], Awaitable[VitalState]]:
    async def look() -> VitalState:
        return state

    return look


async def hangs() -> VitalState:
    """Does not even end when it is cancelled the first time."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await turns()
    raise AssertionError


async def fails() -> VitalState:
    raise StoreUnavailable(detail="down")


async def test_all_that_there_is_is_looked_at_in_order() -> None:
    health = Health(
        {Vital.UPTIME: saying(UP), Vital.DATABASE: fails, Vital.BROKER: saying(BrokerState(False, True))}
    )
    found = await health.findings()
    assert [one.vital for one in found] == [Vital.DATABASE, Vital.BROKER, Vital.UPTIME]
    assert [one.mark for one in found] == [Mark.BAD, Mark.GOOD, Mark.GOOD]
    assert found[0].problem is Problem.SILENT
    assert [one.vital for one in await health.findings(Vital.UPTIME, Vital.DISK)] == [Vital.UPTIME]


@pytest.mark.timeout(10)
async def test_what_hangs_holds_up_nobody() -> None:
    health = Health({Vital.TELEGRAM: hangs, Vital.UPTIME: saying(UP)}, seconds=0.01)
    assert await health.findings() == [Finding(Vital.TELEGRAM, None), Finding(Vital.UPTIME, UP)]
    await turns()


@pytest.mark.parametrize(
    ("state", "problem", "mark"),
    [
        (TelegramState(True, 20.0, 4), None, Mark.GOOD),
        (TelegramState(True, 2000.0, 0), Problem.SLOW, Mark.DOUBTFUL),
        (TelegramState(True, None, 0), Problem.NOT_CONNECTED, Mark.BAD),
        (TelegramState(False, None, 0), Problem.NOT_CONNECTED, Mark.BAD),
        (DatabaseState(3.0, "6", 1), None, Mark.GOOD),
        (DatabaseState(900.0, "6", 1), Problem.SLOW, Mark.DOUBTFUL),
        (BrokerState(True, True), None, Mark.GOOD),
        (BrokerState(True, False), Problem.AWAY, Mark.DOUBTFUL),
        (DiskState(2 * GB, 9 * GB), None, Mark.GOOD),
        (DiskState(2 * GB, 9 * GB, is_writable=False), Problem.READ_ONLY, Mark.BAD),
        (DiskState(GB - 1, 9 * GB), Problem.LITTLE_DISK, Mark.DOUBTFUL),
        (DiskState(100 * MB - 1, 9 * GB), Problem.NO_DISK, Mark.BAD),
        (MemoryState(300 * MB, 100 * MB, 2, 500 * MB), None, Mark.GOOD),
        (MemoryState(300 * MB, 130 * MB, 2, 500 * MB), Problem.MUCH_MEMORY, Mark.DOUBTFUL),
        (MemoryState(9 * GB, 9 * GB, 2, None), None, Mark.GOOD),
        (LoopState(10.0, 60), None, Mark.GOOD),
        (LoopState(600.0, 60), Problem.SLOW, Mark.DOUBTFUL),
        (LoopState(6000.0, 60), Problem.STUCK, Mark.BAD),
        (DownloadsState(50, 10_000), None, Mark.GOOD),
        (CopiesState(7, 0, 0), None, Mark.GOOD),
        (CopiesState(7, 1, 0), Problem.COPIES_FAILED, Mark.DOUBTFUL),
        (CopiesState(7, 1, 1), Problem.CHANNELS_BROKEN, Mark.DOUBTFUL),
        (UP, None, Mark.GOOD),
        (None, Problem.SILENT, Mark.BAD),
    ],
)
def test_each_is_judged(state: VitalState | None, problem: Problem | None, mark: Mark) -> None:
    found = Finding(Vital.UPTIME, state)
    assert (found.problem, found.mark) == (problem, mark)


def test_all_of_it_is_as_good_as_the_worst() -> None:
    good, bad = Finding(Vital.UPTIME, UP), Finding(Vital.DISK, None)
    doubtful = Finding(Vital.BROKER, BrokerState(True, False))
    assert worst([]) is Mark.GOOD
    assert worst([good, good]) is Mark.GOOD
    assert worst([good, doubtful]) is Mark.DOUBTFUL
    assert worst([bad, doubtful, good]) is Mark.BAD


async def test_the_longest_delay_of_a_minute_counts() -> None:
    time, late = Time(), [0.25]

    async def sleep(seconds: float) -> None:
        await time.sleep(seconds + (late.pop() if late else 0.0))

    lag = LoopLag(sleep=sleep, clock=lambda: time.now)
    before = await lag.look()
    assert before.lag_ms == 0
    running = asyncio.create_task(lag.run())
    await time.go_on(3 * BEAT_SECONDS + 0.25)
    assert (await lag.look()).lag_ms == pytest.approx(250)
    await time.go_on((REMEMBERED + 2) * BEAT_SECONDS)
    after = await lag.look()
    assert after.lag_ms == pytest.approx(0, abs=1e-6)
    assert after.tasks == before.tasks + 1
    running.cancel()
    await asyncio.wait([running])
