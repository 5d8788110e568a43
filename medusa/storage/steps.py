"""The steps from one version of the database to the next.

A step changes documents of the old shape only, so that it may be begun again; in portions, so that no request
takes longer than an answer may take. It never changes once it was released: what comes later is another step.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from medusa.storage.documents import Document
from medusa.storage.errors import translated

Step = Callable[[Any], Awaitable[None]]
"""Takes the driver's database."""

AT_ONCE = 5000
"""Documents that are looked at with one request."""


async def one_shape(database: Any) -> None:
    """To version 1. What had several shapes gets the one of today: what people have set, the messages of a
    download and their copies, and when a download was over."""
    await in_portions(database["users"], _EARLIER_PREFERENCES, _GATHERED)
    await in_portions(database["downloads"], _ONE_MESSAGE, _LISTED)
    await in_portions(database["downloads"], _ONE_COPY, _NUMBERED)
    await in_portions(database["downloads"], _WITHOUT_END, [{"$set": {"finished": "$updated"}}])


STEPS: tuple[Step, ...] = (one_shape,)

# In the days when there were two settings, each was a field of its own.
_EARLIER_PREFERENCES: Document = {
    "$or": [{"default_wish": {"$exists": True}}, {"archive": {"$exists": True}}]
}
_GATHERED: list[Document] = [
    {
        "$set": {
            "preferences": {
                "$mergeObjects": [
                    {"wish": "$default_wish", "archive": {"$ifNull": ["$archive", True]}},
                    {"$ifNull": ["$preferences", {}]},
                ]
            }
        }
    },
    {"$unset": ["default_wish", "archive"]},
]

# In the days when a download was one message, it was no list, and its copies had no number.
_ONE_MESSAGE: Document = {"sent": {"$exists": True, "$not": {"$type": "array"}}}
_LISTED: list[Document] = [
    {"$set": {"sent": {"$cond": [{"$eq": [{"$type": "$sent"}, "object"]}, ["$sent"], []]}}}
]
_ONE_COPY: Document = {"log_copies": {"$elemMatch": {"number": None}}}
_NUMBERED: list[Document] = [
    {
        "$set": {
            "log_copies": {
                "$map": {
                    "input": "$log_copies",
                    "in": {"$mergeObjects": ["$$this", {"number": {"$ifNull": ["$$this.number", 1]}}]},
                }
            }
        }
    }
]

# Before it was noted when a download was over, it was not changed afterwards.
_WITHOUT_END: Document = {"finished": None, "state": {"$in": ["done", "failed", "cancelled"]}}


async def in_portions(collection: Any, old: Document, update: list[Document], at_once: int = AT_ONCE) -> int:
    """Update the documents of a collection that are `old`, in the order of their ids; how many."""
    changed, after = 0, Document()
    while True:
        with translated():
            cursor = collection.find(after, {"_id": 1}).sort("_id").hint("_id_").limit(at_once)
            found = [one["_id"] for one in await cursor.to_list(at_once)]
            if not found:
                return changed
            some = {"_id": {"$gte": found[0], "$lte": found[-1]}}
            result = await collection.update_many({"$and": [some, old]}, update)
        changed += int(result.modified_count)
        after = {"_id": {"$gt": found[-1]}}
