"""Days are counted from the downloads, and put together without counting anybody twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from medusa.figures import MOST_SHARES, OTHERS, Counts, Day, Share, begin
from medusa.model import Download, Item, Kind, Method, Person, Plan, Sent, State
from medusa.storage.documents import document_of
from medusa.storage.mongo import Store
from tests.integration.store.conftest import Records, Server
from tests.unit.jobs.memory import ANN, BOB, queued

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY = date(2026, 11, 27)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=3)


def over(job: str, state: State = State.DONE, *, at: datetime = NOON, **fields: object) -> Download:
    """A download that was over then, a minute after its link."""
    known: dict[str, object] = {
        "created": at - timedelta(minutes=1),
        "started": at - timedelta(seconds=58),
        "updated": at,
        "finished": at,
        "source": "YouTube",
        "reason": "SourceGone" if state is State.FAILED else None,
    }
    return queued(job, state=state).evolve(**{**known, **fields})


def files(*sizes: int) -> tuple[Sent, ...]:
    return tuple(Sent(chat_id=1, message_id=1, size=size, parts=1) for size in sizes)


def plan(kind: Kind) -> Plan:
    return Plan(method=Method.PASS, format_ids=("1",), kind=kind, file_name="a", mime="a/b")


async def keep(server: Server, *downloads: Download) -> None:
    await server.database["downloads"].insert_many([document_of(one) for one in downloads])


async def counted(mongo: Store, day: date = DAY) -> Day:
    return await mongo.analytics.count(day, LATER, complete=True)


async def test_a_day_has_all_that_ended_on_it(server: Server, mongo: Store) -> None:
    await keep(
        server,
        over("a", sent=files(3_000_000, 1_000_000), plan=plan(Kind.VIDEO), seconds=2.0),
        over("b", sent=files(500), plan=plan(Kind.AUDIO), seconds=1.0, archived=True, source="Vimeo"),
        over("c", State.FAILED, source=None, started=None),
        over("d", State.CANCELLED, request=queued(person=BOB).request, at=NOON + timedelta(hours=2)),
        over("playlist", State.UNFOLDED),
        queued("waits"),
    )
    day = await counted(mongo)
    assert (day.done, day.failed, day.cancelled, day.bytes) == (2, 1, 1, 4_000_500)
    assert (day.users, day.archived, day.complete, day.made) == (2, 1, True, LATER)
    assert day.sources == (
        Share(name="YouTube", done=1, cancelled=1, bytes=4_000_000),
        Share(name="Vimeo", done=1, bytes=500),
        Share(name="example.org", failed=1),
    )
    assert day.kinds == (
        Share(name="audio", done=1, bytes=500),
        Share(name="video", done=1, bytes=4_000_000),
    )
    assert day.failures == (Share(name="SourceGone", failed=1),)
    assert [(slot.at.hour, slot.total, slot.users) for slot in day.hours] == [(12, 3, 1), (14, 1, 1)]
    assert day.speeds.count == 1
    assert day.speeds.quantile(1) == pytest.approx(2_000_000, rel=0.2)
    assert day.waits.count == 3
    assert day.waits.quantile(1) == pytest.approx(2000, rel=0.2)
    assert await mongo.analytics.days(DAY, DAY) == [day]


async def test_a_day_begins_and_ends_at_midnight(server: Server, mongo: Store) -> None:
    tick = timedelta(milliseconds=1)
    first, after = begin(DAY), begin(DAY + timedelta(days=1))
    await keep(server, *(over(f"{at}", at=at) for at in (first - tick, first, after - tick, after)))
    assert [(await counted(mongo, DAY + timedelta(days=n))).done for n in (-2, -1, 0, 1, 2)] == [
        0,
        1,
        2,
        1,
        0,
    ]
    assert await mongo.analytics.earliest() == DAY - timedelta(days=1)
    assert await mongo.analytics.first() == DAY - timedelta(days=2)


async def test_items_of_batches_do_not_count_as_waiting(server: Server, mongo: Store) -> None:
    item = Item(batch="b", number=1, batch_name="Course")
    await keep(server, over("a", request=queued().request.evolve(item=item)), over("b"))
    day = await counted(mongo)
    assert (day.done, day.waits.count) == (2, 1)


async def test_counting_again_gives_the_same_and_what_changed_since(
    server: Server, mongo: Store, records: Records
) -> None:
    await keep(server, over("a"), over("b", State.FAILED))
    first = await counted(mongo)
    assert await counted(mongo) == first
    await records.note("a", title="known since")  # its end does not move
    assert await counted(mongo) == first
    await server.database["downloads"].delete_one({"_id": "b"})
    assert (await counted(mongo)).failed == 0
    assert len(await mongo.analytics.days(DAY, DAY)) == 1


async def test_a_record_that_cannot_be_read_is_a_failure_of_the_day(
    server: Server, mongo: Store, records: Records
) -> None:
    broken = {**document_of(queued()), "attempts": "many"}
    await server.database["downloads"].insert_one(broken)
    assert await records.get("job") is None
    day = await mongo.analytics.count(datetime.now(UTC).date(), LATER, complete=False)
    assert day.failures == (Share(name="DamagedRecord", failed=1),)


async def test_nobody_is_counted_twice(server: Server, mongo: Store) -> None:
    eve = Person(id=3, name="Eve")
    visits = {0: (ANN, BOB), 1: (ANN,), 2: (), 3: (BOB, eve)}
    for number, people in visits.items():
        at, day = NOON + timedelta(days=number), DAY + timedelta(days=number)
        for one in people:
            twice = (over(f"{one.id} {day} {n}", at=at, request=queued(person=one).request) for n in range(2))
            await keep(server, *twice)
        await counted(mongo, day)
    days = [DAY + timedelta(days=number) for number in range(4)]
    assert [one.users for one in await mongo.analytics.days(days[0], days[-1])] == [2, 1, 0, 2]
    spans = [(days[0], days[1]), (days[1], days[2]), (days[1], days[3]), (days[0], days[3])]
    assert await mongo.analytics.different_users(spans) == [2, 1, 3, 3]
    assert await mongo.analytics.different_users(
        [(days[3] + timedelta(days=1), days[3] + timedelta(days=9))]
    ) == [0]


async def test_the_last_day_that_is_complete(mongo: Store) -> None:
    assert await mongo.analytics.last_complete() is None
    for number, complete in enumerate((True, True, False)):
        await mongo.analytics.count(DAY + timedelta(days=number), LATER, complete=complete)
    assert await mongo.analytics.last_complete() == DAY + timedelta(days=1)


async def test_many_sites_are_counted_together(server: Server, mongo: Store) -> None:
    await keep(server, *(over(f"{n}", source=f"site {n}") for n in range(MOST_SHARES + 5)))
    day = await counted(mongo)
    assert len(day.sources) == MOST_SHARES + 1
    assert day.sources[-1] == Share(name=OTHERS, done=5)
    assert sum(one.done for one in day.sources) == day.done


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://Example.ORG:8080/a", "example.org"),
        ("http://user:secret@example.org/a", "example.org"),
        ("HTTPS://example.org?x=http://other.org", "example.org"),
        ("nonsense", "?"),
    ],
)
async def test_what_failed_early_belongs_to_the_host_of_its_link(
    server: Server, mongo: Store, url: str, site: str
) -> None:
    await keep(server, over("a", State.FAILED, source=None, request=queued().request.evolve(url=url)))
    assert [one.name for one in (await counted(mongo)).sources] == [site]


async def test_ones_own_numbers(server: Server, mongo: Store) -> None:
    await keep(
        server,
        over("today", sent=files(10)),
        over("failed", State.FAILED, at=NOON - timedelta(days=6), source="Vimeo"),
        over("a month ago", at=NOON - timedelta(days=29), sent=files(100)),
        over("long ago", at=NOON - timedelta(days=30), sent=files(1000)),
        over("not hers", request=queued(person=BOB).request),
        over("a playlist", State.UNFOLDED),
        queued("waits"),
    )
    own = await mongo.analytics.own(ANN.id, DAY)
    assert own.week == Counts(done=1, failed=1, bytes=10)
    assert own.month == Counts(done=2, failed=1, bytes=110)
    assert own.total == Counts(done=3, failed=1, bytes=1110)
    assert [(one.name, one.total) for one in own.sources] == [("YouTube", 3), ("Vimeo", 1)]
    assert (await mongo.analytics.own(99, DAY)).total == Counts()
