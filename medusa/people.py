"""Who somebody is to the bot, and what they prefer."""

from typing import Protocol

from medusa.errors import StoreUnavailable
from medusa.model import Person
from medusa.user import Role, User


class UserStore(Protocol):
    """The records of all users. Each method raises StoreUnavailable when the database is down."""

    async def see_user(self, person: Person) -> User:
        """Remember somebody as they are now; what is known of them."""
        ...

    async def find_user(self, person_id: int) -> User | None:
        """What is known of somebody."""
        ...

    async def prefer(self, person_id: int, **changes: object) -> None:
        """Change fields of what this person has set; with a dot inside of one, like `shape.prefix`."""
        ...


class People:
    """Combines what the database knows of a person with what the settings say."""

    def __init__(
        self, store: UserStore, *, owner: int | None, auth_users: frozenset[int], public: bool
    ) -> None:
        self._store = store
        self._owner = owner
        self._auth_users = auth_users
        self._public = public

    async def meet(self, person: Person) -> User:
        """The user behind a message; remembered from the first one on."""
        user = await self._store.see_user(person)
        return user.evolve(role=self._role(user))

    async def known(self, person_id: int) -> User | None:
        """Somebody who has written before. Raises StoreUnavailable."""
        user = await self._store.find_user(person_id)
        return user and user.evolve(role=self._role(user))

    async def role(self, person: Person) -> Role:
        """What this person may do; while the database is down, what the settings say."""
        try:
            return (await self.meet(person)).role
        except StoreUnavailable:
            return self._role(User(person=person))

    async def prefer(self, person_id: int, **changes: object) -> None:
        """Change fields of what this person has set: of their Preferences, or with a dot inside of one, like
        `shape.prefix`."""
        await self._store.prefer(person_id, **changes)

    def _role(self, user: User) -> Role:
        if user.person.id == self._owner:
            return Role.OWNER
        if self._public or user.person.id in self._auth_users:
            return Role.USER
        return user.role
