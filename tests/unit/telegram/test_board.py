"""The status board: what is shown in the end is the newest state, at Telegram's pace."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import ChatUnavailable, SlowedDown, TelegramUnreachable, UploadError
from medusa.telegram.board import (
    GROUP_SECONDS,
    MAX_ATTEMPTS,
    PRIVATE_SECONDS,
    SLOWEST,
    StatusBoard,
    pause,
    shortest_pause,
)
from medusa.views.view import View
from tests.unit.waiting import Time, turns

ANN, BOB, GROUP = 1, 2, -100
PACE = pause(ANN, 1)


class Wall:
    """A Telegram that shows statuses. `problems` are raised in turn; with `stuck`, edits wait for `go`."""

    def __init__(self) -> None:
        self.time = Time()
        self.board = StatusBoard(self.edit, sleep=self.time.sleep, close_seconds=0)
        self.edits: list[tuple[float, int, int, str]] = []
        self.tried: list[str] = []
        self.problems: list[Exception | None] = []
        self.go = asyncio.Event()
        self.go.set()

    async def edit(self, chat_id: int, message_id: int, view: View) -> None:
        self.tried.append(view.text)
        await asyncio.sleep(0)
        await self.go.wait()
        problem = self.problems.pop(0) if self.problems else None
        if problem:
            raise problem
        self.edits.append((self.time.now, chat_id, message_id, view.text))

    def show(self, text: str, message: int = 1, *, chat: int = ANN, final: bool = False) -> None:
        self.board.show(chat, message, View(text), final=final)

    @property
    def texts(self) -> list[str]:
        """What was shown, in order."""
        return [text for *_, text in self.edits]

    def times(self, chat: int) -> list[float]:
        """When something was shown in a chat."""
        return [moment for moment, where, *_ in self.edits if where == chat]


@asynccontextmanager
async def wall() -> AsyncIterator[Wall]:
    """A board on its wall; at the end it is closed and has left nothing behind."""
    opened = Wall()
    yield opened
    await opened.board.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


# --- pace -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chat", "edits", "seconds"),
    [
        (ANN, 0, PRIVATE_SECONDS),
        (GROUP, 0, GROUP_SECONDS),
        (ANN, 100, 2 * PRIVATE_SECONDS),
        (ANN, 10_000, SLOWEST * PRIVATE_SECONDS),
    ],
)
def test_the_pause_grows_up_to_a_limit(chat: int, edits: int, seconds: float) -> None:
    assert pause(chat, edits) == seconds


@given(st.integers(-(10**13), 10**13), st.integers(0, 10**6))
def test_no_pause_is_shorter_than_telegram_allows(chat: int, edits: int) -> None:
    assert pause(chat, edits) >= (3 if chat < 0 else 1)
    assert pause(chat, edits + 1) >= pause(chat, edits)


async def test_the_first_state_is_shown_at_once() -> None:
    async with wall() as w:
        w.show("queued")
        await turns()
        assert w.edits == [(0, ANN, 1, "queued")]


async def test_of_many_states_only_the_newest_is_shown() -> None:
    async with wall() as w:
        for percent in range(10):
            w.show(f"{percent}%")
        await w.time.go_on(PACE)
        assert w.texts == ["9%"]
        for percent in range(10, 20):
            w.show(f"{percent}%")
        await w.time.go_on(PACE)
        assert w.texts == ["9%", "19%"]


@pytest.mark.parametrize("chat", [ANN, GROUP])
@pytest.mark.parametrize("final", [False, True])
async def test_all_messages_of_a_chat_share_its_pace(chat: int, final: bool) -> None:
    async with wall() as w:
        for message in range(5):
            w.show("done", message, chat=chat, final=final)
            await w.time.go_on(0.1)
        await w.time.go_on(60)
        times = w.times(chat)
        assert len(times) == 5
        allowed = shortest_pause(chat) if final else pause(chat, 1)
        assert min(later - earlier for earlier, later in pairwise(times)) >= allowed


async def test_a_final_state_does_not_wait_for_the_whole_pause() -> None:
    async with wall() as w:
        w.show("90%")
        await w.time.go_on(0.5)
        w.show("done", final=True)
        await w.time.go_on(60)
        assert w.edits == [(0, ANN, 1, "90%"), (shortest_pause(ANN), ANN, 1, "done")]


async def test_a_question_does_not_wait_for_the_whole_pause_either() -> None:
    async with wall() as w:
        w.show("looking")
        await w.time.go_on(0.1)
        w.show("other", 2)
        w.board.show(ANN, 1, View("which?"), urgent=True)
        await w.time.go_on(60)
        assert w.texts == ["looking", "which?", "other"]
        assert w.edits[1][0] == shortest_pause(ANN)
        w.show("working")
        await w.time.go_on(60)
        assert w.texts[-1] == "working"


async def test_chats_do_not_wait_for_each_other() -> None:
    async with wall() as w:
        for chat in (ANN, BOB, GROUP):
            w.show("queued", chat=chat)
        await turns()
        assert {chat for _, chat, *_ in w.edits} == {ANN, BOB, GROUP}


async def test_messages_take_turns() -> None:
    async with wall() as w:
        for percent in range(100):
            for message in (1, 2, 3):
                w.show(f"{message}: {percent}%", message)
            await w.time.go_on(0.1 * PACE)
        assert [message for _, _, message, _ in w.edits[:9]] == [1, 2, 3] * 3


async def test_the_same_state_is_not_shown_twice() -> None:
    async with wall() as w:
        for _ in range(4):
            w.show("queued")
            await w.time.go_on(PACE / 4)
        await w.time.go_on(60)
        assert w.texts == ["queued"]


async def test_a_state_that_comes_back_while_another_is_on_its_way_is_shown() -> None:
    async with wall() as w:
        w.show("a")
        await turns()
        w.show("b")
        w.go.clear()
        await w.time.go_on(PACE)
        w.show("a")
        w.go.set()
        await w.time.go_on(60)
        assert w.texts == ["a", "b", "a"]


# --- final ----------------------------------------------------------------------------------------


async def test_what_is_final_goes_first() -> None:
    async with wall() as w:
        w.show("1: 10%", 1)
        await turns()
        for message in (2, 3, 4):
            w.show(f"{message}: 10%", message)
        w.show("4: done", 4, final=True)
        w.show("1: 20%", 1)
        await w.time.go_on(60)
        assert w.texts == ["1: 10%", "4: done", "2: 10%", "3: 10%", "1: 20%"]


async def test_nothing_comes_after_what_is_final() -> None:
    async with wall() as w:
        w.show("10%")
        w.show("done", final=True)
        w.show("20%")
        await w.time.go_on(1)
        w.show("30%")
        await w.time.go_on(60)
        assert w.texts == ["done"]


async def test_a_final_state_has_all_its_tries_whatever_failed_before() -> None:
    async with wall() as w:
        w.problems = [TelegramUnreachable() for _ in range(2 * (MAX_ATTEMPTS - 1))]
        w.show("10%")
        await w.time.go_on((MAX_ATTEMPTS - 2) * 2 * PACE)
        w.show("done", final=True)
        await w.time.go_on(600)
        assert w.texts == ["done"]


# --- trouble --------------------------------------------------------------------------------------


async def test_a_flood_wait_is_honoured_and_nothing_is_lost() -> None:
    async with wall() as w:
        w.problems = [SlowedDown(100)]
        w.show("10%", 1)
        w.show("done", 2, final=True)
        await w.time.go_on(99)
        assert len(w.tried) == 1
        await w.time.go_on(60)
        assert sorted(w.texts) == ["10%", "done"]


@pytest.mark.parametrize("problem", [SlowedDown(9), TelegramUnreachable(), UploadError()])
async def test_a_state_that_failed_is_shown_later(problem: Exception) -> None:
    async with wall() as w:
        w.problems = [problem]
        w.show("10%")
        await w.time.go_on(60)
        assert w.tried == ["10%", "10%"]
        assert w.texts == ["10%"]


@pytest.mark.parametrize("problem", [SlowedDown(9), TelegramUnreachable()])
async def test_a_state_that_failed_gives_way_to_a_newer_one(problem: Exception) -> None:
    async with wall() as w:
        w.problems = [problem]
        w.go.clear()
        w.show("10%")
        await turns()
        w.show("20%")
        w.go.set()
        await w.time.go_on(60)
        assert w.tried == ["10%", "20%"]
        assert w.texts == ["20%"]


async def test_what_never_works_is_given_up() -> None:
    async with wall() as w:
        w.problems = [UploadError() for _ in range(100)]
        w.show("10%")
        await w.time.go_on(600)
        assert len(w.tried) == MAX_ATTEMPTS


@pytest.mark.parametrize(
    ("problem", "comes"),
    [
        (None, ["the end"]),
        (ChatUnavailable(), ["never"]),
        (UploadError(), ["never"]),
        (TelegramUnreachable(), []),
    ],
)
async def test_what_follows_comes_once_when_it_is_shown_or_never_can_be(
    problem: Exception | None, comes: list[str]
) -> None:
    wall = Wall()
    told: list[str] = []

    async def then() -> None:
        told.append(wall.texts[-1] if wall.edits else "never")

    wall.problems = [TelegramUnreachable(), *[problem] * (MAX_ATTEMPTS - 1)]
    wall.board.show(ANN, 1, View("the end"), final=True, then=then)
    await turns()
    assert told == [], "it is not shown yet"
    await wall.time.go_on(100)
    assert told == comes


async def test_a_chat_that_is_gone_is_left_alone() -> None:
    async with wall() as w:
        w.problems = [ChatUnavailable()]
        w.show("done", final=True)
        w.show("hello", chat=BOB)
        await w.time.go_on(60)
        assert w.tried.count("done") == 1
        assert w.texts == ["hello"]


async def test_a_fault_of_the_program_does_not_silence_a_chat() -> None:
    async with wall() as w:
        w.problems = [ZeroDivisionError("a bug")]
        w.show("10%", 1)
        w.show("queued", 2)
        await w.time.go_on(60)
        w.show("20%", 1)
        await w.time.go_on(60)
        assert w.texts == ["queued", "20%"]


# --- closing --------------------------------------------------------------------------------------


async def test_closing_shows_what_is_final_at_once_and_drops_the_rest() -> None:
    w = Wall()
    w.board = StatusBoard(w.edit, sleep=w.time.sleep)
    for message in (1, 2, 3, 4):
        w.show(f"{message}: 10%", message)
    await turns()
    w.show("3: done", 3, final=True)
    w.show("4: done", 4, final=True)
    await w.board.close()
    assert w.texts == ["1: 10%", "3: done", "4: done"]
    assert w.time.now == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("problem", [SlowedDown(3600), TelegramUnreachable(), UploadError()])
async def test_closing_does_not_wait_for_telegram_to_get_better(problem: Exception) -> None:
    w = Wall()
    w.board = StatusBoard(w.edit, sleep=w.time.sleep)
    w.problems = [problem for _ in range(100)]
    w.show("done", final=True)
    await turns()
    await w.board.close()
    assert len(w.tried) <= 2
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_closing_gives_up_an_edit_that_is_not_answered() -> None:
    async with wall() as w:
        w.go.clear()
        w.show("done", final=True)
        await turns()


async def test_an_empty_board_closes() -> None:
    async with wall():
        pass


# --- all together ---------------------------------------------------------------------------------

problems = st.none() | st.builds(SlowedDown, st.integers(0, 50)) | st.builds(TelegramUnreachable)
steps = st.tuples(st.sampled_from([ANN, BOB, GROUP]), st.integers(1, 3), st.floats(0, 8))


@given(st.lists(steps, max_size=25), st.lists(problems, max_size=MAX_ATTEMPTS - 1), st.booleans())
async def test_in_the_end_every_message_shows_its_newest_state(
    shown: list[tuple[int, int, float]], trouble: list[Exception | None], ends: bool
) -> None:
    async with wall() as w:
        w.problems = list(trouble)
        newest: dict[tuple[int, int], str] = {}
        for number, (chat, message, seconds) in enumerate(shown):
            newest[chat, message] = f"state {number}"
            w.show(f"state {number}", message, chat=chat)
            await w.time.go_on(seconds)
        if ends:
            for chat, message in newest:
                newest[chat, message] = "done"
                w.show("done", message, chat=chat, final=True)
        await w.time.go_on(3600)
        assert {(chat, message): text for _, chat, message, text in w.edits} == newest
        for chat in (ANN, BOB, GROUP):
            for earlier, later in pairwise(w.times(chat)):
                assert later - earlier >= shortest_pause(chat) - 1e-6
