"""Ends that nobody has shown are shown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from medusa.jobs.epilogue import LOOK_SECONDS, PATIENCE, Epilogue
from medusa.model import Download, State
from tests.unit.jobs.memory import LONG_AGO, MemoryStore, queued
from tests.unit.waiting import Time, turns


def ended(job: str, updated: datetime = LONG_AGO) -> Download:
    return queued(job, state=State.DONE, unshown=True, updated=updated, status_message_id=9)


@asynccontextmanager
async def running(store: MemoryStore, time: Time) -> AsyncIterator[list[str]]:
    """What it announces."""
    announced: list[str] = []
    epilogue = Epilogue(store, lambda download: announced.append(download.id), sleep=time.sleep)
    task = asyncio.create_task(epilogue.run())
    await turns()
    yield announced
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_at_the_start_all_are_shown_the_oldest_first() -> None:
    shown = queued("shown", state=State.DONE)
    now = datetime.now(UTC)
    async with running(MemoryStore(ended("new", now), ended("old"), shown), Time()) as announced:
        assert announced == ["old", "new"]


async def test_later_whoever_ended_one_has_time_to_show_it() -> None:
    store, time = MemoryStore(), Time()
    async with running(store, time) as announced:
        store.downloads["new"] = ended("new", datetime.now(UTC))
        store.downloads["old"] = ended("old", datetime.now(UTC) - PATIENCE)
        await time.go_on(LOOK_SECONDS)
        assert announced == ["old"]


async def test_without_a_database_it_looks_again_for_all() -> None:
    store, time = MemoryStore(ended("new", datetime.now(UTC))), Time()
    store.down = {"unshown"}
    async with running(store, time) as announced:
        assert announced == []
        store.down = set()
        await time.go_on(LOOK_SECONDS)
        assert announced == ["new"]
