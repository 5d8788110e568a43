"""Everything that somebody has under way, on pages, and the end of it; with the real database."""

from datetime import timedelta
from pathlib import Path

import pytest

from medusa.batch import Batch, new_batch
from medusa.batch_text import read
from medusa.jobs.batches import Batches
from medusa.jobs.queue import Jobs
from medusa.jobs.tasks import Stores, Tasks
from medusa.media.nursery import Nursery
from medusa.media.thumbnails import Thumbnails
from medusa.model import Download, Person, Progress, State
from medusa.storage.mongo import Store
from medusa.under_way import PAGE, Overview, Transfer, transfer_of
from medusa.wishes import Preferences
from tests.integration.store.conftest import NOW
from tests.unit.jobs.memory import ANN, BOB, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Desk:
    """What people do, over the real database."""

    def __init__(self, mongo: Store) -> None:
        self.store = mongo
        self.interrupted: list[str] = []
        self._count = 0
        self.progress: dict[str, Transfer] = {}
        self._batches = Batches(
            mongo.batches,
            mongo.items,
            mongo.pictures,
            Thumbnails(Path("unused"), Nursery()),
            wake=lambda: None,
            interrupt=self._interrupt,
            changed=lambda: None,
        )
        jobs = Jobs(
            mongo.downloads, wake=lambda: None, interrupt=self._interrupt, announce=lambda download: None
        )
        stores = Stores(
            mongo.own, mongo.downloads, mongo.batches, mongo.items, mongo.transfers, mongo.everybodys
        )
        self.tasks = Tasks(stores, jobs, self._batches, progress_of=self.progress.get)

    def _interrupt(self, job: str) -> bool:
        self.interrupted.append(job)
        return True

    async def batch(self, name: str, links: int, person: Person = ANN) -> Batch:
        """A batch that has begun."""
        listing = read("\n".join(f"https://example.org/{name}/{number}" for number in range(links)))
        self._count += 1
        came = NOW + timedelta(seconds=self._count)
        draft = new_batch(name, person, Preferences(), (1, 7), name, listing, came)
        await self._batches.draft(draft, listing.entries)
        started = await self._batches.start(draft)
        assert started is not None
        return started

    async def link(self, number: int, state: State = State.QUEUED, person: Person = ANN) -> Download:
        """A link by itself."""
        one = queued(f"link {number}", person=person, state=state, not_before=NOW - timedelta(seconds=1))
        one = one.evolve(request=one.request.evolve(message_id=number))
        assert await self.store.downloads.add(one)
        return one


@pytest.fixture
def desk(mongo: Store) -> Desk:
    return Desk(mongo)


async def test_those_who_look_after_the_bot_see_what_everybody_has(desk: Desk) -> None:
    for number in range(PAGE + 1):
        await desk.link(number, State.RUNNING, BOB if number % 2 else ANN)
    await desk.link(100, State.QUEUED)
    await desk.link(101, State.ASKING, BOB)
    await desk.link(102, State.DONE)
    first, second = [await desk.tasks.everybodys(page) for page in (0, 1)]
    assert first.counts == {State.QUEUED: 1, State.RUNNING: PAGE + 1, State.ASKING: 1}
    assert (len(first.running), first.has_more) == (PAGE, True)
    assert (len(second.running), second.has_more) == (1, False)
    seen = {task.download.id for task in (*first.running, *second.running)}
    assert seen == {f"link {number}" for number in range(PAGE + 1)}


def shown(found: Overview) -> list[str]:
    return [one.batch.id for one in found.batches] + [one.download.id for one in found.links]


async def test_batches_and_links_are_on_pages_together(desk: Desk) -> None:
    batches = [f"batch {number}" for number in range(3)]
    for name in batches:
        await desk.batch(name, links=2)
    links = [(await desk.link(number)).id for number in range(2 * PAGE)]
    await desk.batch("of bob", 1, BOB)
    everything = [*batches, *links]
    for page in range(3):
        found = await desk.tasks.overview(ANN.id, page)
        assert shown(found) == everything[page * PAGE : (page + 1) * PAGE]
        assert (found.page, found.pages, found.total) == (page, 3, len(everything))
    assert (await desk.tasks.overview(ANN.id, 99)).page == 2
    assert shown(await desk.tasks.overview(77, 0)) == []


async def test_a_full_page_of_batches_has_no_room_for_links(desk: Desk) -> None:
    for number in range(PAGE):
        await desk.batch(f"batch {number}", links=1)
    await desk.link(1)
    assert len(shown(await desk.tasks.overview(ANN.id, 0))) == PAGE
    assert shown(await desk.tasks.overview(ANN.id, 1)) == ["link 1"]


async def test_positions_progress_and_counts(desk: Desk) -> None:
    await desk.batch("course", links=3)
    running = await desk.link(1, State.RUNNING)
    first, second = await desk.link(2), await desk.link(3)
    desk.progress[running.id] = transfer_of(running, Progress(acknowledged=5, total=10))
    found = await desk.tasks.overview(ANN.id, 0)
    assert found.batches[0].tally.queued == 3
    by_id = {one.download.id: one for one in found.links}
    assert by_id[running.id].transfer == desk.progress[running.id]
    assert by_id[second.id].ahead == by_id[first.id].ahead + 1
    desk.progress[running.id] = transfer_of(running.evolve(claims=7), Progress(acknowledged=5))
    found = await desk.tasks.overview(ANN.id, 0)
    assert [one.transfer for one in found.links] == [None, None, None]


async def test_what_another_process_tells_is_shown(desk: Desk) -> None:
    running = await desk.link(1, State.RUNNING)
    for acknowledged in (5, 6):
        told = transfer_of(running.evolve(title="Film"), Progress(acknowledged=acknowledged, eta=2.5))
        await desk.store.transfers.keep([told])
        (task,) = (await desk.tasks.overview(ANN.id, 0)).links
        assert task.transfer == told
    await desk.store.downloads.note(running.id, claims=running.claims + 1)
    (task,) = (await desk.tasks.overview(ANN.id, 0)).links
    assert task.transfer is None


async def test_cancelling_all_counts_everything_once_and_leaves_others_alone(desk: Desk) -> None:
    course = await desk.batch("course", links=3)
    claimed = await desk.store.downloads.claim(NOW + timedelta(days=1), NOW + timedelta(days=2), holder="me")
    assert claimed is not None
    links = [await desk.link(1), await desk.link(2, State.ASKING), await desk.link(3, State.RUNNING)]
    theirs = await desk.link(4, person=BOB)
    assert await desk.tasks.cancel_all(ANN.id) == 6
    assert desk.interrupted == [claimed.id, links[2].id]
    tally = await desk.store.items.tally(course.id)
    assert (tally.cancelled, tally.running) == (2, 1)
    after = [await desk.store.downloads.get(one.id) for one in [*links, theirs]]
    assert [one.state for one in after if one] == [
        State.CANCELLED,
        State.CANCELLED,
        State.RUNNING,
        State.QUEUED,
    ]
