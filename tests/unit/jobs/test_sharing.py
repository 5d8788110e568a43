"""What a process tells others of its transfers: what moves, slowly, whatever the database does."""

import asyncio
from collections.abc import Sequence

from medusa.errors import StoreUnavailable
from medusa.jobs.sharing import SHARE_SECONDS, Sharing
from medusa.model import Progress
from medusa.under_way import Transfer, transfer_of
from tests.unit.jobs.memory import queued
from tests.unit.waiting import Time


class Store:
    def __init__(self) -> None:
        self.kept: list[list[int]] = []
        self.is_down = False

    async def keep(self, transfers: Sequence[Transfer]) -> None:
        if self.is_down:
            raise StoreUnavailable
        self.kept.append([one.progress.acknowledged for one in transfers])


def transfers(*acknowledged: int) -> list[Transfer]:
    return [
        transfer_of(queued(f"job {number}"), Progress(acknowledged=one))
        for number, one in enumerate(acknowledged)
    ]


async def test_what_moves_is_told() -> None:
    time, store = Time(), Store()
    now: list[Transfer] = []
    running = asyncio.create_task(Sharing(store, lambda: now, sleep=time.sleep).run())
    await time.go_on(SHARE_SECONDS)
    assert store.kept == []
    now = transfers(1, 2)
    await time.go_on(SHARE_SECONDS)
    await time.go_on(SHARE_SECONDS)
    assert store.kept == [[1, 2]]
    now, store.is_down = transfers(3), True
    await time.go_on(SHARE_SECONDS)
    store.is_down = False
    await time.go_on(SHARE_SECONDS)
    assert store.kept == [[1, 2], [3]]
    running.cancel()
    await asyncio.wait([running])
