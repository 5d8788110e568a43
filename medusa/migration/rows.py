"""Rows of the earlier rewrite's tables, and of exports with the same columns, as records. Pure.

Values come as the database gives them (numbers, times, booleans) or as text. Times without a zone are UTC.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from math import ceil, isfinite
from typing import Any

from pydantic import ValidationError

from medusa.figures import Day
from medusa.legacy import LogPlace, OpenGroup, OwnPlace, Past, PastDay, Record, Somebody
from medusa.migration import ids
from medusa.migration.found import Unusable
from medusa.model import Download, Kind, Method, Person, Plan, Request, Sent, State
from medusa.user import Role

Row = Mapping[str, Any]

MIB = 1024 * 1024
PART = 512 * 1024
TRUE, FALSE = {"true", "t", "yes", "y", "on", "1"}, {"false", "f", "no", "n", "off", "0", ""}
_STATES = {"completed": State.DONE, "failed": State.FAILED, "cancelled": State.CANCELLED}
_UNFINISHED = {"pending", "downloading"}
_KINDS = {"video": Kind.VIDEO, "audio": Kind.AUDIO, "image": Kind.PHOTO}
_MIMES = {Kind.VIDEO: "video/mp4", Kind.AUDIO: "audio/mpeg", Kind.PHOTO: "image/jpeg"}


def records_of(table: str, row: Row) -> tuple[Record, ...]:
    """What a row of that table says. Raises Unusable."""
    try:
        return READERS[table](row)
    except ValidationError as error:
        fields = ", ".join(sorted({str(one["loc"][0]) if one["loc"] else "?" for one in error.errors()}))
        raise Unusable(f"It has values that do not fit: {fields}.") from error
    except OverflowError as error:
        raise Unusable("It has a number that is out of all bounds.") from error


# --- the tables -----------------------------------------------------------------------------------


def _user(row: Row) -> tuple[Record, ...]:
    person = _person(row)
    allowed = truth(row, "is_authorized")
    return (
        Somebody(
            id=person.id,
            name="" if person.name == str(person.id) else person.name,
            username=person.username,
            role=Role.USER if allowed else None,
            by=whole(row, "added_by") if allowed else None,
            since=moment(row, "created_at") if allowed else None,
            seen=moment(row, "last_activity"),
        ),
    )


def _channel(row: Row) -> tuple[Record, ...]:
    number = ids.channel_id(_needed(row, "channel_id"))
    title = text(row, "channel_name")
    if truth(row, "is_log_channel"):
        return (LogPlace(id=number, title=title, backup=truth(row, "is_backup")),)
    owner = whole(row, "owner_id")
    group = OpenGroup(id=number, title=title, by=owner)
    return (group, OwnPlace(id=number, owner=ids.person_id(str(owner)), title=title)) if owner else (group,)


def _download(row: Row) -> tuple[Record, ...]:
    status = text(row, "status").lower() or "completed"
    if status in _UNFINISHED:
        raise Unusable("It was not finished. Its person may send the link again.")
    if status not in _STATES:
        raise Unusable(f'Its status "{status[:40]}" is not known.')
    person, url = _person(row), text(row, "url")
    if not url.lower().startswith(("http://", "https://")):
        raise Unusable("It has no link that begins with http:// or https://.")
    created = moment(row, "created_at")
    if created is None:
        raise Unusable("It has no created_at: when it was is not known.")
    state, seconds = _STATES[status], number(row, "download_time_seconds")
    lasted = timedelta(milliseconds=round(1000 * min(seconds or 0, 10**7)))
    ended = max(created, moment(row, "completed_at") or created + lasted)
    plan = _plan(row)
    sent = Sent(chat_id=person.id, message_id=0, size=plan.size or 0, parts=ceil((plan.size or 0) / PART))
    made = Download(
        id=f"old-{_needed(row, 'id')}",
        request=Request(url=url, person=person, chat_id=person.id, message_id=0),
        state=state,
        created=created,
        updated=ended,
        finished=ended,
        not_before=created,
        attempts=1,
        title=text(row, "original_filename") or text(row, "saved_filename") or None,
        source=text(row, "platform") or None,
        plan=plan,
        sent=(sent,) if state is State.DONE else (),
        error=text(row, "error_message") or ("It failed." if state is State.FAILED else None),
        seconds=seconds if state is State.DONE and seconds else None,
    )
    return (Past(download=made),)


def _day(row: Row) -> tuple[Record, ...]:
    at = day(row, "date")
    done, size = whole(row, "total_downloads") or 0, _bytes(row, "total_size_mb") or 0
    made = Day(
        day=at,
        made=datetime(at.year, at.month, at.day, tzinfo=UTC) + timedelta(days=1),
        complete=True,
        done=done,
        bytes=size,
        users=whole(row, "total_users") or 0,
    )
    return (PastDay(day=made),)


def _setting(row: Row) -> tuple[Record, ...]:
    raise Unusable("A setting of the other bot. How this one is run is told by /config and config.env.")


READERS: dict[str, Callable[[Row], tuple[Record, ...]]] = {
    "users": _user,
    "channels": _channel,
    "downloads": _download,
    "analytics": _day,
    "bot_settings": _setting,
}
"""The tables, in the order in which they are taken over."""


def _person(row: Row) -> Person:
    number = ids.person_id(_needed(row, "telegram_id"))
    name = " ".join(filter(None, (text(row, "first_name"), text(row, "last_name"))))
    username = text(row, "username").removeprefix("@")
    return Person(id=number, name=name or username or str(number), username=username or None)


def _plan(row: Row) -> Plan:
    kind = _KINDS.get(text(row, "file_type").lower(), Kind.DOCUMENT)
    return Plan(
        method=Method.PASS,
        format_ids=(),
        kind=kind,
        file_name=text(row, "saved_filename") or text(row, "original_filename") or "file",
        mime=_MIMES.get(kind, "application/octet-stream"),
        size=_bytes(row, "file_size_mb"),
        quality=text(row, "quality"),
    )


# --- values ---------------------------------------------------------------------------------------


def text(row: Row, name: str) -> str:
    """Text without what no message shows; empty where there is none."""
    value = row.get(name)
    return "" if value is None else str(value).replace("\0", "").strip()


def whole(row: Row, name: str) -> int | None:
    """A whole number; None where there is none. Raises Unusable."""
    value = number(row, name)
    if value is None:
        return None
    if value != int(value):
        raise Unusable(f"Its {name} is no whole number.")
    # A float would round what is longer than 15 digits.
    written = text(row, name)
    return int(written) if written.lstrip("+-").isdecimal() else int(value)


def number(row: Row, name: str) -> float | None:
    """A number of 0 or more; None where there is none. Raises Unusable."""
    written = text(row, name)
    if not written:
        return None
    try:
        value = float(written)
    except ValueError:
        raise Unusable(f"Its {name} is no number.") from None
    if not isfinite(value) or value < 0 or value > 2**62:
        raise Unusable(f"Its {name} is out of all bounds.")
    return value


def truth(row: Row, name: str) -> bool:
    """Yes or no; no where there is nothing. Raises Unusable."""
    written = text(row, name).lower()
    if written not in TRUE | FALSE:
        raise Unusable(f"Its {name} is neither true nor false.")
    return written in TRUE


def moment(row: Row, name: str) -> datetime | None:
    """A time, to the millisecond, as the database keeps it; None where there is none. Raises Unusable."""
    value = row.get(name)
    if not isinstance(value, datetime):
        written = text(row, name)
        if not written:
            return None
        try:
            value = datetime.fromisoformat(written)
        except ValueError:
            raise Unusable(f"Its {name} is no time such as 2025-06-30 12:00:00.") from None
    try:
        value = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        raise Unusable(f"Its {name} is out of all bounds.") from None
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


def day(row: Row, name: str) -> date:
    """A day. Raises Unusable."""
    value = row.get(name)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(text(row, name)[:10])
    except ValueError:
        raise Unusable(f"Its {name} is no day such as 2025-06-30.") from None


def _bytes(row: Row, name: str) -> int | None:
    megabytes = number(row, name)
    return None if megabytes is None else round(min(megabytes, 2**40) * MIB)


def _needed(row: Row, name: str) -> str:
    written = text(row, name)
    if not written:
        raise Unusable(f"It has no {name}.")
    # Spreadsheets make 123456789.0 of a number.
    return written.removesuffix(".0")
