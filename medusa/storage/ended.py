"""How downloads that are over are counted: the steps of the pipelines, and what comes out of them. No I/O."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from medusa.figures import MOST_SHARES, Counts, Day, Share, Slot, begin, shares
from medusa.histogram import PER_DOUBLING, Histogram
from medusa.model import State
from medusa.storage.documents import Document
from medusa.storage.items import BATCH
from medusa.storage.line import PERSON

DONE, FAILED, CANCELLED = State.DONE.value, State.FAILED.value, State.CANCELLED.value
COUNTED = [DONE, FAILED, CANCELLED]
"""The states in which a download is over and counts; a playlist is offered by itself."""

_HOST = {
    "$regexFind": {"input": "$request.url", "regex": r"^[a-z]+://(?:[^/?#]*@)?([^/:?#]+)", "options": "i"}
}
_BYTES = {"$sum": "$sent.size"}
_SOURCE = {
    # Of what failed early, only the link is known.
    "$ifNull": [
        "$source",
        {"$toLower": {"$ifNull": [{"$first": {"$getField": {"field": "captures", "input": _HOST}}}, "?"]}},
    ]
}


def _is(state: str) -> Document:
    return {"$eq": ["$state", state]}


def _class(value: object, counts: Document) -> Document:
    """The class of a histogram that a positive value belongs to; null where it does not count."""
    logarithm = {"$log": [{"$max": [value, 1]}, 2]}
    return {"$cond": [counts, {"$toInt": {"$floor": {"$multiply": [PER_DOUBLING, logarithm]}}}, None]}


_FETCHED = {"$and": [_is(DONE), {"$ne": ["$archived", True]}, {"$gt": ["$seconds", 0]}, {"$gt": [_BYTES, 0]}]}
_SINGLE = {"$and": [{"$gt": ["$started", None]}, {"$not": [{"$gt": [f"${BATCH}", None]}]}]}

FIELDS: Document = {
    "state": 1,
    "person": f"${PERSON}",
    "hour": {"$hour": "$finished"},
    "bytes": _BYTES,
    "archived": {"$and": [_is(DONE), {"$eq": ["$archived", True]}]},
    "source": _SOURCE,
    "kind": "$plan.kind",
    "reason": {"$ifNull": ["$reason", "$error"]},
    "speed": _class({"$divide": [_BYTES, {"$max": ["$seconds", 0.001]}]}, _FETCHED),
    "wait": _class({"$subtract": ["$started", "$created"]}, _SINGLE),
}
"""What counts of a download."""


def _one(state: str) -> Document:
    return {"$sum": {"$cond": [_is(state), 1, 0]}}


SUMS: Document = {
    "done": _one(DONE),
    "failed": _one(FAILED),
    "cancelled": _one(CANCELLED),
    "bytes": {"$sum": "$bytes"},
}


def _by(name: str, match: Document | None = None) -> list[Document]:
    return [*([{"$match": match}] if match else []), {"$group": {"_id": f"${name}", **SUMS}}]


def _classes(name: str) -> list[Document]:
    return [
        {"$match": {name: {"$ne": None}}},
        {"$group": {"_id": f"${name}", "count": {"$sum": 1}}},
        {"$sort": {"_id": 1}},
    ]


FACETS: Document = {
    "total": [{"$group": {"_id": None, **SUMS, "archived": {"$sum": {"$cond": ["$archived", 1, 0]}}}}],
    "people": [{"$group": {"_id": "$person"}}, {"$sort": {"_id": 1}}],
    "hours": _by("hour"),
    "visits": [
        {"$group": {"_id": {"hour": "$hour", "person": "$person"}}},
        {"$group": {"_id": "$_id.hour", "users": {"$sum": 1}}},
    ],
    "sources": _by("source"),
    "kinds": _by("kind", {"state": DONE, "kind": {"$ne": None}}),
    "failures": _by("reason", {"state": FAILED}),
    "speeds": _classes("speed"),
    "waits": _classes("wait"),
}
"""What is counted of a day."""


def day_of(day: date, made: datetime, complete: bool, found: Document) -> Day:
    """The day that the facets have found."""
    visits = {one["_id"]: one["users"] for one in found["visits"]}
    total = found["total"][0] if found["total"] else {}
    return Day(
        day=day,
        made=made,
        complete=complete,
        **_counts(total),
        archived=total.get("archived", 0),
        users=len(found["people"]),
        hours=tuple(
            Slot(at=begin(day) + timedelta(hours=one["_id"]), users=visits[one["_id"]], **_counts(one))
            for one in sorted(found["hours"], key=lambda one: one["_id"])
        ),
        sources=shares(_shares(found["sources"]), MOST_SHARES),
        kinds=shares(_shares(found["kinds"])),
        failures=shares(_shares(found["failures"]), MOST_SHARES),
        speeds=_histogram(found["speeds"]),
        waits=_histogram(found["waits"]),
    )


def own_sums(week: datetime, month: datetime) -> Document:
    """The sums of one person's downloads: since each of these moments, and all."""
    sums = dict(SUMS)
    for name, since in (("week", week), ("month", month)):
        recent = {"$gte": ["$finished", since]}
        for state in COUNTED:
            sums[f"{name}_{state}"] = {"$sum": {"$cond": [{"$and": [_is(state), recent]}, 1, 0]}}
        sums[f"{name}_bytes"] = {"$sum": {"$cond": [recent, "$bytes", 0]}}
    return sums


def share_of(found: Document, prefix: str = "") -> Share:
    """What was counted under a name; of all, or since the moment of that prefix."""
    return Share(name=_name(found["_id"]), **_counts(found, prefix))


def _shares(found: Iterable[Document]) -> Iterable[Share]:
    return (share_of(one) for one in found)


def _name(name: Any) -> str:
    return str(name) if name else "?"


def _counts(found: Document, prefix: str = "") -> Document:
    return {name: found.get(f"{prefix}{name}", 0) for name in Counts.model_fields}


def _histogram(found: Iterable[Document]) -> Histogram:
    return Histogram(classes=tuple((one["_id"], one["count"]) for one in found))
