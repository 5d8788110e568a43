"""Writes what another bot has left beside what is there, many at a time.

Only fields that are named are changed, so a bot may run meanwhile.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any

from pymongo import InsertOne, ReplaceOne, UpdateOne

from medusa.channel import OwnChannel
from medusa.figures import Day
from medusa.legacy import Kind, LogPlace, OpenGroup, OwnPlace, Past, PastDay, Record, Somebody
from medusa.log_channel import LogChannel
from medusa.model import Person
from medusa.storage.analytics import Analytics
from medusa.storage.documents import Document, document_of, plain, readable
from medusa.storage.errors import translated
from medusa.storage.users import words_of
from medusa.user import Grant
from medusa.wishes import Target

Write = InsertOne[Document] | ReplaceOne[Document] | UpdateOne

_COLLECTIONS = {
    Kind.PEOPLE: "users",
    Kind.LOG_CHANNELS: "channels",
    Kind.GROUPS: "chats",
    Kind.CHANNELS: "targets",
    Kind.DOWNLOADS: "downloads",
    Kind.DAYS: "analytics",
}


class Legacy:
    """migration/takeover.py's LegacyStore."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self._analytics = Analytics(database)

    async def there(self, records: Sequence[Record]) -> dict[object, Record]:
        """What is there of these records of one kind, by their keys."""
        if not records:
            return {}
        kind = records[0].KIND
        wanted = {"_id": {"$in": [_id(record) for record in records]}}
        with translated():
            documents = await self._database[_COLLECTIONS[kind]].find(wanted, {"people": 0}).to_list()
        found = [record for one in documents if (record := _READERS[kind](one)) is not None]
        return {record.key: record for record in found}

    async def write(self, changes: Sequence[tuple[Record, Collection[str] | None]]) -> None:
        """Write records: new ones (None), or these fields of those that are there."""
        writes = defaultdict[Kind, list[Write]](list)
        for record, fields in changes:
            writes[record.KIND].append(_new(record) if fields is None else _changed(record, fields))
        with translated():
            for kind, some in writes.items():
                await self._database[_COLLECTIONS[kind]].bulk_write(some, ordered=False)

    async def count_day(self, day: date, now: datetime) -> None:
        """Count a day from its downloads."""
        await self._analytics.count(day, now, complete=day < now.date())


def _id(record: Record) -> object:
    match record:
        case OwnPlace():
            return f"{record.id}:0:{record.owner}"
        case PastDay():
            return record.key.isoformat()
        case _:
            return record.key


# --- from documents -------------------------------------------------------------------------------


def _somebody(found: Document) -> Record:
    person = Person.model_validate(found["person"])
    grant = Grant.model_validate(found["grant"]) if found.get("grant") else None
    return Somebody(
        id=person.id,
        name=_known(person.name, person.id),
        username=person.username,
        seen=found.get("seen"),
        role=grant and grant.role,
    )


def _past(found: Document) -> Record | None:
    download = readable(found)
    return Past(download=download) if download else None


def _log_place(found: Document) -> Record:
    title = _known(found["title"], found["_id"])
    return LogPlace(id=found["_id"], title=title, backup=found["backup"], active=found["active"])


def _own_place(found: Document) -> Record:
    own = OwnChannel.model_validate({name: value for name, value in found.items() if name != "_id"})
    title = _known(own.target.title, own.target.chat_id)
    return OwnPlace(id=own.target.chat_id, owner=own.owner, title=title)


_READERS: dict[Kind, Callable[[Document], Record | None]] = {
    Kind.PEOPLE: _somebody,
    Kind.LOG_CHANNELS: _log_place,
    Kind.GROUPS: lambda found: OpenGroup(id=found["_id"], title=_known(found["title"], found["_id"])),
    Kind.CHANNELS: _own_place,
    Kind.DOWNLOADS: _past,
    Kind.DAYS: lambda found: PastDay(day=Day.model_validate({"day": found.pop("_id"), **found})),
}


def _known(name: str, number: int) -> str:
    """A name, where it is more than the id, which stands for it as long as nothing else is known."""
    return "" if name == str(number) else name


# --- to documents ---------------------------------------------------------------------------------


def _new(record: Record) -> Write:
    where = {"_id": _id(record)}
    match record:
        case Past():
            return InsertOne(document_of(record.download))
        case PastDay():
            return _day(record)
        case Somebody():
            # Whoever writes to the bot at this moment is known better than the other bot knew them.
            about = {**_about(record), "unreachable": False}
            seen = {"$max": {"seen": record.seen}} if record.seen else {}
            grant = {"$set": {"grant": _grant(record)}} if record.role else {}
            return UpdateOne(where, {"$setOnInsert": about, **seen, **grant}, upsert=True)
        case LogPlace():
            channel = LogChannel(id=record.id, title=_named(record), backup=record.backup)
            fields = {**document_of(channel), "kind": "log", "active": record.active}
        case OpenGroup():
            fields = {"title": _named(record), "by": record.by or 0, "since": datetime.now(UTC)}
        case OwnPlace():
            target = Target(chat_id=record.id, title=_named(record))
            fields = plain(OwnChannel(target=target, owner=record.owner))
    fields.pop("_id", None)
    return UpdateOne(where, {"$setOnInsert": fields}, upsert=True)


def _changed(record: Record, names: Collection[str]) -> Write:
    where = {"_id": _id(record)}
    match record:
        case Past():
            return ReplaceOne(where, document_of(record.download))
        case PastDay():
            return _day(record)
        case Somebody():
            fields = _about(record) if {"name", "username"} & {*names} else {}
            fields |= {"grant": _grant(record)} if "role" in names else {}
            fields |= {"seen": record.seen} if "seen" in names else {}
        case OwnPlace():
            fields = {"target.title": _named(record)}
        case LogPlace() | OpenGroup():
            fields = {name: getattr(record, name) for name in names}
    return UpdateOne(where, {"$set": fields})


def _day(record: PastDay) -> Write:
    document = {**plain(record.day), "people": []}
    document["_id"] = document.pop("day").isoformat()
    return ReplaceOne({"_id": document["_id"]}, document, upsert=True)


def _about(record: Somebody) -> Document:
    person = Person(id=record.id, name=record.name or str(record.id), username=record.username)
    return {"person": plain(person), "words": words_of(person)}


def _grant(record: Somebody) -> Document | None:
    if record.role is None:
        return None
    return plain(Grant(role=record.role, by=record.by, since=record.since or datetime.now(UTC)))


def _named(record: LogPlace | OpenGroup | OwnPlace) -> str:
    return record.title or str(record.id)
