"""The bot never writes faster than Telegram allows, and answers come before edits."""

from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import StoreUnavailable
from medusa.telegram.pace import EDITS_LEAVE, GROUP, PRIVATE, Buckets, ChatPace
from tests.dc.flood import Limiter, Pace

ANN, CLUB = 1, -100


class Chats:
    """A pace on a clock of its own; time passes by waiting."""

    def __init__(self, shared: Buckets | None = None) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.pace = ChatPace(shared, clock=lambda: self.now, sleep=self._sleep)

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


async def test_what_is_not_urgent_waits_until_few_were_written_anywhere() -> None:
    chats = Chats()
    for chat in range(1, 6):
        chats.now += 0.1
        await chats.pace.turn(chat)
    await chats.pace.turn(9, among=6)
    assert chats.waits == []
    await chats.pace.turn(10, among=3)
    assert abs(chats.waits[0] - 0.9) < 1e-9, "until the fourth of six is a second old"
    await chats.pace.turn(11)
    assert len(chats.waits) == 1, "others do not wait"


@given(st.lists(st.floats(0, 0.3), max_size=100), st.integers(1, 9))
async def test_no_more_than_so_many_in_any_second_as_long_as_all_wait(pauses: list[float], most: int) -> None:
    chats, written = Chats(), list[float]()
    for chat, later in enumerate(pauses, 1):
        chats.now += later
        await chats.pace.turn(chat, among=most)
        written.append(chats.now)
    for first, beyond in zip(written, written[most:], strict=False):
        assert beyond - first >= 1 - 1e-9


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
