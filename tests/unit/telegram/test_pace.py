"""The bot never writes faster than Telegram allows, and answers come before edits."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import StoreUnavailable
from medusa.telegram.pace import (
    EDITS_LEAVE,
    EVERYBODY,
    GROUP,
    OTHERS_LEAVE,
    PRIVATE,
    Buckets,
    ChatPace,
    Limit,
)
from tests.dc.flood import Limiter, Pace
from tests.unit.waiting import Time

ANN, CLUB = 1, -100
NO_LIMIT = Limit(burst=1000, rate=1000)


class Chats:
    """A pace on a clock of its own; time passes by waiting."""

    def __init__(self, shared: Buckets | None = None, everybody: Limit = NO_LIMIT) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.pace = ChatPace(shared, everybody=everybody, clock=lambda: self.now, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


async def test_a_burst_goes_out_at_once_and_then_it_is_one_a_second() -> None:
    chats = Chats()
    for _ in range(int(PRIVATE.burst)):
        await chats.pace.turn(ANN)
    assert chats.waits == []
    await chats.pace.turn(ANN)
    assert chats.waits == [1 / PRIVATE.rate]


async def test_an_edit_waits_so_that_an_answer_need_not() -> None:
    chats = Chats()
    for _ in range(int(PRIVATE.burst * (1 - EDITS_LEAVE))):
        await chats.pace.turn(ANN, leave=EDITS_LEAVE)
    assert chats.waits == []
    await chats.pace.turn(ANN)
    assert chats.waits == []
    await chats.pace.turn(ANN, leave=EDITS_LEAVE)
    assert len(chats.waits) == 1


async def test_groups_are_slower_and_chats_do_not_share() -> None:
    chats = Chats()
    for _ in range(int(GROUP.burst)):
        await chats.pace.turn(CLUB)
    await chats.pace.turn(ANN)
    assert chats.waits == []
    await chats.pace.turn(CLUB)
    assert abs(chats.waits[0] - 1 / GROUP.rate) < 1e-9


async def test_what_nobody_waits_for_leaves_some_for_answers() -> None:
    chats = Chats(everybody=EVERYBODY)
    for chat in range(1, int(EVERYBODY.burst)):
        await chats.pace.turn(chat, yields=True)
    assert len(chats.waits) == OTHERS_LEAVE - 1
    waits = len(chats.waits)
    for chat in range(100, 100 + OTHERS_LEAVE):
        await chats.pace.turn(chat)
    assert len(chats.waits) == waits, "an answer does not wait for these"


async def test_answers_take_turns_in_the_order_in_which_they_were_asked_for() -> None:
    time, written = Time(), list[int]()
    pace = ChatPace(clock=lambda: time.now, sleep=time.sleep)

    async def write(chat: int, *, yields: bool = False) -> None:
        await pace.turn(chat, yields=yields)
        written.append(chat)

    asked = 60
    async with asyncio.TaskGroup() as group:
        for chat in range(asked):
            group.create_task(write(chat))
        group.create_task(write(-1, yields=True))
        await time.go_on((asked - EVERYBODY.burst) / EVERYBODY.rate)
        assert written == list(range(asked)), "and what yields comes after them"
        await time.go_on(1)
    assert written[-1] == -1


@given(st.lists(st.tuples(st.floats(0, 0.1), st.booleans()), max_size=150), st.integers(1, 30))
async def test_no_more_than_so_many_in_any_second(pauses: list[tuple[float, bool]], together: int) -> None:
    time, written = Time(), list[float]()
    pace = ChatPace(clock=lambda: time.now, sleep=time.sleep)

    async def write(chat: int, yields: bool) -> None:
        await pace.turn(chat, yields=yields)
        written.append(time.now)

    async with asyncio.TaskGroup() as group:
        for chat, (later, yields) in enumerate(pauses, 1):
            if chat % together == 0:
                await time.go_on(later)
            group.create_task(write(chat, yields))
        while len(written) < len(pauses):
            await time.go_on(1)
    server = Limiter(Pace())
    for chat, moment in enumerate(written):
        assert server.wait(1, chat, group=False, now=moment) == 0


@given(st.lists(st.tuples(st.sampled_from([ANN, CLUB]), st.floats(0, 20), st.booleans()), max_size=120))
async def test_the_strict_server_never_has_to_slow_it_down(writes: list[tuple[int, float, bool]]) -> None:
    chats, server = Chats(), Limiter(Pace())
    for chat, later, edit in writes:
        chats.now += later
        await chats.pace.turn(chat, leave=EDITS_LEAVE if edit else 0.0)
        assert server.wait(1, chat, group=chat < 0, now=chats.now) == 0


async def test_quiet_chats_are_forgotten() -> None:
    chats = Chats()
    for chat in range(1, 1003):
        await chats.pace.turn(chat)
    chats.now += 1000
    await chats.pace.turn(5000)
    assert len(chats.pace._buckets) < 10


# --- several processes ----------------------------------------------------------------------------


class Common:
    """A bucket from which others have taken some, or that cannot be reached."""

    def __init__(self, taken: float = 0) -> None:
        self.taken = taken
        self.is_down = False

    async def take(self, chat_id: int, burst: float, rate: float) -> float:
        if self.is_down:
            raise StoreUnavailable
        self.taken += 1
        return burst - self.taken + 1


async def test_what_others_have_written_counts() -> None:
    chats = Chats(Common(taken=PRIVATE.burst - 1))
    await chats.pace.turn(ANN)
    assert chats.waits == []
    await chats.pace.turn(ANN)
    assert chats.waits == [1 / PRIVATE.rate]


async def test_who_does_not_hear_of_others_keeps_to_the_pace_alone() -> None:
    common = Common(taken=100)
    chats = Chats(common)
    common.is_down = True
    for _ in range(int(PRIVATE.burst)):
        await chats.pace.turn(ANN)
    assert chats.waits == []
    await chats.pace.turn(ANN)
    assert chats.waits == [1 / PRIVATE.rate]
