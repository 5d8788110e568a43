"""The line of the people whose downloads wait, read from the downloads themselves.

Only when somebody last had a turn, and how many of theirs may run, is kept apart.
"""

from datetime import datetime
from typing import Any, NamedTuple

from pymongo import ASCENDING, IndexModel

from medusa.model import State
from medusa.storage.documents import Document
from medusa.storage.errors import translated
from medusa.storage.fairness import NEVER, Standing

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


class Line:
    """Who waits since when, and has how many running."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]
        self._turns = database["turns"]

    async def due(self, now: datetime) -> list[Standing]:
        """Everybody who has a download that is due; how many is not counted."""
        pipeline: list[Document] = [
            {"$match": {"state": State.QUEUED.value}},
            {"$sort": {"state": 1, PERSON: 1, "not_before": 1}},
            {"$group": {"_id": f"${PERSON}", "since": {"$first": "$not_before"}}},
            {"$match": {"since": {"$lte": now}}},
        ]
        return await self._standings(pipeline)

    async def counted(self, horizon: datetime) -> list[Standing]:
        """The same at that time, with how many each of them has."""
        pipeline: list[Document] = [
            {"$match": {"state": State.QUEUED.value, "not_before": {"$lte": horizon}}},
            {"$group": {"_id": f"${PERSON}", "since": {"$min": "$not_before"}, "waiting": {"$sum": 1}}},
        ]
        return await self._standings(pipeline)

    async def alone(self, person: int, since: datetime) -> Standing:
        """Where somebody stands whose first download has just come."""
        seats, turns = await self._seats(), await self._turns_of([person])
        turn, most = turns.get(person, _NEW)
        return Standing(person, seats.get(person, ()), turn, since, most=most)

    async def call(self, person: int, now: datetime) -> None:
        """It is this person's turn."""
        with translated():
            await self._turns.update_one({"_id": person}, {"$set": {"at": now}}, upsert=True)

    async def limit(self, person: int, most: int | None) -> None:
        """How many downloads of somebody may run; 0: as many as there are slots, None: as the settings
        say."""
        with translated():
            await self._turns.update_one({"_id": person}, {"$set": {"most": most}}, upsert=True)

    async def _standings(self, pipeline: list[Document]) -> list[Standing]:
        with translated():
            found = [document async for document in self._downloads.aggregate(pipeline, hint=LINE)]
        if not found:
            return []
        seats, turns = await self._seats(), await self._turns_of([one["_id"] for one in found])
        return [
            Standing(
                person=one["_id"],
                seats=seats.get(one["_id"], ()),
                turn=turns.get(one["_id"], _NEW).at,
                since=one["since"],
                waiting=one.get("waiting", 1),
                most=turns.get(one["_id"], _NEW).most,
            )
            for one in found
        ]

    async def _seats(self) -> dict[int, list[int | None]]:
        """The seats that are taken, by person."""
        seat = {"$ifNull": ["$seat", None]}
        pipeline = [
            {"$match": {"state": State.RUNNING.value}},
            {"$group": {"_id": f"${PERSON}", "seats": {"$push": seat}}},
        ]
        with translated():
            found = self._downloads.aggregate(pipeline)
            return {document["_id"]: document["seats"] async for document in found}

    async def _turns_of(self, people: list[int]) -> dict[int, _Turn]:
        with translated():
            found = self._turns.find({"_id": {"$in": people}})
            return {one["_id"]: _Turn(one.get("at", NEVER), one.get("most")) async for one in found}
