"""The announcer: every state of a download as its person sees it."""

import pytest

from medusa.errors import Cancelled, LoginNeeded, SourceUnreachable
from medusa.model import Choice, Progress, Sent, State
from medusa.telegram.announcer import Announcer
from medusa.telegram.board import StatusBoard
from medusa.under_way import transfer_of
from medusa.views.view import View, error
from medusa.wishes import Wish
from tests.unit.jobs.memory import MemoryStore, queued
from tests.unit.waiting import Time, turns

SHOWN = queued(
    status_message_id=9,
    title="Film",
    choices=(Choice(label="720p", wish=Wish()),),
    sent=(Sent(chat_id=1, message_id=2, size=1000, parts=1),),
    error="The site refused.",
)


class Screen:
    """An announcer over a real board, and what it edits."""

    def __init__(self) -> None:
        self.time = Time()
        self.edits: list[tuple[int, int, View]] = []
        self.board = StatusBoard(self.edit, sleep=self.time.sleep)
        self.store = MemoryStore(SHOWN)
        self.announcer = Announcer(self.board, self.store)

    async def edit(self, chat_id: int, message_id: int, view: View) -> None:
        self.edits.append((chat_id, message_id, view))


@pytest.mark.parametrize(
    ("state", "text", "can_be_cancelled"),
    [
        (State.QUEUED, "Queued", True),
        (State.RUNNING, "Looking at example.org", True),
        (State.ASKING, "Which quality?", True),
        (State.DONE, "✅ <b>Film</b>", False),
        (State.FAILED, "❌ The site refused.", False),
        (State.CANCELLED, "🚫 Cancelled.", False),
    ],
)
async def test_every_state_is_shown_in_the_status_message(
    state: State, text: str, can_be_cancelled: bool
) -> None:
    screen = Screen()
    screen.announcer.announce(screen.store.set("job", state=state))
    await turns()
    ((chat, message, view),) = screen.edits
    assert (chat, message) == (SHOWN.request.chat_id, 9)
    assert text in view.text
    assert ("✖ Cancel" in [button.label for row in view.buttons for button in row]) is can_be_cancelled
    await screen.board.close()


@pytest.mark.parametrize("state", [State.DONE, State.FAILED, State.CANCELLED])
async def test_nothing_is_shown_after_the_end(state: State) -> None:
    screen = Screen()
    screen.announcer.announce(SHOWN.evolve(state=state))
    screen.announcer.announce_progress(SHOWN, Progress(acknowledged=1))
    await screen.time.go_on(60)
    assert len(screen.edits) == 1
    await screen.board.close()


async def test_progress_and_a_failure_that_may_get_better_are_followed_by_more() -> None:
    screen = Screen()
    screen.announcer.announce_progress(SHOWN, Progress(acknowledged=1))
    await screen.time.go_on(60)
    screen.announcer.announce_failure(SHOWN, SourceUnreachable(), 20)
    await screen.time.go_on(60)
    screen.announcer.announce(SHOWN.evolve(state=State.DONE))
    await screen.time.go_on(60)
    assert ["1 B" in screen.edits[0][2].text, "20 s" in screen.edits[1][2].text] == [True, True]
    assert len(screen.edits) == 3
    await screen.board.close()


async def test_a_failure_for_good_is_shown_with_its_advice_and_is_the_last() -> None:
    screen = Screen()
    screen.announcer.announce_failure(SHOWN, LoginNeeded(), None)
    screen.announcer.announce(SHOWN.evolve(state=State.RUNNING))
    await screen.time.go_on(60)
    assert [view for *_, view in screen.edits] == [error(LoginNeeded())]
    assert LoginNeeded.advice in screen.edits[0][2].text
    await screen.board.close()


async def test_without_a_status_message_nothing_is_shown() -> None:
    screen = Screen()
    unseen = SHOWN.evolve(status_message_id=None)
    for state in State:
        screen.announcer.announce(unseen.evolve(state=state))
    screen.announcer.announce_progress(unseen, Progress(acknowledged=1))
    screen.announcer.announce_failure(unseen, Cancelled(), None)
    await turns()
    assert screen.edits == []


# --- others write into the same message -----------------------------------------------------------


async def test_what_another_process_has_taken_further_is_not_shown_any_more() -> None:
    screen = Screen()
    screen.announcer.announce(SHOWN)
    await screen.time.go_on(60)
    # One more state waits for its turn. Meanwhile, another process takes the download up, and ends it.
    other = SHOWN.evolve(status_message_id=10)
    for changes in ({"state": State.RUNNING, "claims": 1}, {"state": State.DONE}):
        screen.announcer.announce(other)
        screen.announcer.announce_progress(SHOWN, Progress(acknowledged=1))
        screen.announcer.announce_failure(SHOWN, SourceUnreachable(), 20)
        screen.store.set("job", **changes)
        await screen.time.go_on(60)
    assert len(screen.edits) == 1
    await screen.board.close()


async def test_who_has_lost_a_download_does_not_write_over_who_has_it_now() -> None:
    screen = Screen()
    lost = screen.store.set("job", state=State.RUNNING, claims=1)
    screen.store.set("job", claims=2)
    screen.announcer.announce_progress(lost, Progress(acknowledged=1))
    await screen.time.go_on(60)
    assert screen.edits == []
    screen.announcer.announce_progress(screen.store["job"], Progress(acknowledged=2))
    await screen.time.go_on(60)
    assert len(screen.edits) == 1


async def test_without_a_database_progress_is_shown() -> None:
    screen = Screen()
    screen.store.down = {"get"}
    screen.announcer.announce_progress(SHOWN, Progress(acknowledged=1))
    await screen.time.go_on(60)
    assert len(screen.edits) == 1


async def test_what_rests_is_recorded_as_shown_once_it_is() -> None:
    screen = Screen()
    ended = screen.store.set("job", state=State.DONE, unshown=True)
    screen.announcer.announce(ended)
    assert screen.store["job"].unshown
    await turns()
    assert len(screen.edits) == 1
    assert not screen.store["job"].unshown


async def test_without_a_database_it_stays_unshown() -> None:
    screen = Screen()
    screen.store.down = {"shown"}
    screen.announcer.announce(screen.store.set("job", state=State.DONE, unshown=True))
    await turns()
    assert len(screen.edits) == 1
    assert screen.store["job"].unshown


async def test_how_far_a_download_is_can_be_asked_until_it_ends() -> None:
    screen = Screen()
    running = screen.store.set("job", state=State.RUNNING)
    assert screen.announcer.transfer("job") is None
    screen.announcer.announce_progress(running, Progress(acknowledged=5, total=10))
    transfer = screen.announcer.transfer("job")
    assert transfer == transfer_of(running, Progress(acknowledged=5, total=10))
    assert transfer.title == "Film"
    assert screen.announcer.transfers() == [transfer]
    screen.announcer.announce(screen.store.set("job", state=State.DONE))
    assert screen.announcer.transfer("job") is None
    screen.announcer.announce_progress(running, Progress(acknowledged=5))
    screen.announcer.announce_failure(running, LoginNeeded(), None)
    assert screen.announcer.transfer("job") is None
    await screen.board.close()
