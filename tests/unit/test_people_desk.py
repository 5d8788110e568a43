"""What owners and admins decide about people, and what they may not decide."""

from datetime import UTC, datetime, timedelta

import pytest

from medusa.allowance import Allowance
from medusa.audit import Audit, Deed
from medusa.errors import ChatUnavailable, NotAllowed, WrongArgument
from medusa.model import Person
from medusa.people_desk import PAGE, PeopleDesk
from medusa.policy import Policy
from medusa.user import Role, Sought, User
from tests.unit.household import FixedPolicies, people_of

OWNER, ADMIN, USER, GUEST, OTHER = (
    Person(id=number, name=name) for number, name in enumerate(("Olga", "Adam", "Uma", "Gus", "Oda"), 1)
)


class Memory:
    """Users, groups and deeds."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.asked: dict[int, datetime] = {}
        self.groups: dict[int, str] = {}
        self.deeds: list[Deed] = []
        self.told: list[Deed] = []

    async def see_user(self, person: Person) -> User:
        return await self.decide(person)

    async def find_user(self, person_id: int) -> User | None:
        return self.users.get(person_id)

    async def find_by_username(self, username: str) -> User | None:
        return next((user for user in self.users.values() if user.person.username == username), None)

    async def prefer(self, person_id: int, **changes: object) -> None:
        raise NotImplementedError

    async def decide(self, person: Person, **changes: object) -> User:
        user = self.users.get(person.id, User(person=person)).evolve(**changes)
        self.users[person.id] = user
        return user

    async def ask(self, person_id: int, now: datetime, earlier: datetime) -> bool:
        if self.asked.get(person_id, earlier) > earlier:
            return False
        self.asked[person_id] = now
        return True

    async def page(self, sought: Sought, skip: int, most: int) -> list[User]:
        found = [
            user
            for user in self.users.values()
            if sought.role is None or (user.grant is not None and user.grant.role is sought.role)
        ]
        return found[skip : skip + most]

    async def all(self) -> dict[int, str]:
        return self.groups

    async def open(self, chat_id: int, title: str, by: int) -> None:
        self.groups[chat_id] = title

    async def close(self, chat_id: int) -> bool:
        return self.groups.pop(chat_id, None) is not None

    async def add(self, deed: Deed) -> None:
        self.deeds.append(deed)

    async def latest(self, skip: int, most: int) -> list[Deed]:
        return self.deeds[::-1][skip : skip + most]

    async def last_of(self, what: str) -> dict[str, Deed]:
        return {deed.subject: deed for deed in self.deeds if deed.what == what}

    async def tell(self, deed: Deed) -> None:
        self.told.append(deed)
        raise ChatUnavailable


class Scene:
    def __init__(self, *, requests: bool = True) -> None:
        self.memory = Memory()
        policies = FixedPolicies(Policy(requests=requests))
        people = people_of(self.memory, owner=OWNER.id)
        audit = Audit(self.memory, self.memory.tell)
        self.desk = PeopleDesk(people, self.memory, self.memory, policies, audit)

    async def staffed(self) -> "Scene":
        """With an admin and a user."""
        await self.desk.grant(OWNER, ADMIN, Role.ADMIN)
        await self.desk.grant(ADMIN, USER, Role.USER)
        return self


@pytest.mark.parametrize("by", [OWNER, ADMIN])
@pytest.mark.parametrize("role", [Role.USER, Role.GUEST, Role.BANNED])
async def test_those_who_look_after_the_bot_decide_who_uses_it(by: Person, role: Role) -> None:
    s = await Scene().staffed()
    assert (await s.desk.grant(by, GUEST, role)).role is role
    found = await s.desk.find(GUEST.id)
    assert found is not None
    assert found.grant is not None
    assert (found.role, found.grant.by, found.grant.until) == (role, by.id, None)


async def test_a_role_may_be_for_a_time() -> None:
    s = Scene()
    before = datetime.now(UTC)
    user = await s.desk.grant(OWNER, GUEST, Role.USER, 3600)
    assert user.grant is not None
    assert user.grant.until is not None
    assert before <= user.grant.until - timedelta(hours=1) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("by", "about", "role"),
    [
        (ADMIN, GUEST, Role.ADMIN),
        (ADMIN, GUEST, Role.OWNER),
        (ADMIN, OTHER, Role.BANNED),
        (ADMIN, OWNER, Role.BANNED),
        (OWNER, GUEST, Role.OWNER),
        (OWNER, OWNER, Role.USER),
        (ADMIN, ADMIN, Role.USER),
        (USER, GUEST, Role.USER),
        (GUEST, GUEST, Role.USER),
        (GUEST, OTHER, Role.BANNED),
    ],
)
async def test_nobody_decides_about_their_equals_or_gives_what_they_do_not_have(
    by: Person, about: Person, role: Role
) -> None:
    s = await Scene().staffed()
    await s.desk.grant(OWNER, OTHER, Role.ADMIN)
    deeds = len(s.memory.deeds)
    with pytest.raises(NotAllowed):
        await s.desk.grant(by, about, role)
    assert len(s.memory.deeds) == deeds


@pytest.mark.parametrize(("by", "about"), [(ADMIN, OWNER), (ADMIN, ADMIN), (USER, GUEST), (GUEST, GUEST)])
async def test_nobody_gives_their_equals_or_themselves_more(by: Person, about: Person) -> None:
    s = await Scene().staffed()
    with pytest.raises(NotAllowed):
        await s.desk.allow(by, about, links_per_day=0)
    assert about.id not in s.memory.users or s.memory.users[about.id].allowance == Allowance()


async def test_everything_is_noted_although_nobody_can_be_told() -> None:
    s = await Scene().staffed()
    await s.desk.allow(ADMIN, USER, links_per_day=5)
    await s.desk.open_chat(ADMIN, -5, "Films")
    await s.desk.close_chat(ADMIN, -5)
    assert [(deed.what, deed.subject, deed.before, deed.after) for deed in s.memory.deeds] == [
        ("role", "Adam (2)", "guest", "admin"),
        ("role", "Uma (3)", "guest", "user"),
        ("limit", "links_per_day of Uma (3)", "None", "5"),
        ("group", "Films (-5)", "", "open"),
        ("group", "-5", "open", "closed"),
    ]
    assert s.memory.told == s.memory.deeds
    with pytest.raises(WrongArgument):
        await s.desk.close_chat(ADMIN, -5)


async def test_a_guest_asks_once_and_those_who_decide_are_told() -> None:
    s = await Scene().staffed()
    assert await s.desk.ask(GUEST)
    assert not await s.desk.ask(GUEST)
    assert await s.desk.judges() == [OWNER.id, ADMIN.id]
    for person in (OWNER, ADMIN, USER):
        with pytest.raises(NotAllowed):
            await s.desk.ask(person)
    with pytest.raises(NotAllowed):
        await Scene(requests=False).desk.ask(GUEST)


async def test_people_come_in_pages() -> None:
    s = Scene()
    for number in range(10, 10 + PAGE + 1):
        await s.memory.decide(Person(id=number, name="P"))
    first = await s.desk.page(Sought(), 0)
    assert (len(first.users), first.has_more) == (PAGE, True)
    last = await s.desk.page(Sought(), 1)
    assert (len(last.users), last.has_more, last.number) == (1, False, 1)
