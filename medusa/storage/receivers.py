"""The people who get a broadcast, in the order of their Telegram ids."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from medusa.broadcast import Audience, Whom
from medusa.storage.documents import Document
from medusa.storage.errors import translated
from medusa.user import Role

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_ACCESS = [Role.OWNER.value, Role.ADMIN.value, Role.USER.value]


class Receivers:
    """jobs/broadcasts.py's and jobs/broadcaster.py's ReceiverStore."""

    def __init__(self, database: Any) -> None:
        self._users = database["users"]

    async def count(self, whom: Whom) -> int:
        """How many there are."""
        with translated():
            number: int = await self._users.count_documents(query(whom))
        return number

    async def some(self, whom: Whom, after: int, most: int) -> list[int]:
        """The ids of the next ones."""
        wanted = {**query(whom), "_id": {"$gt": after, "$ne": whom.besides}}
        with translated():
            cursor = self._users.find(wanted, {"_id": 1}).sort("_id").hint("_id_").limit(most)
            return [document["_id"] for document in await cursor.to_list(most)]

    async def mark_unreachable(self, people: Sequence[int], at: datetime) -> None:
        """These cannot be written to; not those who have written after `at`."""
        with translated():
            await self._users.update_many(
                {"_id": {"$in": [*people]}, "seen": {"$lte": at}}, {"$set": {"unreachable": True}}
            )


def query(whom: Whom) -> Document:
    """Who gets it, as the database finds them."""
    since = whom.since if whom.audience is Audience.ACTIVE else _EVER
    every: list[Document] = [{"$nor": [_granted([Role.BANNED.value], whom.at)]}]
    if whom.audience is Audience.ACCESS:
        every.append({"$or": [{"_id": {"$in": [*whom.named]}}, _granted(_ACCESS, whom.at)]})
    return {
        "_id": {"$ne": whom.besides},
        "seen": {"$gt": since},
        "unreachable": {"$ne": True},
        "$and": every,
    }


def _granted(roles: list[str], at: datetime) -> Document:
    """Who has one of these roles by a grant that counts then."""
    return {
        "grant.role": {"$in": roles},
        "$or": [{"grant.until": None}, {"grant.until": {"$gt": at}}],
    }
