"""Rows of the rewrite's tables become records, or have a reason why not."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.legacy import LogPlace, OpenGroup, OwnPlace, Past, PastDay, Record, Somebody
from medusa.migration.found import Unusable
from medusa.migration.rows import MIB, READERS, records_of
from medusa.model import Kind, State
from medusa.user import Role

NOON = datetime(2025, 6, 30, 12)
USER: dict[str, Any] = {
    "id": 3,
    "telegram_id": 7,
    "username": "ann",
    "first_name": "Ann",
    "last_name": "Lee",
    "is_authorized": True,
    "added_by": 42,
    "total_downloads": 5,
    "total_size_mb": 7.5,
    "created_at": NOON,
    "updated_at": NOON,
    "last_activity": NOON + timedelta(days=1),
}
DOWNLOAD: dict[str, Any] = {
    **{name: USER[name] for name in ("telegram_id", "username", "first_name", "last_name")},
    "id": 11,
    "user_id": 3,
    "url": "https://example.org/a",
    "original_filename": "A film",
    "saved_filename": "a.mp4",
    "file_type": "video",
    "file_size_mb": 1.5,
    "quality": "720p",
    "platform": "YouTube",
    "status": "completed",
    "error_message": None,
    "download_time_seconds": 20,
    "telegram_file_id": "x",
    "log_channel_message_id": 5,
    "created_at": NOON,
    "completed_at": NOON + timedelta(seconds=30),
}
CHANNEL: dict[str, Any] = {
    "id": 1,
    "channel_id": -1001111111111,
    "channel_name": "Films",
    "owner_id": 7,
    "is_log_channel": False,
}
DAY = {"date": date(2025, 6, 30), "total_downloads": 4, "total_users": 2, "total_size_mb": 1.0}


def as_text(row: dict[str, Any]) -> dict[str, str]:
    """A row as an export has it."""
    return {name: "" if value is None else str(value) for name, value in row.items()}


def one(table: str, row: dict[str, Any], **changes: object) -> Record:
    (record,) = records_of(table, {**row, **changes})
    return record


def reason(table: str, row: dict[str, Any], **changes: object) -> str:
    with pytest.raises(Unusable) as raised:
        records_of(table, {**row, **changes})
    return str(raised.value)


def test_a_person_who_may_use_the_bot() -> None:
    assert one("users", USER) == Somebody(
        id=7,
        name="Ann Lee",
        username="ann",
        role=Role.USER,
        by=42,
        since=NOON.replace(tzinfo=UTC),
        seen=NOON.replace(tzinfo=UTC) + timedelta(days=1),
    )


def test_a_person_of_whom_little_is_known() -> None:
    bare = {"telegram_id": "7", "is_authorized": None}
    assert one("users", bare) == Somebody(id=7)
    assert one("users", bare, username="@ann") == Somebody(id=7, name="ann", username="ann")


def test_channels_are_for_logs_or_for_people() -> None:
    assert one("channels", CHANNEL, is_log_channel=True) == LogPlace(id=-1001111111111, title="Films")
    assert records_of("channels", CHANNEL) == (
        OpenGroup(id=-1001111111111, title="Films", by=7),
        OwnPlace(id=-1001111111111, title="Films", owner=7),
    )


def test_a_download_that_was_delivered() -> None:
    record = one("downloads", DOWNLOAD)
    assert isinstance(record, Past)
    made = record.download
    assert (made.id, made.state, made.request.url) == ("old-11", State.DONE, "https://example.org/a")
    assert (made.request.person.id, made.request.person.name) == (7, "Ann Lee")
    assert made.finished == NOON.replace(tzinfo=UTC) + timedelta(seconds=30)
    assert [(sent.chat_id, sent.message_id, sent.size) for sent in made.sent] == [(7, 0, MIB * 3 // 2)]
    assert made.plan is not None
    assert (made.plan.kind, made.plan.file_name, made.source) == (Kind.VIDEO, "a.mp4", "YouTube")


def test_a_download_that_failed_has_its_reason_and_no_file() -> None:
    record = one("downloads", DOWNLOAD, status="failed", completed_at=None, error_message="gone")
    assert isinstance(record, Past)
    made = record.download
    assert (made.state, made.error, made.sent) == (State.FAILED, "gone", ())
    assert made.finished == NOON.replace(tzinfo=UTC) + timedelta(seconds=20)


@pytest.mark.parametrize("status", ["pending", "downloading"])
def test_what_was_not_finished_is_not_taken_over(status: str) -> None:
    assert reason("downloads", DOWNLOAD, status=status).startswith("It was not finished.")


def test_a_day_has_its_numbers() -> None:
    record = one("analytics", DAY)
    assert isinstance(record, PastDay)
    assert (record.key, record.done, record.users, record.bytes) == (date(2025, 6, 30), 4, 2, MIB)


@pytest.mark.parametrize(
    ("table", "row", "changes", "sentence"),
    [
        ("users", USER, {"telegram_id": None}, "It has no telegram_id."),
        ("users", USER, {"telegram_id": -5}, "not of a person"),
        ("users", USER, {"is_authorized": "perhaps"}, "Its is_authorized is neither true nor false."),
        ("users", USER, {"last_activity": "soon"}, "Its last_activity is no time such as"),
        ("users", USER, {"added_by": "Ann"}, "Its added_by is no number."),
        ("users", USER, {"added_by": "1.5"}, "Its added_by is no whole number."),
        ("channels", CHANNEL, {"channel_id": 5}, "begin with -100"),
        ("downloads", DOWNLOAD, {"telegram_id": None}, "It has no telegram_id."),
        ("downloads", DOWNLOAD, {"url": "magnet:?x"}, "It has no link"),
        ("downloads", DOWNLOAD, {"status": "lost"}, 'Its status "lost" is not known.'),
        ("downloads", DOWNLOAD, {"created_at": ""}, "It has no created_at"),
        ("downloads", DOWNLOAD, {"file_size_mb": float("nan")}, "Its file_size_mb is out of all bounds."),
        ("analytics", DAY, {"date": "yesterday"}, "Its date is no day"),
        ("bot_settings", {"key": "a", "value": "b"}, {}, "A setting of the other bot."),
    ],
)
def test_what_cannot_be_taken_over_has_a_reason(
    table: str, row: dict[str, Any], changes: dict[str, object], sentence: str
) -> None:
    assert sentence in reason(table, row, **changes)


@pytest.mark.parametrize(
    ("table", "row"), [("users", USER), ("channels", CHANNEL), ("downloads", DOWNLOAD), ("analytics", DAY)]
)
def test_an_export_says_the_same_as_the_table(table: str, row: dict[str, Any]) -> None:
    assert records_of(table, as_text(row)) == records_of(table, row)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.dates(),
    st.decimals().map(Decimal),
    st.sampled_from(["completed", "failed", "https://example.org/", "-1001111111111", "12", "true"]),
)


def tried(table: str, row: dict[str, Any]) -> tuple[Record, ...] | str:
    """The records of a row, or the reason why there are none."""
    try:
        return records_of(table, row)
    except Unusable as error:
        return str(error)


NAMES = st.sampled_from([*USER, *DOWNLOAD, *CHANNEL, *DAY])


@given(st.sampled_from([*READERS]), st.dictionaries(NAMES, VALUES))
def test_whatever_a_row_holds_it_is_a_record_or_has_a_reason(table: str, row: dict[str, Any]) -> None:
    found = tried(table, row)
    assert found
    assert not isinstance(found, str) or found.endswith(".")


@given(st.dictionaries(st.sampled_from([*DOWNLOAD]), VALUES))
def test_a_download_with_anything_in_it_is_a_download_or_has_a_reason(changes: dict[str, Any]) -> None:
    found = tried("downloads", {**DOWNLOAD, **changes})
    if isinstance(found, str):
        assert found.endswith(".")
        return
    (record,) = found
    assert isinstance(record, Past)
    made = record.download
    assert made.finished is not None
    assert made.created <= made.finished
    assert made.finished.microsecond % 1000 == 0
