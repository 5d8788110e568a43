"""The people who have written to the bot."""

from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument

from medusa.model import Person
from medusa.storage.documents import Document, fields_of, plain
from medusa.storage.errors import translated
from medusa.user import Role, User
from medusa.wishes import Preferences

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
                    "$setOnInsert": {"role": Role.GUEST.value},
                },
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        return User(person=person, role=document["role"], preferences=_preferences(document))

    async def find_user(self, person_id: int) -> User | None:
        """What is known of somebody."""
        with translated():
            document = await self._users.find_one({"_id": person_id})
        if document is None:
            return None
        person = Person.model_validate(document["person"])
        return User(person=person, role=document["role"], preferences=_preferences(document))

    async def prefer(self, person_id: int, **changes: object) -> None:
        """Change fields of what this person has set; with a dot inside of one, like `shape.prefix`."""
        fields = {f"preferences.{name}": value for name, value in fields_of(changes).items()}
        with translated():
            await self._users.update_one({"_id": person_id}, {"$set": fields})


def _preferences(document: Document) -> Preferences:
    """Also of the time when there were two of them."""
    earlier = {"wish": document.get("default_wish"), "archive": document.get("archive", True)}
    return Preferences.model_validate({**earlier, **document.get("preferences", {})})
