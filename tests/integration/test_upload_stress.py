"""Hundreds of uploads through all that can go wrong: each arrives bit for bit, or was cancelled."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Self

import pytest

from medusa.kept import Uploaded
from medusa.model import Frame
from medusa.telegram.lane import open_lane
from medusa.telegram.mtproto.session import Patience
from medusa.telegram.transport import GuardedTransport
from medusa.upload.parts import PART_SIZE
from medusa.upload.pool import Pool
from medusa.upload.uploader import Uploader
from tests.dc import DataCenter, Options, bot_client
from tests.dc.files import File, tree_sha256
from tests.dc.wire import Link

AT_ONCE = 8
HEAD = b"the index, which is known only at the end"
PATIENCE = Patience(silence=2.0, answer=3.0, ping=0.5, look=0.1)
"""Long enough for a busy machine, a fraction of what production has."""

SETTLE_SECONDS = 3.0
LATENCIES = (0.0, 0.0, 0.01, 0.05)
PARTS = "upload.save*Part"

Trouble = Callable[[DataCenter, Random], object]


def _break_one(dc: DataCenter, random: Random) -> None:
    if links := dc.connections(media=True):
        random.choice(links).drop()


def _change_latency(dc: DataCenter, random: Random) -> None:
    dc.latency = random.choice(LATENCIES)


TROUBLES: dict[str, tuple[int, Trouble]] = {
    "a flood wait": (2, lambda dc, _: dc.faults.flood_wait(1, method=PARTS)),
    "a premium flood wait": (2, lambda dc, _: dc.faults.flood_premium_wait(1)),
    "an error": (12, lambda dc, r: dc.faults.error(500, "RPC_CALL_FAIL", method=PARTS, after=r.randrange(9))),
    "a time-out": (12, lambda dc, r: dc.faults.error(503, "Timeout", method=PARTS, after=r.randrange(9))),
    "false": (12, lambda dc, r: dc.faults.answer_false(after=r.randrange(9))),
    "a late answer": (12, lambda dc, r: dc.faults.delay(r.random(), method=PARTS, after=r.randrange(9))),
    "a drop": (6, lambda dc, r: dc.faults.drop(method=PARTS, after=r.randrange(9))),
    "a drop behind": (6, lambda dc, r: dc.faults.drop(executed=True, method=PARTS, after=r.randrange(9))),
    "a lost answer": (3, lambda dc, r: dc.faults.lose_reply(method=PARTS, after=r.randrange(9))),
    "a lost request": (3, lambda dc, r: dc.faults.ignore(method=PARTS, after=r.randrange(9))),
    "a stall": (3, lambda dc, r: dc.faults.stall(method=PARTS, after=r.randrange(9))),
    "a broken connection": (8, _break_one),
    "another latency": (20, _change_latency),
}
"""How often in a hundred uploads, and what."""


@dataclass(frozen=True)
class Case:
    """One upload."""

    number: int
    size: int
    step: int
    """Bytes of a frame."""
    head_window: int
    cancelled_after: float | None
    """Seconds."""
    troubles: tuple[Trouble, ...]

    @property
    def body(self) -> bytes:
        """What must arrive; the head is what was written last."""
        data = Random(self.number).randbytes(self.size)
        return HEAD + data[len(HEAD) :] if self.head_window else data

    async def frames(self) -> AsyncIterator[Frame]:
        """The body, and in the end its head once more, as it really is."""
        random, body = Random(self.number), self.body
        for offset in range(0, self.size, self.step):
            data = body[offset : offset + self.step]
            yield Frame(offset, bytes(len(data)) if self.head_window and not offset else data)
            if not random.randrange(8):
                await asyncio.sleep(random.random() / 50)
        if self.head_window:
            yield Frame(0, body[: self.step])


def cases(random: Random, count: int) -> list[Case]:
    """So many uploads and the troubles that come with them."""
    troubles: list[list[Trouble]] = [[] for _ in range(count)]
    for often, trouble in TROUBLES.values():
        for _ in range(often * count // 100):
            random.choice(troubles).append(trouble)
    return [_case(random, number, tuple(found)) for number, found in enumerate(troubles)]


def _case(random: Random, number: int, troubles: tuple[Trouble, ...]) -> Case:
    size = random.choice([random.randint(100_000, 6_000_000), random.randint(1, 12) * PART_SIZE])
    step = random.choice([65_536, 100_000, 262_144, 1_000_000])
    return Case(
        number=number,
        size=size,
        step=step,
        # The head is rewritten as the frame that it was.
        head_window=random.choice([0, 0, step, min(1_500_000, max(step, size // 2))]),
        cancelled_after=random.random() if random.random() < 0.2 else None,
        troubles=troubles,
    )


async def upload(uploader: Uploader, case: Case) -> Uploaded | None:
    """Upload it; None when it was cancelled in time."""
    task = asyncio.create_task(
        uploader.upload(case.frames(), head_window=case.head_window, on_acknowledged=lambda size: None)
    )
    if case.cancelled_after is not None:
        await asyncio.wait([task], timeout=case.cancelled_after)
        task.cancel()
        with suppress(asyncio.CancelledError):
            return await task
        return None
    return await task


def check_arrived(dc: DataCenter, case: Case, uploaded: Uploaded) -> None:
    """The server has exactly the body."""
    transfers = dc.core.storage.transfers
    content = next(one.content for key, one in transfers.items() if uploaded.file_id in key)
    assert (uploaded.size, content.size) == (case.size, case.size)
    assert File(content).tree_sha256 == tree_sha256(case.body)


@dataclass(frozen=True)
class Footprint:
    """What this process has: numbers, since the main connection replaces its own tasks all the time."""

    tasks: int
    files: int
    threads: int

    @classmethod
    def now(cls) -> Self:
        """The loop keeps the threads of its pool for the next work."""
        threads = [one for one in threading.enumerate() if not one.name.startswith("uvloop_")]
        return cls(len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd")), len(threads))


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Fails when there is a task, an open file or a thread more afterwards than before."""
    await asyncio.sleep(0.1)  # until the client's own tasks have begun
    before = Footprint.now()
    yield
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_SECONDS):
            while not _is_within(Footprint.now(), before):
                await asyncio.sleep(0.05)
    assert _is_within(after := Footprint.now(), before), f"{after} after {before}"


def _is_within(after: Footprint, before: Footprint) -> bool:
    return after.tasks <= before.tasks and after.files <= before.files and after.threads <= before.threads


async def _hung_up(links: list[Link]) -> None:
    """Return when these connections are gone; a server that does not read would never know."""
    for link in links:
        if link.stalled:
            link.drop()
    await asyncio.gather(*(link.gone.wait() for link in links))


async def storm(seed: int, count: int) -> None:
    """So many uploads, several at a time; whatever this seed brings."""
    random = Random(seed)
    async with DataCenter(Options(discard=True)) as dc:
        client = bot_client(dc, dc.bot(), protocol_factory=GuardedTransport)
        async with client, nothing_left():
            pool = Pool(lambda: open_lane(client, PATIENCE), lanes=4)
            uploader, room = Uploader(pool, max_parts=4000), asyncio.Semaphore(AT_ONCE)
            arrived = 0

            async def one(case: Case) -> None:
                nonlocal arrived
                async with room:
                    for trouble in case.troubles:
                        trouble(dc, random)
                    try:
                        if (uploaded := await upload(uploader, case)) is not None:
                            check_arrived(dc, case, uploaded)
                            arrived += 1
                    except Exception as error:
                        error.add_note(f"seed {seed}, {case}")
                        raise

            async with asyncio.TaskGroup() as group:
                for case in cases(random, count):
                    group.create_task(one(case))
            await pool.close()
            await _hung_up(list(dc.connections(media=True)))
        struck = sum(fault.fired for fault in dc.faults.active)
        assert struck > len(dc.faults.active) * 0.9, f"{struck} of {len(dc.faults.active)} faults"
        assert arrived > count * 0.7


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [1])
async def test_what_is_not_cancelled_arrives_whatever_happens(seed: int) -> None:
    await storm(seed, 120)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [2, 3, 4])
async def test_the_same_for_longer(seed: int) -> None:
    await storm(seed, 500)
