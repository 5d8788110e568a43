"""What people have used up of what they may have: one document for each person and kind of thing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument

from medusa.allowance import DAY, Use, Window
from medusa.storage.documents import Document
from medusa.storage.errors import translated

_KEPT = timedelta(days=2)
INDEXES = [IndexModel([("updated", ASCENDING)], name="expiry", expireAfterSeconds=int(_KEPT.total_seconds()))]


class Usage:
    """jobs/admission.py's UsageStore.

    Entries are {key, at, n}. Looking and taking are one step, so that several processes cannot give the same
    thing twice.
    """

    def __init__(self, database: Any) -> None:
        self._usage = database["usage"]

    async def take(
        self, person_id: int, kind: str, key: str, amount: int, windows: Sequence[Window], now: datetime
    ) -> tuple[bool, list[Use]]:
        """Take so much under this key, if all windows have room or it was taken before; whether it is taken,
        and all that is."""
        recent = _recent(now)
        entry = {"key": key, "at": now, "n": amount}
        fits = [{"$lte": [{"$add": [_used(window, now), amount]}, window.most]} for window in windows]
        may = {"$and": [{"$not": [{"$in": [key, "$entries.key"]}]}, *fits]}
        taken = {"$cond": [may, {"$concatArrays": ["$entries", [entry]]}, "$entries"]}
        pipeline: list[Document] = [
            {"$set": {"entries": recent, "updated": now}},
            {"$set": {"entries": taken}},
        ]
        document = await self._change(person_id, kind, pipeline)
        entries = document["entries"]
        return any(one["key"] == key for one in entries), _uses(entries)

    async def settle(self, person_id: int, kind: str, key: str, amount: int, now: datetime) -> None:
        """What was taken under this key has turned out to be so much.

        From now on it is one with what else was settled in this minute, so that entries are never many.
        """
        minute = now.replace(second=0, microsecond=0)
        name = f"minute {minute:%Y%m%d%H%M}"
        before = {"$sum": {"$map": {"input": _only(name), "in": "$$this.n"}}}
        others = {"$filter": {"input": "$entries", "cond": {"$not": [{"$in": ["$$this.key", [key, name]]}]}}}
        whole = [{"key": name, "at": minute, "n": {"$add": [before, amount]}}]
        pipeline: list[Document] = [
            {"$set": {"entries": _recent(now), "updated": now}},
            {"$set": {"entries": {"$concatArrays": [others, whole]}}},
        ]
        await self._change(person_id, kind, pipeline)

    async def uses(self, person_id: int, kind: str) -> list[Use]:
        """What was taken in the last day, and perhaps some of what was before."""
        with translated():
            found = await self._usage.find_one({"_id": _id(person_id, kind)})
        return _uses(found["entries"]) if found else []

    async def _change(self, person_id: int, kind: str, pipeline: list[Document]) -> Document:
        with translated():
            document: Document = await self._usage.find_one_and_update(
                {"_id": _id(person_id, kind)}, pipeline, upsert=True, return_document=ReturnDocument.AFTER
            )
        return document


def _id(person_id: int, kind: str) -> str:
    return f"{person_id}:{kind}"


def _recent(now: datetime) -> Document:
    kept = {"$ifNull": ["$entries", []]}
    return {"$filter": {"input": kept, "cond": {"$gt": ["$$this.at", now - DAY]}}}


def _only(key: str) -> Document:
    return {"$filter": {"input": "$entries", "cond": {"$eq": ["$$this.key", key]}}}


def _used(window: Window, now: datetime) -> Document:
    inside = {"$filter": {"input": "$entries", "cond": {"$gt": ["$$this.at", now - window.length]}}}
    return {"$sum": {"$map": {"input": inside, "in": "$$this.n"}}}


def _uses(entries: list[Document]) -> list[Use]:
    return [Use(one["at"], one["n"]) for one in entries]
