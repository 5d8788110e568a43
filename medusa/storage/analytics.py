"""What the bot has done, a document a day, counted from the downloads.

A day keeps the ids of its people: only so can days be put together to weeks without counting anybody twice,
also when the downloads are gone some day. MongoDB unites them, so they do not come here.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from medusa.figures import WEEK, Day, OwnFigures, begin, counted, shares
from medusa.storage.documents import Document, plain
from medusa.storage.ended import COUNTED, FACETS, FIELDS, day_of, own_sums, share_of
from medusa.storage.errors import translated
from medusa.storage.fairness import NEVER
from medusa.storage.line import PERSON

_ENDED, _OWN_ENDED = "ended", "own_ended"
"""Indexes that are always right here; the database might try another one."""
INDEXES = [
    IndexModel([("finished", ASCENDING), ("state", ASCENDING)], name=_ENDED),
    IndexModel([(PERSON, ASCENDING), ("finished", ASCENDING)], name=_OWN_ENDED),
]
"""Of the downloads."""
MONTH = 30


class Analytics:
    """jobs/statistics.py's DayStore."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]
        self._days = database["analytics"]

    async def earliest(self) -> date | None:
        """The day on which the first download was over that is kept; None when there is none."""
        query = {"finished": {"$gt": NEVER}}
        with translated():
            found = await self._downloads.find_one(
                query, {"finished": 1}, sort=[("finished", ASCENDING)], hint=_ENDED
            )
        return found["finished"].date() if found else None

    async def last_complete(self) -> date | None:
        """The last day that was counted after its end."""
        with translated():
            found = await self._days.find_one({"complete": True}, {"_id": 1}, sort=[("_id", DESCENDING)])
        return date.fromisoformat(found["_id"]) if found else None

    async def count(self, day: date, now: datetime, *, complete: bool) -> Day:
        """Count a day anew, and keep it in place of what was kept of it."""
        ended = {"finished": {"$gte": begin(day), "$lt": begin(day + timedelta(days=1))}}
        pipeline: list[Document] = [
            {"$match": {**ended, "state": {"$in": COUNTED}}},
            {"$project": FIELDS},
            {"$facet": FACETS},
        ]
        with translated():
            cursor = self._downloads.aggregate(pipeline, hint=_ENDED, allowDiskUse=True)
            (found,) = await cursor.to_list(1)
            made = day_of(day, now, complete, found)
            people = [one["_id"] for one in found["people"]]
            document = {**plain(made), "day": day.isoformat(), "people": people}
            await self._days.replace_one({"_id": document.pop("day")}, document, upsert=True)
        return made

    async def days(self, first: date, last: date) -> list[Day]:
        """What is known of these days, in order."""
        with translated():
            found = (
                await self._days.find(_between(first, last), {"people": 0}).sort("_id", ASCENDING).to_list()
            )
        return [Day.model_validate({"day": one.pop("_id"), **one}) for one in found]

    async def first(self) -> date | None:
        """The first day of which anything is known."""
        with translated():
            found = await self._days.find_one({}, {"_id": 1}, sort=[("_id", ASCENDING)])
        return date.fromisoformat(found["_id"]) if found else None

    async def different_users(self, spans: Sequence[tuple[date, date]]) -> list[int]:
        """How many different people there were between each of these days, ends included."""
        return [await self._different(first, last) for first, last in spans]

    async def _different(self, first: date, last: date) -> int:
        pipeline: list[Document] = [
            {"$match": _between(first, last)},
            {"$project": {"people": 1}},
            {"$unwind": "$people"},
            {"$group": {"_id": "$people"}},
            {"$count": "people"},
        ]
        with translated():
            found = await self._days.aggregate(pipeline, allowDiskUse=True).to_list(1)
        return int(found[0]["people"]) if found else 0

    async def own(self, person_id: int, today: date) -> OwnFigures:
        """What one person had, all in all and until now since a week and a month before tomorrow."""
        week, month = (begin(today - timedelta(days=days - 1)) for days in (WEEK, MONTH))
        pipeline: list[Document] = [
            {"$match": {PERSON: person_id, "finished": {"$gt": NEVER}, "state": {"$in": COUNTED}}},
            {"$project": {"state": 1, "finished": 1, "source": FIELDS["source"], "bytes": FIELDS["bytes"]}},
            {"$group": {"_id": "$source", **own_sums(week, month)}},
        ]
        with translated():
            found = await self._downloads.aggregate(pipeline, hint=_OWN_ENDED).to_list()
        return OwnFigures(
            week=counted([share_of(one, "week_") for one in found]),
            month=counted([share_of(one, "month_") for one in found]),
            total=counted([share_of(one) for one in found]),
            sources=shares(share_of(one) for one in found),
        )


def _between(first: date, last: date) -> Document:
    return {"_id": {"$gte": first.isoformat(), "$lte": last.isoformat()}}
