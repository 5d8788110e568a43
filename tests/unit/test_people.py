"""Who somebody is: the settings decide, the database remembers."""

from datetime import UTC, datetime, timedelta

import pytest

from medusa.errors import Maintenance, StoreUnavailable
from medusa.model import Person
from medusa.people import People
from medusa.policy import Policy, preferred
from medusa.user import Grant, Role, User
from medusa.wishes import ASK, Look, Preferences, Wish
from tests.unit.household import people_of

OWNER, FRIEND, STRANGER = (
    Person(id=number, name=name) for number, name in enumerate(("Olga", "Fay", "Sam"), 1)
)
GROUP = -1001
NOW = datetime.now(UTC)


class Users:
    """A UserStore in memory."""

    def __init__(self) -> None:
        self.known: dict[int, User] = {}
        self.down = False

    async def see_user(self, person: Person) -> User:
        if self.down:
            raise StoreUnavailable
        self.known[person.id] = self.known.get(person.id, User(person=person)).evolve(person=person)
        return self.known[person.id]

    async def find_user(self, person_id: int) -> User | None:
        return self.known.get(person_id)

    async def prefer(self, person_id: int, **changes: object) -> None:
        if self.down:
            raise StoreUnavailable
        user = self.known[person_id]
        self.known[person_id] = user.evolve(preferences=user.preferences.evolve(**changes))


def people(users: Users, *, public: bool = False, owner: int | None = OWNER.id) -> People:
    return people_of(users, owner=owner, auth_users=(FRIEND.id,), public=public, chats=(GROUP,))


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize(
    ("person", "public", "role"),
    [
        (OWNER, False, Role.OWNER),
        (OWNER, True, Role.OWNER),
        (FRIEND, False, Role.USER),
        (STRANGER, False, Role.GUEST),
        (STRANGER, True, Role.USER),
    ],
)
async def test_the_settings_say_who_may_do_what_even_without_a_database(
    person: Person, public: bool, role: Role, down: bool
) -> None:
    users = Users()
    users.down = down
    assert await people(users, public=public).role(person) is role


async def test_without_an_owner_nobody_is_one() -> None:
    assert await people(Users(), owner=None).role(OWNER) is Role.GUEST


def grant(role: Role, until: datetime | None = None) -> Grant:
    return Grant(role=role, until=until, by=OWNER.id, since=NOW)


@pytest.mark.parametrize(
    ("person", "given", "public", "role"),
    [
        (STRANGER, grant(Role.USER), False, Role.USER),
        (STRANGER, grant(Role.ADMIN, NOW + timedelta(hours=1)), False, Role.ADMIN),
        (STRANGER, grant(Role.ADMIN, NOW - timedelta(seconds=1)), False, Role.GUEST),
        (STRANGER, grant(Role.USER, NOW - timedelta(seconds=1)), True, Role.USER),
        (STRANGER, grant(Role.BANNED), True, Role.BANNED),
        (STRANGER, grant(Role.BANNED, NOW - timedelta(seconds=1)), False, Role.GUEST),
        (FRIEND, grant(Role.GUEST), False, Role.GUEST),
        (FRIEND, grant(Role.BANNED), False, Role.BANNED),
        (FRIEND, grant(Role.BANNED, NOW - timedelta(seconds=1)), False, Role.USER),
        (OWNER, grant(Role.BANNED), False, Role.OWNER),
    ],
)
async def test_what_was_decided_in_chat_goes_before_the_settings_as_long_as_it_lasts(
    person: Person, given: Grant, public: bool, role: Role
) -> None:
    users = Users()
    users.known[person.id] = User(person=person, grant=given)
    found = await people(users, public=public).known(person.id)
    assert found is not None
    assert found.role is role
    assert found.is_stranger == (role is Role.USER and public)


@pytest.mark.parametrize("down", [False, True])
async def test_in_an_open_group_everybody_is_a_user_who_is_not_banned(down: bool) -> None:
    users = Users()
    users.down = down
    users.known[5] = User(person=Person(id=5, name="Eve"), grant=grant(Role.BANNED))
    known = people(users)
    assert await known.role(STRANGER, GROUP) is (Role.GUEST if down else Role.USER)
    assert await known.role(STRANGER, GROUP - 1) is Role.GUEST
    if not down:
        assert await known.role(users.known[5].person, GROUP) is Role.BANNED


async def test_everybody_is_remembered_as_they_are_now() -> None:
    users = Users()
    known = people(users)
    await known.meet(STRANGER)
    renamed = STRANGER.evolve(name="Samuel")
    assert (await known.meet(renamed)).person == renamed
    assert users.known[STRANGER.id].role is Role.GUEST, "what the settings give is not written down"


async def test_a_preference_is_kept_and_taken_back() -> None:
    known = people(Users())
    await known.meet(FRIEND)
    for wish in (Wish(max_height=720), ASK, None):
        await known.prefer(FRIEND.id, wish=wish)
        assert (await known.meet(FRIEND)).preferences.wish == wish


async def test_who_has_written_before_is_known_by_their_number() -> None:
    known = people(Users())
    assert await known.known(FRIEND.id) is None
    await known.meet(FRIEND)
    friend = await known.known(FRIEND.id)
    assert friend is not None
    assert (friend.person, friend.role) == (FRIEND, Role.USER)


async def test_what_must_be_remembered_needs_the_database() -> None:
    users = Users()
    users.down = True
    with pytest.raises(StoreUnavailable):
        await people(users).meet(FRIEND)
    with pytest.raises(StoreUnavailable):
        await people(users).prefer(FRIEND.id, wish=None)


POLICY = Policy(wish=Wish(max_height=240), caption="{title}")


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (Preferences(), (Wish(max_height=240), "{title}")),
        (Preferences(wish=Wish()), (Wish(), "{title}")),
        (Preferences(wish=ASK), (None, "{title}")),
        (Preferences(look=Look(caption="{name}")), (Wish(max_height=240), "{name}")),
        (Preferences(wish=Wish(audio_only=True), look=Look(caption="x")), (Wish(audio_only=True), "x")),
    ],
)
async def test_what_somebody_has_not_set_is_as_the_policy_says(
    own: Preferences, expected: tuple[Wish | None, str]
) -> None:
    users = Users()
    users.known[FRIEND.id] = User(person=FRIEND, preferences=own)
    found = people_of(users, auth_users=(FRIEND.id,), policy=POLICY)
    asking = await found.asking(FRIEND)
    assert (asking.preferences.quality, asking.preferences.look.caption) == expected
    assert asking.role is Role.USER
    # /settings shows what they have set themselves.
    assert (await found.meet(FRIEND)).preferences == own
    assert preferred(own, Policy()) == own


@pytest.mark.parametrize("role", [Role.USER, Role.ADMIN, Role.OWNER])
async def test_during_maintenance_nothing_is_asked_in_the_name_of_a_user(role: Role) -> None:
    user, found = User(person=FRIEND, role=role), people_of(Users(), policy=Policy(maintenance=True))
    if role is Role.USER:
        with pytest.raises(Maintenance):
            await found.served(user)
    else:
        assert (await found.served(user)).role is role
    assert await people_of(Users()).served(user) == user
