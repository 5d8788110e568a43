"""Every value comes back from the database as it was, also one that an older version has written."""

from datetime import UTC, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medusa.log_channel import LogChannel
from medusa.model import Download, Person, Plan, State
from medusa.storage.mongo import Store
from medusa.value import Value
from medusa.wishes import Preferences
from tests.integration.store.conftest import NOW, SOON, Records, Server
from tests.unit.jobs.memory import ANN, LONG_AGO, done, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")

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
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) in (UnionType, Union):
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
async def test_a_download_comes_back_as_it_was(records: Records, value: Download) -> None:
    # Nobody has two downloads that run on one seat.
    person = value.request.person.evolve(id=uuid4().int % 2**63)
    download = value.evolve(id=uuid4().hex, request=value.request.evolve(person=person))
    assert await records.add(download)
    assert await records.get(download.id) == download


@with_database
@given(value=anything(Download))
async def test_changed_fields_come_back_as_they_were(records: Records, value: Download) -> None:
    job = uuid4().hex
    await records.add(queued(job, state=State.RUNNING))
    fixed = {"id", "state", "updated", "unshown", "finished"}
    changes = {name: field for name, field in dict(value).items() if name not in fixed}
    moved = await records.move(job, State.RUNNING, State.DONE, **changes)
    assert moved is not None
    over = {"updated": moved.updated, "finished": moved.updated, "unshown": True}
    assert moved == value.evolve(id=job, state=State.DONE, **over)
    noted = await records.note(job, **changes)
    assert noted == moved.evolve(updated=(await read(records, job)).updated)


@with_database
@given(person=anything(Person), preferences=anything(Preferences))
async def test_a_user_comes_back_as_they_were(mongo: Store, person: Person, preferences: Preferences) -> None:
    await mongo.users.see_user(person)
    await mongo.users.prefer(person.id, **dict(preferences))
    seen = await mongo.users.see_user(person)
    assert (seen.person, seen.preferences) == (person, preferences)


@with_database
@given(channel=anything(LogChannel))
async def test_a_log_channel_comes_back_as_it_was(mongo: Store, channel: LogChannel) -> None:
    await mongo.channels.add_log_channel(channel)
    assert channel in await mongo.channels.log_channels()


async def test_a_plan_may_be_larger_than_four_gigabytes(records: Records) -> None:
    plan = Plan(
        method="pass", format_ids=("1",), kind="document", file_name="a", mime="a/b", size=5_000_000_000
    )
    await records.add(queued(plan=plan))
    assert (await read(records, "job")).plan == plan


async def read(store: Records, job: str) -> Download:
    download = await store.get(job)
    assert download is not None
    return download


async def test_a_record_that_cannot_be_read_does_not_stand_in_the_way(
    records: Records, server: Server
) -> None:
    for number, state in enumerate((State.QUEUED, State.RUNNING, State.ASKING)):
        await records.add(queued(f"bad {number}", state=state, lease_until=LONG_AGO, minute=number))
    await records.add(done("bad", -1))
    await server.database.downloads.update_many({}, {"$set": {"request.person.name": 5}})
    await records.add(queued("good", minute=9))
    await records.add(done("sent", -1, minute=9))
    claimed = await records.claim(NOW, SOON, holder="me")
    assert claimed is not None
    assert claimed.id == "good"
    due = await records.due_copy(-1, NOW, SOON)
    assert due is not None
    assert due[0].id == "sent"
    assert [download.id for download in await records.active_of(ANN.id)] == ["good"]
    assert await records.get("bad") is None
    ended = server.database.downloads.find({"error": "Its record is damaged."})
    assert {document["_id"] async for document in ended} == {"bad", "bad 0", "bad 1", "bad 2"}
