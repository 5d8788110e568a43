"""Taking over a source: looking writes nothing, writing may be interrupted and repeated."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.figures import Day
from medusa.legacy import Kind, LogPlace, OpenGroup, OwnPlace, Past, PastDay, Record, Somebody
from medusa.migration import takeover
from medusa.migration.found import Reject
from medusa.migration.planner import Outcome
from medusa.migration.takeover import Takeover
from medusa.model import State
from medusa.user import Role
from tests.unit.jobs.memory import queued
from tests.unit.migration.memory import Listed, MemoryLegacy

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def past(number: int) -> Past:
    return Past(download=queued(f"old-{number}", state=State.DONE).evolve(finished=NOON))


def day(number: int) -> PastDay:
    return PastDay(day=Day(day=date(2026, 1, number), made=NOON, complete=True, done=number))


NUMBERS = st.integers(1, 4)
RECORDS = st.one_of(
    st.builds(Somebody, id=NUMBERS, role=st.sampled_from([None, Role.USER]), name=st.sampled_from(["", "A"])),
    st.builds(LogPlace, id=NUMBERS, backup=st.booleans(), active=st.booleans()),
    st.builds(OpenGroup, id=NUMBERS, title=st.sampled_from(["", "A", "B"])),
    st.builds(OwnPlace, id=NUMBERS, owner=NUMBERS),
    st.builds(past, NUMBERS),
)


def unique(records: list[Record]) -> list[Record]:
    return list({(one.KIND, one.key): one for one in records}.values())


@pytest.fixture
def rejected() -> list[Reject]:
    return []


async def test_looking_writes_nothing_and_says_what_would_be(rejected: list[Reject]) -> None:
    store = MemoryLegacy(Somebody(id=1, role=Role.BANNED))
    no = Reject("line 3", "x", "No.")
    source = Listed(Somebody(id=1, role=Role.USER), Somebody(id=2), no, LogPlace(id=-1), past(1))
    found = await Takeover(source, store, reject=rejected.append).look()
    assert (store.writes, store.days, rejected, found.rejects) == (0, [], [no], 1)
    assert found.counts == {
        (Kind.PEOPLE, Outcome.KEPT): 1,
        (Kind.PEOPLE, Outcome.NEW): 1,
        (Kind.LOG_CHANNELS, Outcome.NEW): 1,
        (Kind.DOWNLOADS, Outcome.NEW): 1,
    }
    assert found.to_write == 3


async def test_what_is_applied_is_there_and_rejects_are_told_once(rejected: list[Reject]) -> None:
    store, no = MemoryLegacy(), Reject("line 1", "x", "No.")
    done = await Takeover(Listed(no, Somebody(id=1), past(1)), store, reject=rejected.append).apply()
    assert (done.missing, rejected, store.days) == (0, [no], [NOON.date()])
    again = await Takeover(Listed(Somebody(id=1), past(1)), store, reject=rejected.append).apply()
    assert (again.to_write, again.missing, store.writes) == (0, 0, 2)


async def test_what_did_not_arrive_is_counted(rejected: list[Reject]) -> None:
    class Forgetful(MemoryLegacy):
        async def write(self, *_: object) -> None:
            pass

    done = await Takeover(
        Listed(Somebody(id=1), LogPlace(id=-1)), Forgetful(), reject=rejected.append
    ).apply()
    assert done.missing == 2


async def test_a_day_of_which_downloads_are_known_is_counted_from_them(rejected: list[Reject]) -> None:
    store = MemoryLegacy()
    await Takeover(Listed(past(1), day(1), day(2)), store, reject=rejected.append).apply()
    assert [key for kind, key in store.kept if kind is Kind.DAYS] == [date(2026, 1, 1)]
    assert store.days == [date(2026, 1, 2)]


async def test_many_are_written_page_by_page_and_progress_is_told(
    rejected: list[Reject], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takeover, "PAGE", 10)
    store, told = MemoryLegacy(), list[int]()
    mixed = list[Record]()
    for number in range(1, 251):
        mixed += [Somebody(id=number), LogPlace(id=-number)]
    done = await Takeover(Listed(*mixed), store, reject=rejected.append, tell=told.append).apply()
    assert (len(store.kept), done.missing) == (500, 0)
    assert told[:6] == [100, 200, 300, 400, 500, 500]


@given(st.lists(RECORDS, max_size=12), st.lists(RECORDS, max_size=12), st.booleans(), st.integers(0, 12))
async def test_an_interrupted_one_is_simply_done_again(
    source: list[Record], there: list[Record], overwrite: bool, writes: int
) -> None:
    wanted = Listed(*unique(source))
    store, undisturbed = MemoryLegacy(*there), MemoryLegacy(*there)

    def work(into: MemoryLegacy) -> Takeover:
        return Takeover(wanted, into, overwrite=overwrite, reject=lambda _: None)

    store.stop = lambda done: done >= writes
    try:
        await work(store).apply()
    except ConnectionError:
        store.stop = lambda _: False
        await work(store).apply()
    assert (await work(undisturbed).apply()).missing == 0
    assert store.kept == undisturbed.kept
    assert (await work(store).look()).to_write == 0
