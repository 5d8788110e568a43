"""The line of the people whose downloads wait, read from the downloads themselves.

Only when somebody last had a turn, and how many of theirs may run, is kept apart.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable
from datetime import datetime
from typing import Any, NamedTuple

from pymongo import ASCENDING, IndexModel

from medusa.model import State
from medusa.storage.documents import Document
from medusa.storage.errors import translated
from medusa.storage.fairness import NEVER, Standing
from medusa.storage.together import Together

PERSON = "request.person.id"
LINE, ORDER = "line", "order"
INDEXES = [
    # Of each person the first that is due is found in one step, however many there are (a DISTINCT_SCAN).
    IndexModel([("state", ASCENDING), (PERSON, ASCENDING), ("not_before", ASCENDING)], name=LINE),
    # A person's own, in the order of their messages.
    IndexModel(
        [
            ("state", ASCENDING),
            (PERSON, ASCENDING),
            ("request.message_id", ASCENDING),
            ("created", ASCENDING),
        ],
        name=ORDER,
    ),
    # A person's running downloads have different seats: of two processes that serve the same person at the
    # same time, one has to look again.
    IndexModel(
        [(PERSON, ASCENDING), ("seat", ASCENDING)],
        name="seats",
        unique=True,
        partialFilterExpression={"state": State.RUNNING.value, "seat": {"$gte": 0}},
    ),
]
IN_ORDER: Document = {
    "sort": [("request.message_id", ASCENDING), ("created", ASCENDING)],
    "hint": ORDER,
}
"""A person's downloads in the order of their messages: five links that are sent at once are accepted side by
side, in any order. Those of one message are accepted one after the other."""


class _Turn(NamedTuple):
    """What is kept of somebody."""

    at: datetime = NEVER
    """When they last had a turn."""
    most: int | None = None


_NEW = _Turn()
Group = dict[str, Any]
"""Of one person: who (`_id`), since when the first of theirs is due, and perhaps how many are waiting."""
Seats = dict[int, list[int | None]]
"""Of running downloads, by person."""


class _Everybody(NamedTuple):
    """All who have a download that waits."""

    line: dict[int, Standing]
    seats: Seats


class Line:
    """Who waits since when, and has how many running."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]
        self._turns = database["turns"]
        self._everybody = Together(self._read)

    async def due(self, now: datetime) -> list[Standing]:
        """Everybody who has a download that is due; how many is not counted."""
        return [*(await self._read({"$match": {"since": {"$lte": now}}})).line.values()]

    async def around(
        self, person: int, since: datetime, horizon: datetime, before: Awaitable[int]
    ) -> tuple[Standing, int, list[Standing]]:
        """Where somebody stands whose first download is due since then, where they have none yet; how many
        of their own go `before`; and where all others stand at `horizon`."""
        own, everybody = await asyncio.gather(before, self._everybody.ask())
        mine = everybody.line.get(person)
        if mine is not None and not mine.running + own:
            # No more than one of anybody goes before it: there is no need to count theirs.
            return (
                mine,
                own,
                [one for one in everybody.line.values() if one.since <= horizon and one is not mine],
            )
        seats, found = everybody.seats, await self._counted(horizon)
        turns = await self._turns_of([person, *(one["_id"] for one in found)])
        line = {one["_id"]: one for one in [{"_id": person, "since": since}, *found]}
        group = line.pop(person)
        return (
            _standing(group, seats, turns),
            own,
            [_standing(one, seats, turns) for one in line.values()],
        )

    async def _read(self, *further: Document) -> _Everybody:
        found, seats = await asyncio.gather(self._first(*further), self._seats())
        turns = await self._turns_of([one["_id"] for one in found])
        return _Everybody({one["_id"]: _standing(one, seats, turns) for one in found}, seats)

    async def call(self, person: int, now: datetime) -> None:
        """It is this person's turn."""
        with translated():
            await self._turns.update_one({"_id": person}, {"$set": {"at": now}}, upsert=True)

    async def limit(self, person: int, most: int | None) -> None:
        """How many downloads of somebody may run; 0: as many as there are slots, None: as the settings
        say."""
        with translated():
            await self._turns.update_one({"_id": person}, {"$set": {"most": most}}, upsert=True)

    async def _first(self, *further: Document) -> list[Group]:
        return await self._group(
            {"$match": {"state": State.QUEUED.value}},
            {"$sort": {"state": 1, PERSON: 1, "not_before": 1}},
            {"$group": {"_id": f"${PERSON}", "since": {"$first": "$not_before"}}},
            *further,
        )

    async def _counted(self, horizon: datetime) -> list[Group]:
        since, waiting = {"$min": "$not_before"}, {"$sum": 1}
        return await self._group(
            {"$match": {"state": State.QUEUED.value, "not_before": {"$lte": horizon}}},
            {"$group": {"_id": f"${PERSON}", "since": since, "waiting": waiting}},
        )

    async def _group(self, *pipeline: Document) -> list[Group]:
        with translated():
            found: list[Group] = await self._downloads.aggregate(list(pipeline), hint=LINE).to_list()
        return found

    async def _seats(self) -> Seats:
        query, wanted = {"state": State.RUNNING.value}, {"_id": 0, PERSON: 1, "seat": 1}
        with translated():
            found = await self._downloads.find(query, wanted).to_list()
        seats = defaultdict[int, list[int | None]](list)
        for one in found:
            seats[one["request"]["person"]["id"]].append(one.get("seat"))
        return seats

    async def _turns_of(self, people: list[int]) -> dict[int, _Turn]:
        if not people:
            return {}
        with translated():
            found = await self._turns.find({"_id": {"$in": people}}).to_list()
        return {one["_id"]: _Turn(one.get("at", NEVER), one.get("most")) for one in found}


def _standing(group: Group, seats: Seats, turns: dict[int, _Turn]) -> Standing:
    turn, most = turns.get(group["_id"], _NEW)
    return Standing(
        person=group["_id"],
        seats=seats.get(group["_id"], ()),
        turn=turn,
        since=group["since"],
        waiting=group.get("waiting", 1),
        most=most,
    )
