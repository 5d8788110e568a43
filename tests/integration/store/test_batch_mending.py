"""Batches come to their end and people hear of it once, whatever was begun and not carried through."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from medusa.batch import Batch, BatchState, Question, Tally
from medusa.batch_text import NAME_LIMIT
from medusa.dialogs import Dialog, Dialogs
from medusa.errors import ChatUnavailable, MedusaError, StoreUnavailable, UploadError, WrongArgument
from medusa.jobs.batch_watch import PATIENCE, Ended
from medusa.jobs.turns import FOREVER
from medusa.jobs.unfolding import Unfolding
from medusa.log_channel import LogChannel
from medusa.model import CopyState, Item, LogCopy, State
from medusa.playlist import Entry as Link
from medusa.playlist import Playlist
from medusa.storage.mongo import Store
from tests.integration.store.test_batch_jobs import ENTRIES, Desk, Posts, Watched, desk, is_told
from tests.unit.jobs.memory import ANN, queued
from tests.unit.test_batch_answers import draft

__all__ = ["desk"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def due(desk: Desk) -> bool:
    """Whether something of the batch would be taken up now."""
    download = await desk.mongo.downloads.get("b.1")
    return download is not None and download.not_before < FOREVER


# --- half done ------------------------------------------------------------------------------------


async def test_what_was_to_go_on_when_the_bot_was_killed_goes_on(desk: Desk) -> None:
    started = await desk.started()
    await desk.batches.pause(started)
    # What `resume` writes first.
    await desk.mongo.batches.move("b", [BatchState.PAUSED], BatchState.RUNNING)
    async with Watched(desk).at_work():
        while not await due(desk):
            await asyncio.sleep(0.01)


async def test_what_was_cancelled_when_the_bot_was_killed_ends(desk: Desk) -> None:
    started = await desk.started()
    await desk.mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me")
    await desk.batches.pause(started)
    # What `cancel` writes first.
    await desk.mongo.batches.move("b", [BatchState.PAUSED], BatchState.RUNNING, is_cancelled=True)
    async with Watched(desk).at_work():
        while (await desk.mongo.items.tally("b")).queued:
            await asyncio.sleep(0.01)
    assert desk.interrupted
    running = await desk.mongo.downloads.get("b.1")
    assert running is not None
    assert running.cancel_requested


async def test_a_retry_of_a_cancelled_batch_that_somebody_has_paused_ends_too(desk: Desk) -> None:
    started = await desk.started()
    held = await desk.mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me")
    assert held is not None
    await desk.batches.cancel(started)
    assert not await desk.batches.pause(started)
    await desk.mongo.downloads.settle(held, State.QUEUED, not_before=FOREVER)
    await Watched(desk).until(is_told)


async def test_what_a_pause_did_not_reach_is_held_when_it_is_seen(desk: Desk) -> None:
    await desk.started()
    await desk.mongo.batches.move("b", [BatchState.RUNNING], BatchState.PAUSED)
    await desk.mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me")
    async with Watched(desk).at_work():
        while await desk.mongo.downloads.claim(datetime.now(UTC), FOREVER, holder="me"):
            await asyncio.sleep(0.01)
    assert (await desk.mongo.items.tally("b")).queued


async def test_what_was_not_filled_because_the_database_was_down_is_filled(desk: Desk) -> None:
    watched = Watched(desk)
    async with watched.at_work():
        await desk.batches.draft(draft(), ENTRIES)
        await desk.mongo.batches.move("b", [BatchState.DRAFT], BatchState.RUNNING, started=datetime.now(UTC))
        while await desk.mongo.items.tally("b") != Tally(queued=10):
            await asyncio.sleep(0.01)


async def test_the_last_answer_and_the_start_are_one_write(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object, **changes: object) -> Batch:
        raise StoreUnavailable

    monkeypatch.setattr(desk.mongo.batches, "move", killed)
    monkeypatch.setattr(desk.mongo.items, "add", killed)
    batch = draft(Question.QUALITY)
    await desk.batches.draft(batch, ENTRIES)
    with pytest.raises(StoreUnavailable):
        await desk.batches.answer(batch, Question.QUALITY)
    kept = await desk.mongo.batches.get("b")
    assert kept is not None
    assert kept.state is BatchState.RUNNING


async def test_who_has_chosen_nothing_is_still_being_asked(desk: Desk) -> None:
    batch = draft(Question.ITEMS, is_playlist=True).evolve(chosen=())
    await desk.batches.draft(batch, ENTRIES)
    with pytest.raises(WrongArgument, match="at least one"):
        await desk.batches.answer(batch, Question.ITEMS)
    kept = await desk.batches.get("b", batch.person.id)
    assert kept.question is Question.ITEMS


async def test_what_was_sent_of_a_cancelled_item_is_copied_all_the_same(mongo: Store) -> None:
    download = queued(
        "b.1", log_copies=(LogCopy(channel_id=-1), LogCopy(channel_id=-2, state=CopyState.SENT))
    )
    place = Item(batch="b", number=1, batch_name="Course")
    await mongo.items.add([download.evolve(request=download.request.evolve(item=place)), queued("b.2")])
    await mongo.items.cancel("b")
    found = await mongo.downloads.get("b.1")
    assert found is not None
    assert [copy.next_try is not None for copy in found.log_copies] == [True, False]


# --- what is told ---------------------------------------------------------------------------------


async def over(desk: Desk) -> None:
    await desk.started()
    await desk.end(*[State.DONE] * 10)


async def test_who_was_told_is_not_told_again_while_a_log_channel_is_down(desk: Desk) -> None:
    await desk.mongo.channels.add_log_channel(LogChannel(id=-1, title="Log"))
    await over(desk)
    before = Watched(desk)
    before.posts.problems = {"-1": ChatUnavailable()}
    await before.until(lambda batch: batch.is_told)
    watched = Watched(desk)  # a new one, as after a restart, does not wait for its time
    watched.posts.problems = {"-1": ChatUnavailable()}
    async with watched.at_work():
        await watched.posts.tried("-1")
        batch = await desk.mongo.batches.get("b")
    assert batch is not None
    assert batch.unshown
    assert "person" not in watched.posts.told


async def test_a_log_channel_that_was_removed_gets_nothing(desk: Desk) -> None:
    await desk.mongo.channels.add_log_channel(LogChannel(id=-1, title="Log"))
    await over(desk)
    await desk.mongo.batches.move(
        "b", [BatchState.RUNNING], BatchState.OVER, finished=datetime.now(UTC), unshown=True, untold=(-1, -9)
    )
    watched = Watched(desk)
    await watched.until(is_told)
    assert sorted(watched.posts.told) == ["-1", "person"]


@pytest.mark.parametrize("problem", [UploadError(), StoreUnavailable()])
async def test_nobody_is_told_for_ever(desk: Desk, problem: MedusaError) -> None:
    await over(desk)
    long_ago = datetime.now(UTC) - PATIENCE - timedelta(minutes=1)
    await desk.mongo.batches.move("b", [BatchState.RUNNING], BatchState.OVER, finished=long_ago, unshown=True)
    watched = Watched(desk)
    watched.posts.problems = {"person": problem}
    await watched.until(is_told)


class Faulty(Posts):
    """A fault of ours in one batch."""

    async def tell_person(self, ended: Ended) -> None:
        if ended.batch.id == "a":
            raise TypeError("a fault")
        await super().tell_person(ended)


async def test_a_fault_with_one_batch_does_not_stop_the_others(desk: Desk) -> None:
    bad = draft().evolve(id="a", state=BatchState.OVER, finished=datetime.now(UTC), unshown=True)
    await desk.batches.draft(bad, ENTRIES)
    await over(desk)
    watched = Watched(desk, Faulty())
    await watched.until(is_told)


async def test_a_record_that_cannot_be_read_does_not_stop_the_others(desk: Desk) -> None:
    await desk.mongo.database["batches"].insert_one({"_id": "a", "state": "running", "unshown": True})
    await over(desk)
    await Watched(desk).until(is_told)
    with pytest.raises(WrongArgument, match="do not know"):
        await desk.batches.get("a", 1)


# --- playlists ------------------------------------------------------------------------------------


def films(title: str = "Films") -> Playlist:
    return Playlist(
        url="https://a.org", title=title, source="A", entries=(Link(url="https://a.org/1", title=title),)
    )


async def test_the_question_about_a_playlist_is_open_although_the_first_try_was_killed(desk: Desk) -> None:
    dialogs = Dialogs(desk.mongo.dialogs)
    unfolding = Unfolding(desk.mongo.batches, dialogs)
    await unfolding.unfold(queued(), films())
    await dialogs.forget(ANN.id, ANN.id)  # as if it had not been asked yet
    await unfolding.unfold(queued(), films())
    asked = await dialogs.answered_by(ANN.id, 1, ANN.id)
    assert asked is not None
    assert asked.subject == "job"


async def test_a_playlist_does_not_take_the_answer_to_another_question(desk: Desk) -> None:
    dialogs = Dialogs(desk.mongo.dialogs)
    await dialogs.ask(Dialog(chat_id=ANN.id, person_id=ANN.id, about="settings"))
    await Unfolding(desk.mongo.batches, dialogs).unfold(queued(), films())
    asked = await dialogs.answered_by(ANN.id, 1, ANN.id)
    assert asked is not None
    assert asked.about == "settings"


async def test_a_title_that_is_no_text_becomes_one(desk: Desk) -> None:
    title = "Fi\ud83dlm\x00 \u202eabc" + "x" * 1000
    await Unfolding(desk.mongo.batches, Dialogs(desk.mongo.dialogs)).unfold(queued(), films(title))
    batch = await desk.batches.get("job", ANN.id)
    assert batch.name.startswith("Fi lm")
    assert await desk.batches.start(batch) is not None
    (entry,) = await desk.batches.entries(batch)
    assert entry.name == batch.name
    assert len(entry.name) == NAME_LIMIT


async def test_a_playlist_that_has_waited_for_days_is_offered_as_long_as_any_other(desk: Desk) -> None:
    download = queued(updated=datetime.now(UTC))
    await Unfolding(desk.mongo.batches, Dialogs(desk.mongo.dialogs)).unfold(download, films())
    batch = await desk.batches.get("job", ANN.id)
    assert datetime.now(UTC) - batch.created < timedelta(minutes=1)
