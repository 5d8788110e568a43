"""The people who have written to the bot."""

from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument

from medusa.model import Person, Role, User, Wish
from medusa.storage.documents import fields_of, plain
from medusa.storage.errors import translated

INDEXES = [IndexModel([("role", ASCENDING)], name="role")]


class Users:
    """people.py's UserStore."""

    def __init__(self, database: Any) -> None:
        self._users = database["users"]

    async def see_user(self, person: Person) -> User:
        """Remember somebody as they are now; what is known of them."""
        with translated():
            document = await self._users.find_one_and_update(
                {"_id": person.id},
                {
                    "$set": {"person": plain(person), "seen": datetime.now(UTC)},
                    "$setOnInsert": {"role": Role.GUEST.value, "default_wish": None, "archive": True},
                },
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        return User(
            person=person,
            role=document["role"],
            default_wish=document["default_wish"],
            archive=document.get("archive", True),
        )

    async def set_default_wish(self, person_id: int, wish: Wish | None) -> None:
        """What this person wants when they are not asked."""
        with translated():
            await self._users.update_one({"_id": person_id}, {"$set": fields_of({"default_wish": wish})})

    async def set_archive(self, person_id: int, wanted: bool) -> None:
        """Whether files may come from the archive."""
        with translated():
            await self._users.update_one({"_id": person_id}, {"$set": {"archive": wanted}})
