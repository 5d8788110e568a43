"""What admins read about people and limits, whatever people call themselves; and what their buttons mean."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.allowance import Allowance
from medusa.audit import Deed
from medusa.errors import WrongArgument
from medusa.model import Person
from medusa.people_desk import PAGE
from medusa.policy import Policy
from medusa.text import MESSAGE_LIMIT, utf16_length
from medusa.user import Grant, Role, Sought, User, UserPage
from medusa.views import allowances, panel, users
from medusa.views.view import View
from tests.unit.test_views import Strict, persons, shown, texts

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
GRANTS = st.none() | st.builds(
    Grant,
    role=st.sampled_from(Role),
    until=st.none() | st.just(NOW - timedelta(1)) | st.just(NOW + timedelta(30)),
    by=st.none() | st.just(7),
    since=st.just(NOW),
)
USERS = st.builds(
    User,
    person=persons,
    role=st.sampled_from(Role),
    grant=GRANTS,
    is_stranger=st.booleans(),
    allowance=st.builds(
        Allowance, jobs=st.none() | st.integers(0, 9), size=st.none() | st.integers(0, 10**12)
    ),
    preferences=st.just(User(person=Person(id=1, name="A")).preferences),
    seen=st.none() | st.just(NOW),
    unreachable=st.booleans(),
)


async def check(view: View) -> str:
    """It can be sent, and its buttons can be pressed; what is read."""
    for row in view.buttons:
        assert 1 <= len(row) <= 8
        for button in row:
            assert button.label.strip()
            assert 1 <= len(button.data.encode()) <= 64
    Strict(view.text)
    text = await shown(view.text)
    assert 1 <= utf16_length(text) <= MESSAGE_LIMIT
    return text


@given(st.lists(USERS, max_size=PAGE), texts, st.booleans(), st.integers(0, 10**5))
async def test_a_page_of_people(found: list[User], words: str, has_more: bool, number: int) -> None:
    sought = users.searched(words)
    view = users.page(UserPage(sought, number, tuple(found), has_more))
    text = await check(view)
    assert all(str(user.person.id) in text for user in found)
    turns = [button.data for row in view.buttons for button in row if button.label in "◀▶"]
    for data in turns:
        assert users.read_turn(data.removeprefix("users:"))[0] == sought, "another page lists other people"


@given(USERS, st.sampled_from([Role.ADMIN, Role.OWNER]))
async def test_a_card_offers_what_its_reader_may_decide(user: User, viewer: Role) -> None:
    view = users.card(user, viewer, NOW)
    await check(view)
    offered = {
        users.DECISIONS[action].role
        for row in view.buttons
        for button in row
        if button.data.startswith("who:")
        and (action := users.read_press(button.data[4:])[1]) in users.DECISIONS
    }
    if viewer is Role.ADMIN:
        assert Role.ADMIN not in offered
    if user.role is Role.OWNER or (user.role, viewer) == (Role.ADMIN, Role.ADMIN):
        assert offered == set()
    else:
        assert offered


@given(USERS, persons)
async def test_whatever_is_decided_can_be_told(user: User, by: Person) -> None:
    views = [
        users.decided(user),
        users.settled(user, by),
        users.asking(by),
        users.refused(by, by),
        users.news(user),
    ]
    for view in views:
        if view is not None:
            await check(view)


@pytest.mark.parametrize(
    "data", ["", "x:show", "5", "5:", "5:boss", "-5:show", "0:show", "٣:show", f"{2**63}:show"]
)
def test_a_forged_press_is_refused(data: str) -> None:
    with pytest.raises(WrongArgument):
        users.read_press(data)


@pytest.mark.parametrize("data", ["", "all", "all:", "all:x:", "every:0:", "all:-1:", "all:9999999:"])
def test_a_forged_turn_is_refused(data: str) -> None:
    with pytest.raises(WrongArgument):
        users.read_turn(data)


@given(st.text(max_size=80))
def test_what_is_searched_fits_a_button(words: str) -> None:
    text = users.searched(words).text
    assert len(text.encode()) <= users.LONGEST_SEARCH
    assert users.searched(text) == Sought(text=text)


@pytest.mark.parametrize("role", ["users", "strangers", "admins"])
async def test_each_limit_has_a_page_whose_buttons_set_it(role: str) -> None:
    policy = Policy()
    for row in panel.limits(policy, role).buttons[:-1]:
        _, page, *rest = row[0].data.split(":")
        assert page == "limit"
        view = panel.limit(policy, *rest)
        await check(view)
        for button in (button for choices in view.buttons[:-1] for button in choices):
            _, page, whose, key, amount = button.data.split(":")
            assert (page, whose) == ("set", role)
            ((name, value),) = allowances.read_change(key, amount).items()
            changed = policy.evolve(**{role: Allowance(**{name: value})})
            assert allowances.shown(name, value, "as by default") in panel.limit(changed, role, key).text


@pytest.mark.parametrize(("role", "key"), [("nobody", "jobs"), ("users", "speed"), ("", "")])
def test_there_is_no_page_for_what_cannot_be_limited(role: str, key: str) -> None:
    with pytest.raises(WrongArgument):
        panel.limit(Policy(), role, key)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_limit_that_is_typed_is_read_or_refused(name: str, amount: str) -> None:
    try:
        changes = allowances.read_change(name, amount)
    except WrongArgument:
        return
    assert Allowance(**changes).model_dump(include=set(changes)) == changes


@given(
    st.lists(
        st.builds(Deed, at=st.just(NOW), by=persons, what=texts, subject=texts, before=texts, after=texts),
        max_size=12,
    )
)
async def test_what_was_done_can_be_read(done: list[Deed]) -> None:
    await check(panel.audit(done, 1, has_more=True))


@given(st.booleans(), texts, st.none() | texts)
async def test_the_settings_fit_and_their_switches_turn(
    is_on: bool, welcome: str, template: str | None
) -> None:
    policy = Policy(public=is_on, archive=not is_on, welcome=welcome, caption=template)
    view = panel.settings(policy)
    await check(view)
    names = [button.data.removeprefix("admin:flip:") for row in view.buttons[:-1] for button in row]
    assert {"public", "archive", "maintenance"} <= set(names)
    for name in names:
        assert panel.flipped(policy, name) == {name: not getattr(policy, name)}


@pytest.mark.parametrize("name", ["", "welcome", "users", "nothing"])
def test_what_is_no_switch_cannot_be_flipped(name: str) -> None:
    with pytest.raises(WrongArgument):
        panel.flipped(Policy(), name)
