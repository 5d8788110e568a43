"""A process is ready while all that it depends on is well."""

import asyncio

import pytest

from medusa.errors import StoreUnavailable
from medusa.vitals import (
    MB,
    BrokerState,
    DatabaseState,
    DiskState,
    LoopState,
    TelegramState,
    Vital,
    VitalState,
)
from medusa.web.status import Phase, Readiness, Status
from tests.unit.web.saying import WELL, status

GREEN = {"telegram": True, "database": True, "broker": True, "disk": True}


async def test_a_process_is_ready_when_it_has_started_and_until_it_is_told_to_stop() -> None:
    stop = asyncio.Event()
    assert await Status(stop).readiness() == Readiness(Phase.STARTING, {})
    running = status(stop=stop)
    assert await running.readiness() == Readiness(Phase.RUNNING, GREEN)
    stop.set()
    last = await running.readiness()
    assert (last.phase, last.is_ready) == (Phase.STOPPING, False)


@pytest.mark.parametrize(
    ("vital", "state", "is_ready"),
    [
        (Vital.TELEGRAM, TelegramState(False, None, 0), False),
        (Vital.TELEGRAM, TelegramState(True, None, 0), False),
        (Vital.TELEGRAM, TelegramState(True, 5000.0, 0), True),
        (Vital.DATABASE, DatabaseState(500.0, "7.0", 1), True),
        (Vital.BROKER, BrokerState(is_shared=True, reachable=False), False),
        (Vital.BROKER, BrokerState(is_shared=False, reachable=True), True),
        (Vital.DISK, DiskState(500 * MB, 1000 * MB), True),
        (Vital.DISK, DiskState(50 * MB, 1000 * MB), False),
        (Vital.DISK, DiskState(500 * MB, 1000 * MB, is_writable=False), False),
        (Vital.LOOP, LoopState(60_000.0, tasks=40), True),
    ],
)
async def test_what_is_red(vital: Vital, state: VitalState, is_ready: bool) -> None:
    found = await status({**WELL, vital: state}).readiness()
    assert found.is_ready is is_ready
    assert found.parts == (GREEN if is_ready else {**GREEN, vital.value: False})


async def test_what_fails_or_hangs_is_red_in_time() -> None:
    async def fails() -> VitalState:
        raise StoreUnavailable(detail="mongodb://user:password@host is down")

    async def hangs() -> VitalState:
        await asyncio.Event().wait()
        raise AssertionError

    found = await status(looks={Vital.DATABASE: fails, Vital.TELEGRAM: hangs}, seconds=0.01).readiness()
    assert found.parts == {**GREEN, "database": False, "telegram": False}


async def test_a_prober_does_not_load_the_database() -> None:
    count = 0

    async def counted() -> VitalState:
        nonlocal count
        count += 1
        return WELL[Vital.DATABASE]

    asked = status(looks={Vital.DATABASE: counted})
    assert len({id(found.parts) for found in [await asked.readiness() for _ in range(50)]}) == 1
    for _ in range(50):
        await asked.figures()
    assert count == 2  # one for each kind of question


async def test_before_the_start_there_are_no_figures() -> None:
    early = Status(asyncio.Event())
    assert await early.figures() is None
    assert early.versions() is None
    early.close()
