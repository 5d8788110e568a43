"""The channels into which people have their files brought."""

from typing import Any

from pymongo import ASCENDING, IndexModel

from medusa.channel import OwnChannel
from medusa.storage.documents import Document, plain
from medusa.storage.errors import translated
from medusa.wishes import Target

INDEXES = [
    IndexModel([("owner", ASCENDING)], name="owner"),
    IndexModel([("target.chat_id", ASCENDING)], name="chat"),
]


class Targets:
    """telegram/destinations.py's TargetStore."""

    def __init__(self, database: Any) -> None:
        self._targets = database["targets"]
        self._users = database["users"]

    async def add_target(self, channel: OwnChannel) -> None:
        """Keep a channel of its owner, in place of what was known of it."""
        with translated():
            await self._targets.replace_one(_key(channel.target, channel.owner), plain(channel), upsert=True)

    async def remove_targets(self, chat_id: int, owner: int | None) -> list[OwnChannel]:
        """Forget a chat with all its topics, of one owner or of everybody, also where they have set it; what
        was there."""
        wanted: Document = {"target.chat_id": chat_id} | ({} if owner is None else {"owner": owner})
        found = await self._find(wanted)
        with translated():
            await self._targets.delete_many({"_id": {"$in": [_id(one.target, one.owner) for one in found]}})
            await self._users.update_many(
                {"_id": {"$in": [one.owner for one in found]}, "preferences.target.chat_id": chat_id},
                {"$set": {"preferences.target": None}},
            )
        return found

    async def targets(self, owner: int | None) -> list[OwnChannel]:
        """The channels of one owner, or of everybody, in the order of their titles."""
        return await self._find({} if owner is None else {"owner": owner})

    async def target(self, target: Target, owner: int) -> OwnChannel | None:
        """What is known of a channel of this owner."""
        return next(iter(await self._find(_key(target, owner))), None)

    async def owner_of(self, chat_id: int) -> int | None:
        """Who has added this chat, of several one; None: nobody."""
        with translated():
            found = await self._targets.find_one({"target.chat_id": chat_id}, {"owner": 1}, sort=[("_id", 1)])
        return found["owner"] if found else None

    async def note_problem(self, target: Target, owner: int, problem: str | None) -> bool:
        """Why nothing can be posted there; None: it works. False when it was known, or there is no such."""
        wanted = {**_key(target, owner), "problem": {"$ne": None} if problem is None else None}
        with translated():
            result = await self._targets.update_one(wanted, {"$set": {"problem": problem}})
        return bool(result.modified_count)

    async def _find(self, wanted: Document) -> list[OwnChannel]:
        with translated():
            cursor = self._targets.find(wanted, {"_id": 0}).sort([("target.title", 1), ("_id", 1)])
            return [OwnChannel.model_validate(document) async for document in cursor]


def _id(target: Target, owner: int) -> str:
    return f"{target.chat_id}:{target.topic or 0}:{owner}"


def _key(target: Target, owner: int) -> Document:
    return {"_id": _id(target, owner)}
