"""What people do with downloads: everything once, only with their own, and never against a worker."""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import NotAllowed, StoreUnavailable, WrongArgument
from medusa.jobs.queue import STATUS_GRACE, Accepted, Jobs
from medusa.model import ACTIVE_STATES, Choice, Download, State
from medusa.recordings import Recordings
from medusa.wishes import AudioFormat, Subtitles, Wish
from tests.unit.jobs.memory import ANN, BOB, MemoryStore, queued

CHOICES = tuple(Choice(label=f"{height}p", wish=Wish(max_height=height)) for height in (1080, 720, 360))


class Desk:
    """The queue with a store, and a record of what it asked of others."""

    def __init__(self, *downloads: Download) -> None:
        self.store = MemoryStore(*downloads)
        self.woken = 0
        self.recordings = Recordings()
        self.interrupted: list[str] = []
        self.shown: list[tuple[str, State]] = []
        self.jobs = Jobs(
            self.store,
            wake=self._wake,
            interrupt=self._interrupt,
            announce=lambda download: self.shown.append((download.id, download.state)),
            recordings=self.recordings,
        )

    def _wake(self) -> None:
        self.woken += 1

    def _interrupt(self, job: str) -> bool:
        self.interrupted.append(job)
        return True


async def submitted(desk: Desk, **request: object) -> tuple[Download, int]:
    """What was accepted, and how many wait before it."""
    accepted = await desk.jobs.submit(queued().request.evolve(**request))
    assert accepted is not None
    return accepted.download, accepted.ahead


def asking(job: str = "job") -> Download:
    return queued(job, state=State.ASKING, choices=CHOICES).evolve(request=queued().request.evolve(wish=None))


# --- sending a link -------------------------------------------------------------------------------


async def test_a_link_is_kept_and_waits_for_its_status_message() -> None:
    desk = Desk()
    download, ahead = await submitted(desk)
    kept = desk.store[download.id]
    assert (kept, ahead) == (download, 0)
    assert kept.state is State.QUEUED
    assert kept.not_before - kept.created == STATUS_GRACE
    assert desk.woken == 0


async def test_who_sends_a_link_learns_how_many_wait_before_it() -> None:
    desk = Desk(queued("a"), queued("b"), queued("c", state=State.RUNNING), queued("d", state=State.DONE))
    assert (await submitted(desk))[1] == 2


async def test_every_download_has_an_id_of_its_own_that_fits_into_a_button() -> None:
    desk = Desk()
    ids = [(await submitted(desk, message_id=number))[0].id for number in range(50)]
    assert len(set(ids)) == 50
    assert all(":" not in job and len(f"cancel:{job}".encode()) <= 64 for job in ids)


async def test_a_link_of_which_telegram_tells_twice_is_accepted_once() -> None:
    desk = Desk()
    download, _ = await submitted(desk)
    again = await desk.jobs.submit(download.request.evolve(wish=None))
    assert again == Accepted(download, 0, is_new=False), "nobody knows its status message"
    await desk.jobs.start(download, 5)
    desk.store.set(download.id, state=State.DONE)
    assert await desk.jobs.submit(download.request.evolve(wish=None)) is None
    assert list(desk.store.downloads) == [download.id]
    assert desk.store.state(download.id) is State.DONE
    await submitted(desk, url="https://example.org/b")
    await submitted(desk, chat_id=-5)
    assert len(desk.store.downloads) == 3


async def test_links_that_are_sent_at_once_have_different_places() -> None:
    desk = Desk()
    requests = [queued().request.evolve(message_id=number) for number in range(5)]
    accepted = await asyncio.gather(*(desk.jobs.submit(request) for request in requests))
    assert [one.ahead for one in accepted if one] == [0, 1, 2, 3, 4]


async def test_what_is_kept_is_accepted_although_its_place_is_not_known() -> None:
    desk = Desk()
    desk.store.down = {"ahead_of"}
    download, ahead = await submitted(desk)
    assert (list(desk.store.downloads), ahead) == ([download.id], 0)


async def test_an_error_means_that_nothing_was_accepted() -> None:
    desk = Desk()
    desk.store.down = {"add"}
    with pytest.raises(StoreUnavailable):
        await desk.jobs.submit(queued().request)
    assert desk.store.downloads == {}


async def test_the_status_message_starts_the_work() -> None:
    desk = Desk()
    download, _ = await submitted(desk)
    await desk.jobs.start(download, 99)
    started = desk.store[download.id]
    assert started.status_message_id == 99
    assert started.not_before <= datetime.now(UTC)
    assert desk.woken == 1


# --- choosing -------------------------------------------------------------------------------------


async def test_a_choice_puts_the_download_back_with_its_wish() -> None:
    desk = Desk(asking())
    assert await desk.jobs.choose("job", 1, ANN.id)
    chosen = desk.store["job"]
    assert (chosen.state, chosen.request.wish) == (State.QUEUED, Wish(max_height=720))
    assert chosen.choices == ()
    assert desk.shown == [("job", State.QUEUED)]
    assert desk.woken == 1


async def test_a_choice_of_sound_may_name_its_format() -> None:
    choice = Choice(label="MP3", wish=Wish(audio_only=True), audio_format=AudioFormat.MP3)
    desk = Desk(asking().evolve(choices=(choice,)))
    assert await desk.jobs.choose("job", 0, ANN.id)
    request = desk.store["job"].request
    assert (request.wish, request.shape.audio_format) == (choice.wish, AudioFormat.MP3)


async def test_subtitles_are_chosen_before_the_quality() -> None:
    desk = Desk(asking())
    wanted = Subtitles(language="en", as_file=True)
    assert await desk.jobs.asking("job", ANN.id) is not None
    changed = await desk.jobs.subtitle("job", wanted, ANN.id)
    assert changed is not None
    assert (changed.state, changed.request.shape.subtitles) == (State.ASKING, wanted)
    assert desk.shown == [("job", State.ASKING)]
    await desk.jobs.choose("job", 0, ANN.id)
    assert desk.store["job"].request.shape.subtitles == wanted
    assert await desk.jobs.subtitle("job", None, ANN.id) is None
    assert await desk.jobs.asking("job", ANN.id) is None


async def test_of_two_presses_at_once_one_wins() -> None:
    desk = Desk(asking())
    answers = await asyncio.gather(*(desk.jobs.choose("job", number, ANN.id) for number in (0, 2)))
    assert sorted(answers) == [False, True]
    wish = desk.store["job"].request.wish
    assert wish == CHOICES[(0, 2)[answers.index(True)]].wish
    assert desk.woken == 1


@given(st.integers().filter(lambda number: not 0 <= number < len(CHOICES)))
async def test_a_forged_number_chooses_nothing(number: int) -> None:
    desk = Desk(asking())
    assert not await desk.jobs.choose("job", number, ANN.id)
    assert desk.store["job"] == asking()


@pytest.mark.parametrize("state", [state for state in State if state is not State.ASKING])
async def test_a_stale_choice_changes_nothing(state: State) -> None:
    before = queued(state=state, choices=CHOICES)
    desk = Desk(before)
    assert not await desk.jobs.choose("job", 0, ANN.id)
    assert desk.store["job"] == before
    assert (desk.shown, desk.woken) == ([], 0)


# --- cancelling -----------------------------------------------------------------------------------


@pytest.mark.parametrize("waiting", [queued(), asking()], ids=lambda download: download.state)
async def test_what_waits_is_cancelled_at_once(waiting: Download) -> None:
    desk = Desk(waiting)
    assert await desk.jobs.cancel("job", ANN.id)
    assert desk.store.state() is State.CANCELLED
    assert desk.store["job"].choices == ()
    assert desk.shown == [("job", State.CANCELLED)]
    assert desk.interrupted == []


async def test_what_runs_is_asked_to_stop() -> None:
    desk = Desk(queued(state=State.RUNNING))
    assert await desk.jobs.cancel("job", ANN.id)
    # Whoever runs it ends it: here at once, elsewhere with the next heartbeat.
    assert desk.store.state() is State.RUNNING
    assert desk.store["job"].cancel_requested
    assert desk.interrupted == ["job"]
    assert desk.shown == []


@pytest.mark.parametrize("state", [state for state in State if state not in ACTIVE_STATES])
async def test_what_is_over_cannot_be_cancelled_and_is_left_as_it_is(state: State) -> None:
    over = queued(state=state)
    desk = Desk(over)
    assert not await desk.jobs.cancel("job", ANN.id)
    assert desk.store["job"] == over
    assert (desk.interrupted, desk.shown) == ([], [])


async def test_of_two_presses_on_cancel_one_cancels() -> None:
    desk = Desk(queued())
    answers = await asyncio.gather(*(desk.jobs.cancel("job", ANN.id) for _ in range(2)))
    assert sorted(answers) == [False, True]
    assert desk.shown == [("job", State.CANCELLED)]


@pytest.mark.parametrize("before", ACTIVE_STATES)
@pytest.mark.parametrize("after", ACTIVE_STATES)
@pytest.mark.parametrize("moment", range(1, 4))
async def test_a_worker_that_moves_the_download_meanwhile_does_not_save_it(
    before: State, after: State, moment: int
) -> None:
    desk = Desk(queued(state=before))
    calls: list[str] = []

    def move(method: str) -> None:
        calls.append(method)
        if len(calls) == moment and desk.store.state() is before:
            desk.store.set("job", state=after)

    desk.store.on_call = move
    assert await desk.jobs.cancel("job", ANN.id)
    stopped = desk.store["job"]
    assert stopped.state is State.CANCELLED or (stopped.cancel_requested and desk.interrupted == ["job"])


async def test_cancelling_all_stops_only_ones_own() -> None:
    desk = Desk(
        queued("waiting"),
        queued("running", state=State.RUNNING),
        asking("asking"),
        queued("over", state=State.DONE),
        queued("bobs", person=BOB),
    )
    assert await desk.jobs.cancel_all(ANN.id) == 3
    assert desk.store.state("waiting") is desk.store.state("asking") is State.CANCELLED
    assert desk.interrupted == ["running"]
    assert desk.store["bobs"] == queued("bobs", person=BOB)
    assert await desk.jobs.cancel_all(ANN.id + 10) == 0


# --- whose it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
async def test_another_persons_press_is_not_allowed(state: State) -> None:
    before = queued(state=state, choices=CHOICES)
    desk = Desk(before)
    with pytest.raises(NotAllowed):
        await desk.jobs.cancel("job", BOB.id)
    with pytest.raises(NotAllowed):
        await desk.jobs.choose("job", 0, BOB.id)
    assert desk.store["job"] == before
    assert (desk.interrupted, desk.shown, desk.woken) == ([], [], 0)


async def test_what_is_not_known_any_more_says_so() -> None:
    desk = Desk()
    with pytest.raises(WrongArgument):
        await desk.jobs.cancel("gone", ANN.id)
    with pytest.raises(WrongArgument):
        await desk.jobs.choose("gone", 0, ANN.id)


async def test_the_order_of_acceptance_is_the_order_of_work() -> None:
    desk = Desk()
    sent = []
    for number in range(3):
        download, _ = await submitted(desk, message_id=number)
        await desk.jobs.start(download, 1)
        sent.append(download.id)
    now = datetime.now(UTC)
    taken = [await desk.store.claim(now, now, holder="me") for _ in sent]
    assert [download.id for download in taken if download] == sent


# --- stop and keep --------------------------------------------------------------------------------


async def test_a_recording_is_ended_here_and_on_record() -> None:
    desk = Desk(queued(state=State.RUNNING))
    ended: list[str] = []
    with desk.recordings.under_way("job", lambda: ended.append("job")):
        assert await desk.jobs.finish("job", ANN.id)
    assert ended == ["job"]
    assert desk.store["job"].finish_requested
    assert desk.store.state() is State.RUNNING
    assert desk.interrupted == []


@pytest.mark.parametrize("state", [state for state in State if state is not State.RUNNING])
async def test_what_does_not_run_cannot_be_ended(state: State) -> None:
    desk = Desk(queued(state=state))
    assert not await desk.jobs.finish("job", ANN.id)
    assert not desk.store["job"].finish_requested


async def test_nobody_ends_the_recording_of_somebody_else() -> None:
    desk = Desk(queued(state=State.RUNNING))
    with pytest.raises(NotAllowed):
        await desk.jobs.finish("job", BOB.id)
    assert not desk.store["job"].finish_requested
