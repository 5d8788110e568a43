"""The pool: a part is saved whatever the lanes do, and nothing is left open."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from medusa.errors import PartRefused, SlowedDown, StreamedTotalRefused, TelegramUnreachable
from medusa.upload.pacing import MAX_ATTEMPTS
from medusa.upload.parts import Part
from medusa.upload.pool import LANE_DEPTH, Pool

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
        await pool.save(1, PART)
    assert network.saved == [PART]
    assert waits.seconds == []


async def test_a_false_answer_is_sent_again_on_the_same_lane() -> None:
    network, waits = Network(False), Waits()
    async with pool_over(network, waits) as pool:
        await pool.save(1, PART)
    assert network.saved == [PART, PART]
    assert (len(network.lanes), waits.seconds) == (1, [0.5])


async def test_a_lost_lane_is_replaced() -> None:
    network, waits = Network(ConnectionLost()), Waits()
    async with pool_over(network, waits) as pool:
        await pool.save(1, PART)
        assert network.saved == [PART]
        assert [lane.alive for lane in network.lanes] == [False, True]


async def test_a_server_fault_keeps_the_lane() -> None:
    network, waits = Network(TelegramUnreachable()), Waits()
    async with pool_over(network, waits) as pool:
        await pool.save(1, PART)
    assert len(network.lanes) == 1


async def test_a_lane_that_does_not_open_is_tried_again() -> None:
    network, waits = Network(), Waits()
    network.refuse_to_open = 3
    async with pool_over(network, waits) as pool:
        await pool.save(1, PART)
    assert network.saved == [PART]
    assert waits.seconds == [0.5, 1.0, 2.0]


async def test_a_flood_wait_pauses_the_account_and_counts_no_attempt() -> None:
    clock = asyncio.get_running_loop().time
    started = clock()
    network = Network(SlowedDown(0.02), SlowedDown(0.02))
    pool = Pool(network.open, lanes=1)
    await pool.save(1, PART)
    assert clock() - started >= 0.04
    assert network.saved == [PART]
    await pool.close()


@pytest.mark.parametrize("problem", [False, TelegramUnreachable()])
async def test_it_gives_up_in_the_end(problem: Exception | bool) -> None:
    network, waits = Network(*[problem] * MAX_ATTEMPTS), Waits()
    async with pool_over(network, waits) as pool:
        with pytest.raises((PartRefused, TelegramUnreachable)):
            await pool.save(1, PART)
    assert len(waits.seconds) == MAX_ATTEMPTS - 1
    assert max(waits.seconds) == 30.0


async def test_a_refusal_ends_it_at_once() -> None:
    network, waits = Network(StreamedTotalRefused()), Waits()
    async with pool_over(network, waits) as pool:
        with pytest.raises(StreamedTotalRefused):
            await pool.save(1, PART)
    assert waits.seconds == []


async def test_many_parts_use_all_lanes_evenly_and_no_more() -> None:
    network, waits = Network(), Waits()
    network.gate.clear()
    async with pool_over(network, waits, lanes=3) as pool:
        parts = [Part(index, b"x") for index in range(20)]
        saving = [asyncio.create_task(pool.save(1, part)) for part in parts]
        while sum(lane.busy for lane in network.lanes) < pool.capacity:
            await asyncio.sleep(0)
        assert [lane.busy for lane in network.lanes] == [LANE_DEPTH] * 3
        network.gate.set()
        await asyncio.gather(*saving)
    assert network.busiest == LANE_DEPTH
    assert sorted(part.index for part in network.saved) == list(range(20))


async def test_idle_lanes_are_closed_and_opened_again_when_needed() -> None:
    network = Network()
    pool = Pool(network.open, lanes=1, idle_seconds=0.0)
    await pool.save(1, PART)
    while not network.lanes[0].closed:
        await asyncio.sleep(0)
    await pool.save(1, PART)
    assert len(network.lanes) == 2
    await pool.close()
    assert network.lanes[1].closed


async def test_cancelling_a_save_leaves_the_pool_usable() -> None:
    network, waits = Network(), Waits()
    network.gate.clear()
    async with pool_over(network, waits, lanes=1) as pool:
        saving = [asyncio.create_task(pool.save(1, PART)) for _ in range(LANE_DEPTH + 1)]
        while sum(lane.busy for lane in network.lanes) < LANE_DEPTH:
            await asyncio.sleep(0)
        for task in saving:
            task.cancel()
        await asyncio.gather(*saving, return_exceptions=True)
        network.gate.set()
        await pool.save(1, PART)
    assert network.saved == [PART]


async def test_closing_while_a_lane_is_being_opened_hangs_up() -> None:
    network = Network()
    pool = Pool(network.open, lanes=1)
    saving = asyncio.create_task(pool.save(1, PART))
    await asyncio.sleep(0)
    saving.cancel()
    await pool.close()
    assert all(lane.closed for lane in network.lanes)
    await asyncio.gather(saving, return_exceptions=True)
