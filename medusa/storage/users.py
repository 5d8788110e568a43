"""The people who have written to the bot, or whom somebody has let in."""

import re
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument

from medusa.allowance import Allowance
from medusa.model import Person
from medusa.storage.documents import Document, fields_of, plain
from medusa.storage.errors import translated
from medusa.user import Grant, Sought, User
from medusa.wishes import Preferences

_GRANTED = "grant.role"
_LATEST = [("seen", DESCENDING), ("_id", DESCENDING)]
INDEXES = [
    IndexModel(_LATEST, name="latest"),
    IndexModel(
        [(_GRANTED, ASCENDING), *_LATEST],
        name="granted_latest",
        partialFilterExpression={_GRANTED: {"$gt": ""}},
    ),
    IndexModel([("asked", DESCENDING)], name="asked", partialFilterExpression={"asked": {"$type": "date"}}),
    IndexModel([("words", ASCENDING)], name="words"),
]

LONGEST_WORD, MOST_WORDS = 64, 20


class Users:
    """people.py's and people_desk.py's UserStore."""

    def __init__(self, database: Any) -> None:
        self._users = database["users"]

    async def see_user(self, person: Person) -> User:
        """Remember somebody as they are now; what is known of them."""
        return await self._update(person, {"seen": datetime.now(UTC), "unreachable": False})

    async def find_user(self, person_id: int) -> User | None:
        """What is known of somebody."""
        return await self._find({"_id": person_id})

    async def find_by_username(self, username: str) -> User | None:
        """Whoever had this name when they last wrote."""
        return await self._find(
            {"words": username.lower(), "person.username": _beginning(username, whole=True)}
        )

    async def prefer(self, person_id: int, **changes: object) -> None:
        """Change fields of what this person has set; with a dot inside of one, like `shape.prefix`."""
        fields = {f"preferences.{name}": value for name, value in fields_of(changes).items()}
        with translated():
            await self._users.update_one({"_id": person_id}, {"$set": fields})

    async def decide(self, person: Person, **changes: object) -> User:
        """Change what was decided about somebody, who may be new: `grant`, `allowance`; what is known then.
        With that, what they have asked for is settled."""
        return await self._update(person, {**fields_of(changes), "asked": None}, is_seen=False)

    async def ask(self, person_id: int, now: datetime, earlier: datetime) -> bool:
        """Note that somebody asks for access; False when they did so after `earlier`."""
        query = {"_id": person_id, "$or": [{"last_asked": None}, {"last_asked": {"$lt": earlier}}]}
        with translated():
            result = await self._users.update_one(query, {"$set": {"asked": now, "last_asked": now}})
        return bool(result.modified_count)

    async def page(self, sought: Sought, skip: int, most: int) -> list[User]:
        """Some of those who are sought; who wrote last comes first."""
        with translated():
            cursor = self._users.find(_query(sought)).sort(_LATEST)
            documents = await cursor.skip(skip).limit(most).to_list(most)
        return [_user(document) for document in documents]

    async def _find(self, query: Document) -> User | None:
        with translated():
            document = await self._users.find_one(query)
        return _user(document) if document else None

    async def _update(self, person: Person, changes: Document, *, is_seen: bool = True) -> User:
        about = {"person": plain(person), "words": words_of(person)}
        # Of somebody who is only spoken of, less may be known than they have shown themselves.
        update = {"$set": {**about, **changes}} if is_seen else {"$set": changes, "$setOnInsert": about}
        with translated():
            document = await self._users.find_one_and_update(
                {"_id": person.id}, update, upsert=True, return_document=ReturnDocument.AFTER
            )
        return _user(document)


def words_of(person: Person) -> list[str]:
    """What somebody is found by: the words of their name, and their username."""
    found = re.findall(r"\w+", person.name.lower())
    return [word[:LONGEST_WORD] for word in [*found, (person.username or "").lower()] if word][:MOST_WORDS]


def _beginning(text: str, *, whole: bool = False) -> Document:
    return {"$regex": f"^{re.escape(text)}{'$' if whole else ''}", **({"$options": "i"} if whole else {})}


def _query(sought: Sought) -> Document:
    query: Document = {}
    if sought.role is not None:
        query[_GRANTED] = sought.role.value
    if sought.asking:
        query["asked"] = {"$type": "date"}
    if sought.text.isdecimal() and len(sought.text) < 19:
        query["_id"] = int(sought.text)
    elif words := re.findall(r"\w+", sought.text.lower()):
        query["$and"] = [{"words": _beginning(word[:LONGEST_WORD])} for word in words[:MOST_WORDS]]
    return query


def _user(document: Document) -> User:
    grant = document.get("grant")
    return User(
        person=Person.model_validate(document["person"]),
        grant=Grant.model_validate(grant) if grant else None,
        allowance=Allowance.model_validate(document.get("allowance") or {}),
        preferences=Preferences.model_validate(document.get("preferences") or {}),
        seen=document.get("seen"),
        unreachable=document.get("unreachable", False),
    )
