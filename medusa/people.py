"""Who somebody is to the bot, and what they prefer."""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import UTC, datetime
from typing import Protocol

from loguru import logger

from medusa.errors import Maintenance, StoreUnavailable
from medusa.model import Person
from medusa.policy import Policy, PolicySource, preferred
from medusa.user import Role, User
from medusa.wishes import Preferences

REMEMBERED = 256
"""Updates whose sender is looked up once."""


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


class OpenChats(Protocol):
    """The groups in which everybody may send links."""

    async def is_open(self, chat_id: int) -> bool:
        """Whether this is one. Raises StoreUnavailable."""
        ...


class People:
    """Combines what the database knows of a person with what the settings and the policy say."""

    def __init__(
        self,
        store: UserStore,
        policies: PolicySource,
        chats: OpenChats,
        *,
        owner: int | None,
        auth_users: frozenset[int],
    ) -> None:
        self._store = store
        self._policies = policies
        self._chats = chats
        self.owner = owner
        self._auth_users = auth_users
        self._looked_up: OrderedDict[Hashable, Role] = OrderedDict()

    async def meet(self, person: Person) -> User:
        """The user behind a message; remembered from the first one on."""
        return await self.judged(await self._store.see_user(person))

    async def asking(self, person: Person) -> User:
        """The same for somebody who asks for files: what they have not set is as the policy says."""
        user = await self.meet(person)
        return _with_defaults(user, await self._policies.current())

    async def usual(self) -> Preferences:
        """What counts for who has set nothing."""
        return preferred(Preferences(), await self._policies.current())

    async def served(self, user: User) -> User:
        """The same for somebody in whose name something is asked. Raises Maintenance."""
        policy = await self._policies.current()
        if policy.maintenance and user.role not in (Role.ADMIN, Role.OWNER):
            raise Maintenance
        return _with_defaults(user, policy)

    async def known(self, person_id: int) -> User | None:
        """Somebody who has written before. Raises StoreUnavailable."""
        user = await self._store.find_user(person_id)
        return user and await self.judged(user)

    async def role(self, person: Person, chat_id: int | None = None) -> Role:
        """What this person may do in that chat; while the database is down, what the settings say."""
        try:
            user = await self.meet(person)
            if user.role is Role.GUEST and chat_id is not None and await self._chats.is_open(chat_id):
                return Role.USER
            return user.role
        except StoreUnavailable as error:
            logger.info("only the settings say who {} is: {}", person.id, error.detail)
            return (await self.judged(User(person=person))).role

    async def is_open(self, chat_id: int) -> bool:
        """Whether everybody in this chat may send links. Raises StoreUnavailable."""
        return await self._chats.is_open(chat_id)

    async def role_of_sender(self, update: Hashable, person: Person, chat_id: int | None) -> Role:
        """The same for who sent an update, looked up once however many handlers ask."""
        if update not in self._looked_up:
            self._looked_up[update] = await self.role(person, chat_id)
            while len(self._looked_up) > REMEMBERED:
                self._looked_up.popitem(last=False)
        return self._looked_up[update]

    async def prefer(self, person_id: int, **changes: object) -> None:
        """Change fields of what this person has set: of their Preferences, or with a dot inside of one, like
        `shape.prefix`."""
        await self._store.prefer(person_id, **changes)

    async def judged(self, user: User) -> User:
        """Somebody with the role that they have now."""
        granted = self._granted(user)
        if granted is not Role.GUEST or not (await self._policies.current()).public:
            return user.evolve(role=granted)
        return user.evolve(role=Role.USER, is_stranger=True)

    def _granted(self, user: User) -> Role:
        """What somebody was given by name."""
        if user.person.id == self.owner:
            return Role.OWNER
        if user.grant is not None and (user.grant.until is None or user.grant.until > datetime.now(UTC)):
            return user.grant.role
        return Role.USER if user.person.id in self._auth_users else Role.GUEST


def _with_defaults(user: User, policy: Policy) -> User:
    return user.evolve(preferences=preferred(user.preferences, policy))
