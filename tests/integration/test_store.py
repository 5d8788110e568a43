"""The database: one contract for the real one and the one in memory, and what only a real one can show."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, NamedTuple, Protocol, get_args, get_origin
from uuid import uuid4

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from medusa.errors import StoreUnavailable
from medusa.jobs.store import CopyStore, DownloadStore
from medusa.model import (
    ACTIVE_STATES,
    NEXT_STATES,
    CopyState,
    Download,
    LogChannel,
    LogCopy,
    Person,
    Plan,
    Role,
    State,
    User,
    Wish,
)
from medusa.storage.embedded import embedded_mongod
from medusa.storage.mongo import MongoStore, open_store
from medusa.value import Value
from tests.unit.jobs.memory import ANN, BOB, LONG_AGO, MemoryStore, done, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")

Document = dict[str, Any]
NOW = datetime.now(UTC).replace(microsecond=0)
SOON, LATER = NOW + timedelta(seconds=60), NOW + timedelta(seconds=120)


class Server(NamedTuple):
    """A store, and the database behind it."""

    store: MongoStore
    database: AsyncDatabase[Document]


class JobStore(DownloadStore, CopyStore, Protocol):
    """What the jobs need, all of it."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(mongo_uri: str) -> AsyncIterator[Server]:
    name = f"test_{uuid4().hex}"
    async with open_store(mongo_uri, name) as store, AsyncMongoClient[Document](mongo_uri) as client:
        yield Server(store, client[name])


@pytest_asyncio.fixture(loop_scope="module")
async def mongo(server: Server) -> MongoStore:
    """The real store, empty."""
    for collection in ("downloads", "users", "channels"):
        await server.database[collection].delete_many({})
    return server.store


@pytest.fixture(params=["memory", "mongo"])
def store(request: pytest.FixtureRequest, mongo: MongoStore) -> JobStore:
    return mongo if request.param == "mongo" else MemoryStore()


# --- the contract: downloads ----------------------------------------------------------------------


async def test_what_is_added_is_there(store: JobStore) -> None:
    assert await store.add(queued("a"))
    assert await store.get("a") == queued("a")
    assert await store.get("b") is None


async def test_what_is_there_is_not_added_again(store: JobStore) -> None:
    await store.add(queued("a"))
    await store.move("a", State.QUEUED, State.CANCELLED)
    kept = await store.get("a")
    assert not await store.add(queued("a"))
    assert await store.get("a") == kept


async def test_the_longest_waiting_is_claimed_first(store: JobStore) -> None:
    for minute in (2, 0, 1):
        await store.add(queued(f"job {minute}", minute=minute))
    claimed = [await store.claim(NOW, SOON) for _ in range(4)]
    assert [download.id for download in claimed if download] == ["job 0", "job 1", "job 2"]
    assert claimed[3] is None


async def test_a_claim_is_a_lease_and_an_attempt(store: JobStore) -> None:
    await store.add(queued(attempts=1))
    claimed = await store.claim(NOW, SOON)
    assert claimed == queued(state=State.RUNNING, attempts=2, lease_until=SOON, updated=NOW)
    assert await store.get("job") == claimed


async def test_nothing_is_claimed_before_its_time(store: JobStore) -> None:
    await store.add(queued(not_before=SOON))
    assert await store.claim(NOW, LATER) is None
    assert await store.claim(SOON, LATER) is not None


@pytest.mark.parametrize("state", [state for state in State if state is not State.QUEUED])
async def test_nothing_else_is_claimed_while_its_lease_lasts(store: JobStore, state: State) -> None:
    await store.add(queued(state=state, lease_until=NOW))
    assert await store.claim(NOW, LATER) is None


async def test_what_lost_its_worker_is_claimed_the_longest_lost_first(store: JobStore) -> None:
    for minute in (1, 0):
        lease = LONG_AGO + timedelta(minutes=minute)
        await store.add(queued(f"job {minute}", state=State.RUNNING, lease_until=lease, attempts=1))
    first, second = await store.claim(NOW, SOON), await store.claim(NOW, SOON)
    assert first is not None
    assert second is not None
    assert (first.id, first.attempts, first.lease_until) == ("job 0", 2, SOON)
    assert second.id == "job 1"


async def test_a_lease_is_renewed_while_it_runs_and_not_afterwards(store: JobStore) -> None:
    await store.add(queued())
    assert await store.renew("job", LATER) is None
    await store.claim(NOW, SOON)
    renewed = await store.renew("job", LATER)
    assert renewed is not None
    assert renewed.lease_until == LATER
    assert await store.claim(SOON, LATER) is None
    await store.move("job", State.RUNNING, State.DONE)
    assert await store.renew("job", LATER) is None
    assert await store.renew("nobody's", LATER) is None


@pytest.mark.parametrize("leaving", State)
@pytest.mark.parametrize("to", State)
async def test_a_download_goes_only_where_it_may(store: JobStore, leaving: State, to: State) -> None:
    await store.add(queued(state=leaving))
    if to not in NEXT_STATES[leaving]:
        with pytest.raises(ValueError, match="never"):
            await store.move("job", leaving, to, title="new")
        assert await store.get("job") == queued(state=leaving)
        return
    moved = await store.move("job", leaving, to, title="new")
    assert moved is not None
    assert (moved.state, moved.title) == (to, "new")
    assert moved.updated > LONG_AGO
    assert await store.get("job") == moved


@pytest.mark.parametrize("state", [state for state in State if state is not State.RUNNING])
async def test_a_move_from_another_state_changes_nothing(store: JobStore, state: State) -> None:
    await store.add(queued(state=state))
    assert await store.move("job", State.RUNNING, State.DONE, title="new") is None
    assert await store.move("nobody's", State.RUNNING, State.DONE) is None
    assert await store.get("job") == queued(state=state)


async def test_of_many_moves_at_once_one_wins(store: JobStore) -> None:
    await store.add(queued(state=State.ASKING))
    moves = await asyncio.gather(
        *(store.move("job", State.ASKING, State.QUEUED, title=str(number)) for number in range(10))
    )
    (winner,) = [download for download in moves if download]
    assert await store.get("job") == winner


@pytest.mark.parametrize("state", State)
async def test_a_note_changes_fields_in_any_state(store: JobStore, state: State) -> None:
    await store.add(queued(state=state))
    noted = await store.note("job", status_message_id=9, cancel_requested=True)
    assert noted is not None
    assert (noted.state, noted.status_message_id, noted.cancel_requested) == (state, 9, True)
    assert await store.note("nobody's", status_message_id=9) is None


async def test_a_persons_downloads_that_are_not_over_oldest_first(store: JobStore) -> None:
    for minute, state in enumerate([*State, *State]):
        await store.add(queued(f"{minute}", state=state, minute=99 - minute))
    await store.add(queued("bob's", person=BOB))
    active = await store.active_of(ANN.id)
    assert {download.state for download in active} == set(ACTIVE_STATES)
    assert len(active) == 2 * len(ACTIVE_STATES)
    assert [download.created for download in active] == sorted(download.created for download in active)


async def test_only_what_waits_longer_is_ahead(store: JobStore) -> None:
    for job, minute, state in (("a", 0, State.QUEUED), ("b", 1, State.RUNNING), ("c", 3, State.QUEUED)):
        await store.add(queued(job, minute=minute, state=state))
    mine = queued("mine", minute=2)
    assert await store.ahead_of(mine) == 1
    await store.add(mine)
    assert await store.ahead_of(mine) == 1


async def test_of_many_claims_at_once_each_download_goes_to_one(store: JobStore) -> None:
    for number in range(20):
        await store.add(queued(f"{number}"))
    claims = await asyncio.gather(*(store.claim(NOW, SOON) for _ in range(50)))
    assert sorted(download.id for download in claims if download) == sorted(str(n) for n in range(20))
    assert all(download.attempts == 1 for download in claims if download)


# --- the contract: log copies ---------------------------------------------------------------------


async def test_a_due_copy_is_given_out_once_and_again_when_it_was_not_recorded(store: JobStore) -> None:
    await store.add(done("job", -1))
    found = await store.due_copy(NOW, SOON)
    assert found is not None
    download, copy = found
    assert (download.id, copy) == ("job", LogCopy(channel_id=-1, next_try=LONG_AGO))
    assert await store.due_copy(NOW, SOON) is None
    assert await store.next_copy_time() == SOON
    again = await store.due_copy(SOON, LATER)
    assert again is not None
    assert again[1] == LogCopy(channel_id=-1, next_try=SOON)


async def test_only_the_copy_that_is_due_is_given_out(store: JobStore) -> None:
    copies = (
        LogCopy(channel_id=-1, state=CopyState.SENT, message_id=5),
        LogCopy(channel_id=-2, state=CopyState.FAILED, error="gone"),
        LogCopy(channel_id=-3, next_try=LATER),
        LogCopy(channel_id=-4, next_try=NOW),
        LogCopy(channel_id=-5, next_try=NOW),
    )
    await store.add(done().evolve(log_copies=copies))
    found = await store.due_copy(NOW, SOON)
    assert found is not None
    assert found[1] == copies[3]
    kept = await store.get("job")
    assert kept is not None
    assert kept.log_copies == (*copies[:3], copies[3].evolve(next_try=SOON), copies[4])


async def test_copies_come_in_the_order_of_their_downloads(store: JobStore) -> None:
    for minute in (3, 0, 2, 1):
        await store.add(done(f"job {minute}", -1, minute=minute))
    found = [await store.due_copy(NOW, SOON) for _ in range(4)]
    assert [pair[0].id for pair in found if pair] == [f"job {minute}" for minute in range(4)]


async def test_a_busy_channel_is_left_out(store: JobStore) -> None:
    await store.add(done("a", -1, -2))
    await store.add(done("b", -1, -2, minute=1))
    found = [await store.due_copy(NOW, SOON, busy={-1: "writing"}) for _ in range(3)]
    assert [(pair[0].id, pair[1].channel_id) for pair in found if pair] == [("a", -2), ("b", -2)]
    assert await store.next_copy_time(busy={-1}) == SOON
    assert await store.next_copy_time(busy={-1, -2}) is None
    assert await store.next_copy_time() == LONG_AGO


async def test_a_channel_that_becomes_free_meanwhile_confuses_nobody(store: JobStore) -> None:
    await store.add(done("job", -1, -2))
    busy = {-1}
    asking = asyncio.create_task(store.due_copy(NOW, SOON, busy=busy))
    await asyncio.sleep(0)
    busy.clear()
    found = await asking
    kept = await store.get("job")
    assert found is not None
    assert kept is not None
    assert [copy.channel_id for copy in kept.log_copies if copy.next_try == SOON] == [found[1].channel_id]


async def test_of_many_who_ask_at_once_each_copy_goes_to_one(store: JobStore) -> None:
    for number in range(10):
        await store.add(done(f"{number}", -1, -2))
    found = await asyncio.gather(*(store.due_copy(NOW, SOON) for _ in range(40)))
    given_out = [(pair[0].id, pair[1].channel_id) for pair in found if pair]
    assert sorted(given_out) == sorted((str(n), channel) for n in range(10) for channel in (-1, -2))


async def test_a_recorded_copy_replaces_the_one_of_its_channel(store: JobStore) -> None:
    await store.add(done("job", -1, -2))
    sent = LogCopy(channel_id=-2, state=CopyState.SENT, message_id=7, attempts=3)
    await store.put_copy("job", sent)
    kept = await store.get("job")
    assert kept is not None
    assert kept.log_copies == (LogCopy(channel_id=-1, next_try=LONG_AGO), sent)
    assert kept.updated == done("job").updated, "the log card shows when the download was done"


def of_several_files(*channels: int, files: int = 2) -> Download:
    """A delivered download of several messages, with a copy of each due in each of these channels."""
    numbers = range(1, files + 1)
    copies = [
        LogCopy(channel_id=channel, number=number, next_try=LONG_AGO)
        for number in numbers
        for channel in channels
    ]
    one = done().sent[0]
    return done().evolve(sent=(one,) * files, log_copies=tuple(copies))


async def test_a_channel_gets_the_files_of_a_download_in_their_order(store: JobStore) -> None:
    await store.add(of_several_files(-1, -2, files=3))
    for number in (1, 2, 3):
        found = [await store.due_copy(datetime.now(UTC), LATER) for _ in range(3)]
        given_out = [pair[1] for pair in found if pair]
        assert [(copy.channel_id, copy.number) for copy in given_out] == [(-1, number), (-2, number)]
        for copy in given_out:
            await store.put_copy("job", copy.evolve(state=CopyState.SENT, message_id=5, next_try=None))
    assert await store.next_copy_time() is None


async def test_a_file_that_is_tried_again_is_waited_for(store: JobStore) -> None:
    await store.add(of_several_files(-1))
    found = await store.due_copy(NOW, SOON)
    assert found is not None
    await store.put_copy("job", found[1].evolve(attempts=1, next_try=LATER))
    assert await store.due_copy(SOON, LATER) is None
    assert await store.next_copy_time() == LATER
    again = await store.due_copy(LATER, LATER + timedelta(seconds=60))
    assert again is not None
    assert (again[1].number, again[1].attempts) == (1, 1)


async def test_a_file_that_is_given_up_holds_up_no_other(store: JobStore) -> None:
    await store.add(of_several_files(-1))
    found = await store.due_copy(NOW, SOON)
    assert found is not None
    await store.put_copy("job", found[1].evolve(state=CopyState.FAILED, next_try=None))
    other = await store.due_copy(datetime.now(UTC), LATER)
    assert other is not None
    assert other[1].number == 2


@pytest.mark.parametrize("state", [CopyState.SENT, CopyState.FAILED])
async def test_without_a_pending_copy_there_is_no_next_time(store: JobStore, state: CopyState) -> None:
    assert await store.next_copy_time() is None
    await store.add(done("job", -1))
    await store.put_copy("job", LogCopy(channel_id=-1, state=state))
    assert await store.next_copy_time() is None


# --- every value survives -------------------------------------------------------------------------

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)  # as exact as MongoDB is
)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False),
    str: st.text(max_size=20),
    bool: st.booleans(),
    datetime: moments,
    NoneType: st.none(),
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that occurs in medusa.model."""
    if get_origin(kind) is UnionType:
        return st.one_of(*(anything(option) for option in get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(anything(get_args(kind)[0]), max_size=2).map(tuple)
    if issubclass(kind, Value):
        return st.builds(
            kind, **{name: anything(field.annotation) for name, field in kind.model_fields.items()}
        )
    return st.sampled_from(kind) if issubclass(kind, Enum) else PLAIN[kind]


with_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)


@with_database
@given(value=anything(Download))
async def test_a_download_comes_back_as_it_was(mongo: MongoStore, value: Download) -> None:
    download = value.evolve(id=uuid4().hex)
    await mongo.add(download)
    assert await mongo.get(download.id) == download


@with_database
@given(value=anything(Download))
async def test_changed_fields_come_back_as_they_were(mongo: MongoStore, value: Download) -> None:
    job = uuid4().hex
    await mongo.add(queued(job, state=State.RUNNING))
    fixed = {"id", "state", "updated"}
    changes = {name: field for name, field in dict(value).items() if name not in fixed}
    moved = await mongo.move(job, State.RUNNING, State.DONE, **changes)
    assert moved is not None
    assert moved == value.evolve(id=job, state=State.DONE, updated=moved.updated)
    assert await mongo.note(job, **changes) == moved.evolve(updated=(await read(mongo, job)).updated)


@with_database
@given(person=anything(Person), wish=anything(Wish | None))
async def test_a_user_comes_back_as_they_were(mongo: MongoStore, person: Person, wish: Wish | None) -> None:
    await mongo.see_user(person)
    await mongo.set_default_wish(person.id, wish)
    assert await mongo.see_user(person) == User(person=person, role=Role.GUEST, default_wish=wish)


@with_database
@given(channel=anything(LogChannel))
async def test_a_log_channel_comes_back_as_it_was(mongo: MongoStore, channel: LogChannel) -> None:
    await mongo.add_log_channel(channel)
    assert channel in await mongo.log_channels()


async def test_a_plan_may_be_larger_than_four_gigabytes(mongo: MongoStore) -> None:
    plan = Plan(
        method="pass", format_ids=("1",), kind="document", file_name="a", mime="a/b", size=5_000_000_000
    )
    await mongo.add(queued(plan=plan))
    assert (await read(mongo, "job")).plan == plan


async def read(store: MongoStore, job: str) -> Download:
    download = await store.get(job)
    assert download is not None
    return download


async def test_records_of_the_time_when_a_download_was_one_message_are_still_read(
    mongo: MongoStore, server: Server
) -> None:
    await mongo.add(done("job", -1, -2))
    await mongo.add(queued("waiting"))
    (sent,) = (await read(mongo, "job")).sent
    await server.database.downloads.update_one(
        {"_id": "job"},
        {
            "$set": {"sent": sent.model_dump(exclude={"plan", "duration"})},
            "$unset": {"log_copies.$[].number": 1},
        },
    )
    await server.database.downloads.update_one({"_id": "waiting"}, {"$set": {"sent": None}})
    assert await read(mongo, "job") == done("job", -1, -2)
    assert await mongo.active_of(ANN.id) == [queued("waiting")]
    for channel in (-1, -2):
        found = await mongo.due_copy(NOW, SOON)
        assert found is not None
        assert found[1].channel_id == channel
        await mongo.put_copy("job", found[1].evolve(state=CopyState.SENT, next_try=None))
    states = {copy.state for copy in (await read(mongo, "job")).log_copies}
    assert states == {CopyState.SENT}


# --- users and channels ---------------------------------------------------------------------------


async def test_somebody_new_is_a_guest_who_is_asked(mongo: MongoStore) -> None:
    assert await mongo.see_user(ANN) == User(person=ANN)


async def test_a_new_name_replaces_the_old_one_and_nothing_else(mongo: MongoStore) -> None:
    await mongo.see_user(ANN)
    await mongo.set_default_wish(ANN.id, Wish(max_height=720))
    renamed = ANN.evolve(name="Anna", username="anna")
    assert await mongo.see_user(renamed) == User(person=renamed, default_wish=Wish(max_height=720))


async def test_who_writes_twenty_messages_at_once_is_one_user(mongo: MongoStore) -> None:
    seen = await asyncio.gather(*(mongo.see_user(BOB) for _ in range(20)))
    assert set(seen) == {User(person=BOB)}


async def test_primary_channels_come_first(mongo: MongoStore) -> None:
    spare, main = LogChannel(id=-1, title="Spare", backup=True), LogChannel(id=-2, title="Main")
    await mongo.add_log_channel(spare)
    await mongo.add_log_channel(main)
    assert await mongo.log_channels() == [main, spare]


async def test_a_channel_of_the_settings_changes_none_that_is_known(mongo: MongoStore) -> None:
    known = LogChannel(id=-1, title="Known")
    await mongo.add_log_channel(known, only_if_new=True)
    await mongo.set_log_channel_error(-1, "No rights.")
    await mongo.add_log_channel(known.evolve(title="Other", backup=True), only_if_new=True)
    assert await mongo.log_channels() == [known.evolve(error="No rights.")]


async def test_a_removed_channel_stays_away_until_somebody_adds_it(mongo: MongoStore) -> None:
    channel = LogChannel(id=-1, title="Main")
    await mongo.add_log_channel(channel)
    await mongo.set_log_channel_error(-1, "No rights.")
    assert await mongo.remove_log_channel(-1)
    assert await mongo.log_channels() == []
    await mongo.add_log_channel(channel, only_if_new=True)
    assert await mongo.log_channels() == []
    await mongo.add_log_channel(channel)
    assert await mongo.log_channels() == [channel]


async def test_a_removed_channel_gets_no_copy_that_still_waits(mongo: MongoStore) -> None:
    for channel_id in (-1, -2):
        await mongo.add_log_channel(LogChannel(id=channel_id, title="Log"))
    copies = tuple(LogCopy(channel_id=channel_id, next_try=LONG_AGO) for channel_id in (-1, -2))
    second = tuple(copy.evolve(number=2) for copy in copies)
    await mongo.add(done().evolve(log_copies=copies + second))
    assert await mongo.remove_log_channel(-1)
    kept = await mongo.get("job")
    assert kept is not None
    assert [copy.state for copy in kept.log_copies] == [CopyState.FAILED, CopyState.PENDING] * 2


async def test_only_what_is_there_can_be_removed(mongo: MongoStore) -> None:
    assert not await mongo.remove_log_channel(-1)
    await mongo.add_log_channel(LogChannel(id=-1, title="Main"))
    assert await mongo.remove_log_channel(-1)
    assert not await mongo.remove_log_channel(-1)


async def test_a_channel_that_works_again_has_no_error(mongo: MongoStore) -> None:
    await mongo.add_log_channel(LogChannel(id=-1, title="Main"))
    for error in ("No rights.", None):
        await mongo.set_log_channel_error(-1, error)
        assert [channel.error for channel in await mongo.log_channels()] == [error]
    await mongo.set_log_channel_error(-2, "nobody's")
    assert len(await mongo.log_channels()) == 1


# --- the server -----------------------------------------------------------------------------------


async def test_no_query_reads_a_whole_collection(mongo: MongoStore, server: Server) -> None:
    for number in range(30):
        await mongo.add(done(f"done {number}", -1).evolve(log_copies=(LogCopy(channel_id=-1, state="sent"),)))
    await mongo.add(queued())
    await mongo.add(done("due", -1, -2))
    await server.database.command("profile", 2)
    await mongo.claim(NOW, SOON)
    await mongo.claim(NOW, SOON)
    await mongo.renew("job", SOON)
    await mongo.move("job", State.RUNNING, State.DONE)
    await mongo.note("job", title="new")
    await mongo.get("job")
    await mongo.active_of(ANN.id)
    await mongo.ahead_of(queued())
    await mongo.due_copy(NOW, SOON)
    await mongo.due_copy(NOW, SOON, busy=[-1])
    await mongo.put_copy("due", LogCopy(channel_id=-1, state=CopyState.SENT))
    await mongo.next_copy_time()
    await mongo.see_user(ANN)
    await mongo.set_default_wish(ANN.id, None)
    await mongo.add_log_channel(LogChannel(id=-1, title="Main"))
    await mongo.log_channels()
    await mongo.set_log_channel_error(-1, None)
    await server.database.command("profile", 0)
    profile = server.database["system.profile"]
    queries = [entry async for entry in profile.find({"planSummary": {"$exists": True}})]
    await profile.drop()
    assert len(queries) >= 17
    for query in queries:
        assert "COLLSCAN" not in query["planSummary"], query["command"]
        assert query["docsExamined"] <= 2, query["command"]


async def test_opening_twice_makes_the_indexes_once(mongo_uri: str, mongo_database: str) -> None:
    for _ in range(2):
        async with open_store(mongo_uri, mongo_database) as store:
            await store.add(queued(uuid4().hex))


async def test_a_server_that_is_not_there_says_so_in_time(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable) as raised:
        async with open_store(
            f"mongodb://{str(tmp_path / 'no.sock').replace('/', '%2F')}", "x", answer_ms=50
        ):
            pass
    assert "ServerSelectionTimeout" in raised.value.detail
    assert time.monotonic() - began < 2


async def test_every_call_says_so_when_the_server_is_gone(tmp_path: Path) -> None:
    async with embedded_mongod(tmp_path) as uri:
        stores = open_store(uri, "medusa", answer_ms=50)
        store = await stores.__aenter__()
        await store.add(queued())
    began = time.monotonic()
    calls = [
        store.add(queued("b")),
        store.get("job"),
        store.claim(NOW, SOON),
        store.renew("job", SOON),
        store.move("job", State.QUEUED, State.CANCELLED),
        store.note("job", title="new"),
        store.active_of(ANN.id),
        store.ahead_of(queued()),
        store.due_copy(NOW, SOON),
        store.next_copy_time(),
        store.put_copy("job", LogCopy(channel_id=-1)),
        store.see_user(ANN),
        store.set_default_wish(ANN.id, None),
        store.add_log_channel(LogChannel(id=-1, title="Main")),
        store.remove_log_channel(-1),
        store.log_channels(),
        store.set_log_channel_error(-1, None),
    ]
    answers: list[object] = list(await asyncio.gather(*calls, return_exceptions=True))
    assert [type(answer) for answer in answers] == [StoreUnavailable] * len(calls)
    assert time.monotonic() - began < 5
    await stores.__aexit__(None, None, None)
