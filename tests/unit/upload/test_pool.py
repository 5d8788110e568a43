"""The pool: a part is saved whatever the lanes do, and nothing is left open."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from medusa.counters import Counters
from medusa.errors import PartRefused, SlowedDown, StreamedTotalRefused, TelegramUnreachable
from medusa.upload.pacing import MAX_ATTEMPTS
from medusa.upload.parts import Part
from medusa.upload.pool import BUDGET, Pool
from tests.unit.waiting import turns

PART = Part(7, b"bytes")
Answer = Callable[["FakeLane"], bool]


class Waits:
    """Records sleeps instead of sleeping, and moves the loop's work on."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


class FakeLane:
    def __init__(self, network: "Network") -> None:
        self.alive = True
        self.closed = False
        self.busy = 0
        self._network = network

    async def save(self, file_id: int, part: Part) -> bool:
        self.busy += 1
        self._network.busiest = max(self._network.busiest, self.busy)
        try:
            await turns(5)
            await self._network.gate.wait()
            answer = self._network.answers.pop(0) if self._network.answers else None
            if isinstance(answer, Exception):
                self.alive = self.alive and not isinstance(answer, ConnectionLost)
                raise answer
            self._network.saved.append(part)
            return answer is None
        finally:
            self.busy -= 1

    async def close(self) -> None:
        self.closed = True


class ConnectionLost(TelegramUnreachable):
    """The lane is dead."""


class Network:
    """Makes lanes. `answers` are given in turn (an exception is raised), and then all goes well."""

    def __init__(self, *answers: Exception | bool) -> None:
        self.answers: list[Exception | bool] = list(answers)
        self.lanes: list[FakeLane] = []
        self.saved: list[Part] = []
        self.busiest = 0
        self.refuse_to_open = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def open(self) -> FakeLane:
        await asyncio.sleep(0)
        if self.refuse_to_open:
            self.refuse_to_open -= 1
            raise TelegramUnreachable
        self.lanes.append(FakeLane(self))
        return self.lanes[-1]


async def save(pool: Pool, part: Part = PART, file_id: int = 1) -> None:
    """As the uploader does."""
    await pool.turn(file_id)
    try:
        await pool.save(file_id, part)
    finally:
        pool.end_turn()


@asynccontextmanager
async def pool_over(network: Network, waits: Waits, lanes: int = 4) -> AsyncIterator[Pool]:
    pool = Pool(network.open, lanes=lanes, sleep=waits)
    try:
        yield pool
    finally:
        await pool.close()
        assert all(lane.closed for lane in network.lanes)


async def test_a_good_lane_saves_at_once() -> None:
    network, waits = Network(), Waits()
    async with pool_over(network, waits) as pool:
        await save(pool)
    assert network.saved == [PART]
    assert waits.seconds == []


async def test_a_false_answer_is_sent_again_on_the_same_lane() -> None:
    network, waits = Network(False), Waits()
    async with pool_over(network, waits) as pool:
        await save(pool)
    assert network.saved == [PART, PART]
    assert (len(network.lanes), waits.seconds) == (1, [0.5])


async def test_a_lost_lane_is_replaced() -> None:
    network, waits = Network(ConnectionLost()), Waits()
    async with pool_over(network, waits) as pool:
        await save(pool)
        assert network.saved == [PART]
        assert [lane.alive for lane in network.lanes] == [False, True]


async def test_a_server_fault_keeps_the_lane() -> None:
    network, waits = Network(TelegramUnreachable()), Waits()
    async with pool_over(network, waits) as pool:
        await save(pool)
    assert len(network.lanes) == 1


async def test_a_lane_that_does_not_open_is_tried_again() -> None:
    network, waits = Network(), Waits()
    network.refuse_to_open = 3
    async with pool_over(network, waits) as pool:
        await save(pool)
    assert network.saved == [PART]
    assert waits.seconds == [0.5, 1.0, 2.0]


async def test_what_happens_is_counted() -> None:
    network, waits, counters = Network(False, SlowedDown(3.0), TelegramUnreachable()), Waits(), Counters()
    pool = Pool(network.open, lanes=1, sleep=waits, counters=counters)
    await save(pool)
    await pool.close()
    assert (counters.uploaded, counters.failed_parts) == (len(PART.data), 2)
    assert (counters.flood_waits, counters.flood_seconds) == (1, 3.0)
    assert counters.parts.within()[-1][1] == 1


async def test_a_flood_wait_pauses_the_account_and_counts_no_attempt() -> None:
    clock = asyncio.get_running_loop().time
    started = clock()
    network = Network(SlowedDown(0.02), SlowedDown(0.02))
    pool = Pool(network.open, lanes=1)
    await save(pool)
    assert clock() - started >= 0.04
    assert network.saved == [PART]
    await pool.close()


@pytest.mark.parametrize("problem", [False, TelegramUnreachable()])
async def test_it_gives_up_in_the_end(problem: Exception | bool) -> None:
    network, waits = Network(*[problem] * MAX_ATTEMPTS), Waits()
    async with pool_over(network, waits) as pool:
        with pytest.raises((PartRefused, TelegramUnreachable)):
            await save(pool)
    assert len(waits.seconds) == MAX_ATTEMPTS - 1
    assert max(waits.seconds) == 30.0


async def test_a_refusal_ends_it_at_once() -> None:
    network, waits = Network(StreamedTotalRefused()), Waits()
    async with pool_over(network, waits) as pool:
        with pytest.raises(StreamedTotalRefused):
            await save(pool)
    assert waits.seconds == []


async def test_the_window_grows_and_more_lanes_are_opened() -> None:
    network, waits = Network(), Waits()
    async with pool_over(network, waits, lanes=3) as pool:
        await asyncio.gather(*(save(pool, Part(index, b"x")) for index in range(40)))
        assert len(network.lanes) == 3
        network.gate.clear()
        saving = [asyncio.create_task(save(pool, Part(index, b"x"))) for index in range(40)]
        while sum(lane.busy for lane in network.lanes) < BUDGET:
            await asyncio.sleep(0)
        assert sorted(lane.busy for lane in network.lanes) == [5, 5, 6]
        network.gate.set()
        await asyncio.gather(*saving)
    assert len(network.saved) == 80


async def test_it_begins_with_one_lane() -> None:
    network, waits = Network(), Waits()
    network.gate.clear()
    async with pool_over(network, waits) as pool:
        saving = [asyncio.create_task(save(pool, Part(index, b"x"))) for index in range(9)]
        await turns()
        assert [lane.busy for lane in network.lanes] == [2]
        network.gate.set()
        await asyncio.gather(*saving)


async def test_slow_parts_close_lanes() -> None:
    network, waits = Network(), Waits()
    now = 0.0
    pool = Pool(network.open, lanes=4, sleep=waits, clock=lambda: now)
    await asyncio.gather(*(save(pool, Part(index, b"x")) for index in range(60)))
    assert [lane.closed for lane in network.lanes] == [False] * 4
    for _ in range(4):
        network.gate.clear()
        saving = asyncio.create_task(save(pool))
        while not any(lane.busy for lane in network.lanes):
            await asyncio.sleep(0)
        now += 10
        network.gate.set()
        await saving
    await turns()
    assert sum(not lane.closed for lane in network.lanes) == 1
    await pool.close()


async def test_a_lane_that_would_only_help_may_fail_to_open() -> None:
    network, waits = Network(), Waits()
    async with pool_over(network, waits) as pool:
        await save(pool)
        network.refuse_to_open = 1
        await asyncio.gather(*(save(pool, Part(index, b"x")) for index in range(40)))
        assert len(network.lanes) == 1
        assert waits.seconds == []


async def test_idle_lanes_are_closed_and_opened_again_when_needed() -> None:
    network = Network()
    pool = Pool(network.open, lanes=1, idle_seconds=0.0)
    await save(pool)
    while not network.lanes[0].closed:
        await asyncio.sleep(0)
    await save(pool)
    assert len(network.lanes) == 2
    await pool.close()
    assert network.lanes[1].closed


async def test_cancelling_a_save_leaves_the_pool_usable() -> None:
    network, waits = Network(), Waits()
    network.gate.clear()
    async with pool_over(network, waits, lanes=1) as pool:
        saving = [asyncio.create_task(save(pool)) for _ in range(5)]
        while sum(lane.busy for lane in network.lanes) < 2:
            await asyncio.sleep(0)
        for task in saving:
            task.cancel()
        await asyncio.gather(*saving, return_exceptions=True)
        network.gate.set()
        await save(pool)
    assert network.saved == [PART]


async def test_closing_while_a_lane_is_being_opened_hangs_up() -> None:
    network = Network()
    pool = Pool(network.open, lanes=1)
    saving = asyncio.create_task(save(pool))
    await asyncio.sleep(0)
    saving.cancel()
    await pool.close()
    assert all(lane.closed for lane in network.lanes)
    await asyncio.gather(saving, return_exceptions=True)
