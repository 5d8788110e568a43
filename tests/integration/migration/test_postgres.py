"""The earlier rewrite's database, on a real PostgreSQL, into a real MongoDB."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from medusa.errors import WrongArgument
from medusa.legacy import Kind, LogPlace
from medusa.log_channel import LogChannel
from medusa.migration.found import Reject
from medusa.migration.planner import Outcome
from medusa.migration.postgres import Postgres
from medusa.migration.takeover import Takeover
from medusa.model import Person, State
from medusa.storage.mongo import Store
from medusa.user import Grant, Role
from medusa.wishes import Target

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOON = datetime(2025, 6, 30, 12)
OWNER = 42
LOG, GROUP = -1001111111111, -1002222222222


async def fill(postgres: Any) -> None:
    """A few rows of everything."""
    await postgres.executemany(
        "INSERT INTO users (telegram_id, username, first_name, last_name, is_authorized, added_by, "
        "created_at, last_activity) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        [
            (7_000_000_001, "ann", "Ann", "Lee", True, OWNER, NOON),
            (8, None, "Bob", None, False, None, NOON),
            (9, None, None, None, True, None, NOON),
        ],
    )
    await postgres.executemany(
        "INSERT INTO channels (channel_id, channel_name, owner_id, is_log_channel) VALUES ($1, $2, $3, $4)",
        [(LOG, "Log", OWNER, True), (GROUP, "Films", 7_000_000_001, False), (77, "wrong", OWNER, True)],
    )
    row = (
        "INSERT INTO downloads (user_id, url, original_filename, file_type, file_size_mb, quality, platform, "
    )
    row += "status, error_message, download_time_seconds, created_at, completed_at) "
    row += "VALUES ($1, $2, 'A film', 'video', $3, '720p', 'YouTube', $4, $5, 20, $6, $7)"
    later = NOON + timedelta(minutes=1)
    await postgres.executemany(
        row,
        [
            (1, "https://example.org/a", 2.0, "completed", None, NOON, later),
            (2, "https://example.org/b", None, "failed", "gone", NOON, None),
            (1, "https://example.org/c", 1.0, "completed", None, NOON + timedelta(days=1), later),
            (1, "https://example.org/d", None, "downloading", None, NOON, None),
            (None, "https://example.org/e", None, "completed", None, NOON, later),
        ],
    )
    await postgres.executemany(
        "INSERT INTO analytics (date, total_downloads, total_users, total_size_mb) VALUES ($1, $2, $3, $4)",
        [(date(2025, 6, 1), 5, 2, 3.0), (date(2025, 6, 30), 99, 9, 9.0)],
    )
    await postgres.execute("INSERT INTO bot_settings (key, value) VALUES ('max', '5')")


def takeover(
    uri: str, store: Store, rejects: list[Reject] | None = None, *, overwrite: bool = False
) -> Takeover:
    listed = [] if rejects is None else rejects
    return Takeover(Postgres(uri), store.legacy, overwrite=overwrite, reject=listed.append)


async def test_everything_is_taken_over(postgres: Any, postgres_uri: str, store: Store) -> None:
    await fill(postgres)
    rejects = list[Reject]()
    looked = await takeover(postgres_uri, store, rejects).look()
    assert await store.users.find_user(8) is None
    done = await takeover(postgres_uri, store).apply()
    assert done.counts == looked.counts
    assert done.missing == 0
    assert [one.where for one in rejects] == [
        "channels, id 3",
        "downloads, id 4",
        "downloads, id 5",
        "bot_settings, id 1",
    ]
    ann = await store.users.find_user(7_000_000_001)
    assert ann is not None
    noon = NOON.replace(tzinfo=UTC)
    assert ann.person == Person(id=7_000_000_001, name="Ann Lee", username="ann")
    assert ann.grant == Grant(role=Role.USER, by=OWNER, since=noon)
    assert (ann.seen, ann.unreachable) == (noon, False)
    assert await store.users.find_by_username("ann") == ann
    bob, nobody = await store.users.find_user(8), await store.users.find_user(9)
    assert bob is not None
    assert nobody is not None
    assert (bob.grant, nobody.person.name) == (None, "9")
    assert await store.channels.log_channels() == [LogChannel(id=LOG, title="Log")]
    assert await store.chats.all() == {GROUP: "Films"}
    assert await store.targets.owner_of(GROUP) == 7_000_000_001
    assert await store.targets.target(Target(chat_id=GROUP), 7_000_000_001) is not None
    past = await store.own.finished(7_000_000_001, 0, 10)
    assert [(one.id, one.state) for one in past] == [("old-3", State.DONE), ("old-1", State.DONE)]
    assert past[1].finished == noon + timedelta(minutes=1)
    assert [one.error for one in await store.own.finished(8, 0, 10)] == ["gone"]


async def test_days_are_counted_from_downloads_where_these_are_known(
    postgres: Any, postgres_uri: str, store: Store
) -> None:
    await fill(postgres)
    await takeover(postgres_uri, store).apply()
    days = {
        one.day.isoformat(): one for one in await store.analytics.days(date(2025, 1, 1), date(2026, 1, 1))
    }
    counted = {day: (one.done, one.failed, one.users, one.bytes) for day, one in days.items()}
    assert counted == {
        "2025-06-01": (5, 0, 2, 3 * 2**20),
        "2025-06-30": (1, 1, 2, 2 * 2**20),
        "2025-07-01": (1, 0, 1, 2**20),
    }


async def test_a_second_run_changes_nothing(postgres: Any, postgres_uri: str, store: Store) -> None:
    await fill(postgres)
    await takeover(postgres_uri, store).apply()
    again = await takeover(postgres_uri, store, overwrite=True).look()
    assert {outcome for (_, outcome) in again.counts} == {Outcome.SAME}


async def test_what_was_decided_here_stays_unless_it_is_overwritten(
    postgres: Any, postgres_uri: str, store: Store
) -> None:
    await fill(postgres)
    ban = Grant(role=Role.BANNED, by=OWNER, since=NOON.replace(tzinfo=UTC))
    await store.users.decide(Person(id=7_000_000_001, name="7000000001"), grant=ban)
    await store.users.see_user(Person(id=9, name="Nora"))
    await store.channels.add_log_channel(LogChannel(id=LOG, title="Mine"))
    await store.channels.remove_log_channel(LOG)
    done = await takeover(postgres_uri, store).apply()
    assert done.counts[Kind.PEOPLE, Outcome.KEPT] == 1
    assert done.counts[Kind.PEOPLE, Outcome.FILLED] == 1
    assert done.counts[Kind.LOG_CHANNELS, Outcome.KEPT] == 1
    ann, nora = await store.users.find_user(7_000_000_001), await store.users.find_user(9)
    assert ann is not None
    assert nora is not None
    assert (ann.grant, ann.person.name) == (ban, "Ann Lee")
    assert nora.person.name == "Nora"
    assert nora.grant is not None
    assert nora.grant.role is Role.USER
    assert await store.channels.log_channels() == []
    await takeover(postgres_uri, store, overwrite=True).apply()
    ann = await store.users.find_user(7_000_000_001)
    assert ann is not None
    assert ann.grant is not None
    assert ann.grant.role is Role.USER
    assert await store.channels.log_channels() == [LogChannel(id=LOG, title="Mine")]


async def test_a_backup_channel_of_the_settings_becomes_what_is_wanted(store: Store) -> None:
    await store.legacy.write([(LogPlace(id=LOG), None)])
    await store.legacy.write([(LogPlace(id=LOG, backup=True), {"backup"})])
    assert await store.channels.log_channels() == [LogChannel(id=LOG, title=str(LOG), backup=True)]


async def test_rows_are_counted_and_memory_does_not_hold_them(postgres: Any, postgres_uri: str) -> None:
    await postgres.execute(
        "INSERT INTO users (telegram_id) SELECT number FROM generate_series(1, 2500) AS number"
    )
    source = Postgres(postgres_uri)
    assert await source.count() == 2500
    assert len([one async for one in source.read()]) == 2500


@pytest.mark.parametrize(
    "change", ["DROP TABLE users CASCADE", "ALTER TABLE downloads RENAME user_id TO somebody"]
)
async def test_another_database_is_refused(postgres: Any, postgres_uri: str, change: str) -> None:
    await fill(postgres)
    await postgres.execute(change)
    with pytest.raises(WrongArgument, match="not that of the earlier Medusa"):
        assert [one async for one in Postgres(postgres_uri).read()]


async def test_one_without_any_table_says_so(postgres_uri: str) -> None:
    with pytest.raises(WrongArgument, match="none of the tables"):
        await Postgres(postgres_uri).count()


async def test_nothing_can_be_written_into_it(postgres: Any, postgres_uri: str) -> None:
    with pytest.raises(WrongArgument) as raised:
        async with Postgres(postgres_uri).reading() as connection:
            await connection.execute("DELETE FROM users")
    assert "read-only transaction" in raised.value.detail


@pytest.mark.parametrize("uri", ["postgresql://127.0.0.1:9/x", "nonsense"])
async def test_one_that_is_not_there_says_so(uri: str) -> None:
    with pytest.raises(WrongArgument, match="does not let me in"):
        await Postgres(uri).count()
