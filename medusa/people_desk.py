"""What owners and admins decide about people: who may use the bot, for how long, how much."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from medusa.audit import Audit
from medusa.commands import at_least
from medusa.errors import NotAllowed, WrongArgument
from medusa.model import Person
from medusa.people import People
from medusa.policy import PolicySource
from medusa.user import Grant, Role, Sought, User, UserPage

PAGE = 8
"""People on one page."""
MOST_JUDGES = 20
"""Admins who are told that somebody asks for access."""
ASK_AGAIN = timedelta(hours=12)
"""Until somebody who was not let in may ask once more."""


class DecisionStore(Protocol):
    """The records of people. Each method raises StoreUnavailable when the database is down."""

    async def find_user(self, person_id: int) -> User | None:
        """What is known of somebody."""
        ...

    async def find_by_username(self, username: str) -> User | None:
        """Whoever had this name when they last wrote."""
        ...

    async def decide(self, person: Person, **changes: object) -> User:
        """Change what was decided about somebody, who may be new: `grant`, `allowance`."""
        ...

    async def ask(self, person_id: int, now: datetime, earlier: datetime) -> bool:
        """Note that somebody asks for access; False when they did so after `earlier`."""
        ...

    async def page(self, sought: Sought, skip: int, most: int) -> list[User]:
        """Some of those who are sought; who wrote last comes first."""
        ...


class ChatStore(Protocol):
    """The groups in which everybody may send links. Raises StoreUnavailable when the database is down."""

    async def all(self) -> dict[int, str]:
        """Their ids and titles."""
        ...

    async def open(self, chat_id: int, title: str, by: int) -> None:
        """Let everybody in there send links."""
        ...

    async def close(self, chat_id: int) -> bool:
        """No more; False when it was none."""
        ...


class PeopleDesk:
    """Decides about people on behalf of those who may."""

    def __init__(
        self, people: People, store: DecisionStore, chats: ChatStore, policies: PolicySource, audit: Audit
    ) -> None:
        self._people = people
        self._store = store
        self._chats = chats
        self._policies = policies
        self._audit = audit

    async def find(self, who: int | str) -> User | None:
        """Somebody by their id, or by the username that they had last. Raises StoreUnavailable."""
        found = await (
            self._store.find_by_username(who) if isinstance(who, str) else self._store.find_user(who)
        )
        return await self._people.judged(found) if found else None

    async def page(self, sought: Sought, number: int) -> UserPage:
        """A page of those who are sought."""
        found = await self._store.page(sought, number * PAGE, PAGE + 1)
        users = tuple([await self._people.judged(user) for user in found[:PAGE]])
        return UserPage(sought, number, users, len(found) > PAGE)

    async def grant(self, by: Person, person: Person, role: Role, seconds: int = 0) -> User:
        """Give somebody a role, for so many seconds or (0) for good. GUEST takes away what they had, also by
        the settings.

        Raises NotAllowed when `by` may not decide that, StoreUnavailable.
        """
        before = await self._may_decide(by, person, role)
        now = datetime.now(UTC)
        until = now + timedelta(seconds=seconds) if seconds else None
        grant = Grant(role=role, until=until, by=by.id, since=now)
        after = await self._people.judged(await self._store.decide(person, grant=grant))
        await self._audit.note(
            by, "role", f"{person.name} ({person.id})", before=before.role, after=_shown(grant)
        )
        return after

    async def decline(self, by: Person, person: Person) -> None:
        """Somebody who asks for access does not get it. Raises NotAllowed, StoreUnavailable."""
        await self._may_decide(by, person, Role.GUEST)
        await self._store.decide(person)
        await self._audit.note(by, "request", f"{person.name} ({person.id})", after="declined")

    async def allow(self, by: Person, person: Person, **changes: int | None) -> User:
        """Change how much somebody may have; None: as everybody. Raises NotAllowed, StoreUnavailable."""
        before = await self._may_decide(by, person, Role.GUEST)
        allowance = before.allowance.evolve(**changes)
        after = await self._people.judged(await self._store.decide(person, allowance=allowance))
        for name in changes:
            was, now = getattr(before.allowance, name), getattr(allowance, name)
            subject = f"{name} of {person.name} ({person.id})"
            await self._audit.note(by, "limit", subject, before=str(was), after=str(now))
        return after

    async def judges(self) -> list[int]:
        """Who decides about people: the owner and the admins."""
        admins = await self._store.page(Sought(role=Role.ADMIN), 0, MOST_JUDGES)
        judged = [await self._people.judged(user) for user in admins]
        owner = [self._people.owner] if self._people.owner is not None else []
        return [*owner, *(user.person.id for user in judged if user.role is Role.ADMIN)]

    async def ask(self, person: Person) -> bool:
        """Somebody asks for access; False when they did so not long ago. Raises NotAllowed where there is
        nothing to ask for, StoreUnavailable."""
        user = await self._people.meet(person)
        if user.role is not Role.GUEST or not (await self._policies.current()).requests:
            raise NotAllowed
        now = datetime.now(UTC)
        return await self._store.ask(person.id, now, now - ASK_AGAIN)

    async def chats(self) -> dict[int, str]:
        """The groups in which everybody may send links: ids and titles."""
        return await self._chats.all()

    async def open_chat(self, by: Person, chat_id: int, title: str) -> None:
        """Let everybody in a group send links."""
        await self._chats.open(chat_id, title, by.id)
        await self._audit.note(by, "group", f"{title} ({chat_id})", after="open")

    async def close_chat(self, by: Person, chat_id: int) -> None:
        """Only those who may anyway. Raises WrongArgument when it was none of those groups."""
        if not await self._chats.close(chat_id):
            raise WrongArgument("This is not one of the open groups. /auth_chats shows them.")
        await self._audit.note(by, "group", str(chat_id), before="open", after="closed")

    async def _may_decide(self, by: Person, person: Person, role: Role) -> User:
        """Who somebody is now, if `by` may give them this role: it is below their own, and so is that person.

        Raises NotAllowed.
        """
        judge = await self._people.meet(by)
        known = await self._store.find_user(person.id)
        user = await self._people.judged(known or User(person=person))
        if not at_least(judge.role, Role.ADMIN):
            raise NotAllowed
        if person.id == by.id:
            raise NotAllowed("You cannot decide that about yourself.")
        if at_least(user.role, judge.role) or at_least(role, judge.role):
            raise NotAllowed("Only the owner of this bot decides about admins.")
        return user


def _shown(grant: Grant) -> str:
    return f"{grant.role} until {grant.until:%Y-%m-%d %H:%M} UTC" if grant.until else str(grant.role)
