"""What people do with batches, and what is told of them, on the real database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from medusa.batch import Batch, BatchState, Question, Tally
from medusa.batch_text import Entry
from medusa.dialogs import Dialogs
from medusa.errors import ChatUnavailable, MedusaError, NotYours, TelegramUnreachable, WrongArgument
from medusa.jobs.batch_watch import BatchWatch, Ended
from medusa.jobs.batches import Batches
from medusa.jobs.turns import FOREVER
from medusa.jobs.unfolding import Unfolding
from medusa.log_channel import LogChannel
from medusa.model import Download, State
from medusa.playlist import Entry as PlaylistEntry
from medusa.playlist import Playlist
from medusa.storage.mongo import Store
from medusa.wishes import Thumbnail, Wish
from tests.unit.jobs.memory import ANN, BOB, queued
from tests.unit.test_batch_answers import draft

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENTRIES = tuple(Entry(url=f"https://a.org/{number}", name=f"Lesson {number}") for number in range(1, 11))


class Desk:
    """The service, and what it caused."""

    def __init__(self, mongo: Store) -> None:
        self.interrupted: list[str] = []
        self.wakes = 0
        self.mongo = mongo
        self.batches = Batches(
            mongo.batches,
            mongo.items,
            mongo.pictures,
            self,
            wake=self._wake,
            interrupt=lambda job: not self.interrupted.append(job),  # type: ignore[func-returns-value]
            changed=lambda: None,
        )

    async def fetch(self, url: str) -> bytes:
        return b"\xff\xd8" + url.encode()

    def _wake(self) -> None:
        self.wakes += 1

    async def started(self, batch: Batch | None = None) -> Batch:
        """A batch at work."""
        batch = batch or draft()
        await self.batches.draft(batch, ENTRIES)
        started = await self.batches.start(batch)
        assert started is not None
        return started

    async def state(self, number: int) -> State:
        download = await self.mongo.downloads.get(f"b.{number}")
        assert download is not None
        return download.state

    async def end(self, *states: State) -> None:
        """Let the items come to these ends."""
        for number, state in enumerate(states, 1):
            await self.mongo.downloads.note(f"b.{number}", state=state, error="Gone.")


@pytest.fixture
def desk(mongo: Store) -> Desk:
    return Desk(mongo)


# --- what people do -------------------------------------------------------------------------------


async def test_a_batch_becomes_downloads_in_order_when_the_last_question_is_answered(desk: Desk) -> None:
    batch = draft(Question.QUALITY).evolve(chosen=((2, 3), (9, 9)), credit="Team")
    assert await desk.batches.draft(batch, ENTRIES)
    assert not await desk.batches.draft(batch, ENTRIES)
    started = await desk.batches.answer(batch, Question.QUALITY, wish=Wish(max_height=480))
    assert started is not None
    assert started.state is BatchState.RUNNING
    assert await desk.batches.answer(batch, Question.QUALITY, wish=Wish()) is None
    claimed = []
    while download := await desk.mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me"):
        claimed.append(download)
    assert [one.id for one in claimed] == ["b.2", "b.3", "b.9"]
    request = claimed[0].request
    assert (request.url, request.wish, request.credit) == ("https://a.org/2", Wish(max_height=480), "Team")
    assert request.item is not None
    assert (request.item.number, request.item.name, request.item.batch_name) == (2, "Lesson 2", "Course")
    assert desk.wakes


async def test_what_was_not_filled_is_filled_later_and_nothing_comes_twice(desk: Desk) -> None:
    started = await desk.started()
    await desk.end(State.DONE)
    await desk.batches.fill(started)
    assert await desk.mongo.items.tally("b") == Tally(queued=9, done=1)


async def test_only_its_person_may_touch_a_batch(desk: Desk) -> None:
    await desk.started()
    with pytest.raises(NotYours):
        await desk.batches.get("b", BOB.id)
    with pytest.raises(WrongArgument, match="do not know this batch"):
        await desk.batches.get("x", ANN.id)
    assert (await desk.batches.get("b", ANN.id)).id == "b"


async def test_nothing_chosen_is_no_batch(desk: Desk) -> None:
    batch = draft().evolve(chosen=())
    await desk.batches.draft(batch, ENTRIES)
    with pytest.raises(WrongArgument, match="at least one"):
        await desk.batches.start(batch)


async def test_pause_and_resume(desk: Desk) -> None:
    started = await desk.started()
    assert await desk.batches.pause(started)
    assert not await desk.batches.pause(started)
    assert await desk.mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me") is None
    assert await desk.batches.resume(started)
    assert not await desk.batches.resume(started)
    assert await desk.mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me") is not None


async def test_cancelling_ends_what_waits_and_interrupts_what_runs(desk: Desk) -> None:
    started = await desk.started()
    await desk.mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me")
    await desk.batches.pause(started)
    assert await desk.batches.cancel(started)
    assert desk.interrupted == ["b.1"]
    assert await desk.mongo.items.tally("b") == Tally(running=1, cancelled=9)
    assert not await desk.batches.pause(started)


async def test_cancelling_while_the_downloads_are_still_being_made(desk: Desk) -> None:
    started = await desk.started()
    await desk.batches.cancel(started)
    await desk.batches.fill(started)
    assert (await desk.mongo.items.tally("b")).queued == 0


async def test_a_draft_is_thrown_away_and_what_is_over_stays(desk: Desk) -> None:
    await desk.batches.draft(draft(), ENTRIES)
    assert await desk.batches.cancel(draft())
    with pytest.raises(WrongArgument):
        await desk.batches.get("b", ANN.id)
    over = draft().evolve(state=BatchState.OVER)
    await desk.batches.draft(over, ENTRIES)
    assert not await desk.batches.cancel(over)


async def test_everything_of_a_person_is_cancelled(desk: Desk) -> None:
    await desk.started()
    assert await desk.batches.cancel_all(BOB.id) == 0
    assert await desk.batches.cancel_all(ANN.id) == 10


async def test_what_failed_is_tried_again_as_a_batch_of_its_own(desk: Desk) -> None:
    started = await desk.started()
    await desk.end(State.FAILED, State.DONE, State.FAILED, *[State.DONE] * 7)
    with pytest.raises(WrongArgument, match="nothing to try again"):
        await desk.batches.again(started)  # it is still running
    over = await desk.mongo.batches.move("b", [BatchState.RUNNING], BatchState.OVER)
    assert over is not None
    again = await desk.batches.again(over)
    assert again is not None
    assert (again.chosen, again.question, again.name) == (((1, 1), (3, 3)), None, "Course")
    same = await desk.batches.again(over)
    assert same is not None, "it was not started yet"
    assert same.id == again.id
    assert await desk.batches.start(again) is not None
    assert await desk.batches.again(over) is None
    assert (await desk.mongo.items.tally(again.id)).queued == 2


async def test_a_picture_for_all_files(desk: Desk) -> None:
    changes = await desk.batches.illustrate(draft(), b"\xff\xd8picture")
    batch = draft().evolve(**changes)
    assert batch.look.thumbnail is Thumbnail.OWN
    assert batch.look.picture is not None
    assert await desk.mongo.pictures.get(batch.look.picture) == b"\xff\xd8picture"
    await desk.batches.illustrate(draft(), "https://a.org/b.png")
    assert await desk.mongo.pictures.get(batch.look.picture) == b"\xff\xd8https://a.org/b.png"


async def test_a_playlist_becomes_a_draft_once(desk: Desk) -> None:
    unfolding = Unfolding(desk.mongo.batches, Dialogs(desk.mongo.dialogs))
    entries = tuple(PlaylistEntry(url=f"https://a.org/{n}", title=f"Film {n}", hint="h") for n in range(3))
    playlist = Playlist(url="https://a.org", title="Films", source="A", entries=entries)
    download = queued().evolve(status_message_id=9, request=queued().request.evolve(wish=None))
    for _ in range(2):
        await unfolding.unfold(download, playlist)
    batch = await desk.batches.get(download.id, ANN.id)
    assert (batch.name, batch.count, batch.status_message_id, batch.question) == (
        "Films",
        3,
        9,
        Question.ITEMS,
    )
    assert [entry.name for entry in await desk.batches.entries(batch)] == ["Film 0", "Film 1", "Film 2"]
    assert [entry.hint for entry in await desk.batches.entries(batch)] == ["h"] * 3


# --- what is told ---------------------------------------------------------------------------------


class Posts:
    """Telegram, which may fail."""

    def __init__(self) -> None:
        self.shown: list[tuple[BatchState, Tally, list[str]]] = []
        self.told: list[str] = []
        self.problems: dict[str, MedusaError] = {}
        self.news = asyncio.Event()
        self._tried: dict[str, asyncio.Event] = {}

    async def tried(self, whom: str) -> None:
        """Return when somebody has been told, or could not be."""
        await self._tried.setdefault(whom, asyncio.Event()).wait()

    def show(self, batch: Batch, tally: Tally, running: Sequence[Download], left: float | None) -> None:
        self.shown.append((batch.state, tally, [download.id for download in running]))
        self.news.set()

    async def tell_person(self, ended: Ended) -> None:
        self._tell("person")

    async def tell_log_channel(self, ended: Ended, channel_id: int) -> None:
        self._tell(str(channel_id))

    def _tell(self, whom: str) -> None:
        self.news.set()
        self._tried.setdefault(whom, asyncio.Event()).set()
        if problem := self.problems.get(whom):
            raise problem
        self.told.append(whom)


def is_told(batch: Batch) -> bool:
    """Everybody knows of its end."""
    return batch.state is BatchState.OVER and not batch.unshown


class Watched:
    """A watch at work."""

    def __init__(self, desk: Desk, posts: Posts | None = None) -> None:
        self.posts = posts or Posts()
        self.desk = desk
        mongo = desk.mongo
        self.watch = BatchWatch(mongo.batches, mongo.items, mongo.channels, self.posts, look_seconds=0.01)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Run while the context is open."""
        running = asyncio.create_task(self.watch.run(self.desk.batches))
        try:
            async with asyncio.timeout(3):
                yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def until(self, holds: Callable[[Batch], bool]) -> Batch:
        """Run until this holds for the batch."""
        async with self.at_work():
            while True:
                batch = await self.desk.mongo.batches.get("b")
                if batch is not None and holds(batch):
                    return batch
                await asyncio.sleep(0.01)


@pytest_asyncio.fixture(loop_scope="module")
async def log_channels(mongo: Store) -> None:
    for number, backup in ((-1, False), (-2, True), (-3, False)):
        await mongo.channels.add_log_channel(LogChannel(id=number, title="Log", backup=backup))


async def test_the_end_is_told_to_everybody_once(desk: Desk, log_channels: None) -> None:
    await desk.started()
    await desk.end(*[State.DONE] * 9, State.FAILED)
    watched = Watched(desk)
    batch = await watched.until(is_told)
    assert batch.finished is not None
    assert sorted(watched.posts.told) == ["-1", "-3", "person"]
    assert watched.posts.shown[-1] == (BatchState.OVER, Tally(done=9, failed=1), [])
    assert await desk.mongo.batches.unshown() == []


async def test_who_cannot_be_told_now_is_told_later(desk: Desk, log_channels: None) -> None:
    await desk.started()
    await desk.end(*[State.DONE] * 10)
    watched = Watched(desk)
    watched.posts.problems = {"person": TelegramUnreachable(), "-3": ChatUnavailable()}
    await watched.until(lambda batch: batch.untold == (-3,))
    (batch,) = await desk.mongo.batches.unshown()
    watched.posts.problems = {}
    again = Watched(desk)  # after a restart
    await again.until(is_told)
    assert sorted({*again.posts.told} - {"-1"}) == ["-3", "person"]
    assert batch.id == "b"


async def test_a_person_who_has_blocked_the_bot_is_not_told_for_ever(desk: Desk) -> None:
    await desk.started()
    await desk.end(*[State.DONE] * 10)
    watched = Watched(desk)
    watched.posts.problems = {"person": ChatUnavailable()}
    await watched.until(is_told)


async def test_what_an_earlier_process_left_unfilled_is_filled(desk: Desk) -> None:
    await desk.batches.draft(draft(), ENTRIES)
    await desk.mongo.batches.move("b", [BatchState.DRAFT], BatchState.RUNNING, started=datetime.now(UTC))
    watched = Watched(desk)
    async with watched.at_work():
        await watched.posts.news.wait()
    assert watched.posts.shown[0][:2] == (BatchState.RUNNING, Tally(queued=10))
