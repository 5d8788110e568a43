"""Which account carries a plan out: the bot what certainly fits, the Premium user the rest, while there is
one."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.model import Kind, Method, Plan
from medusa.telegram.account import BotAccount
from medusa.telegram.accounts import Accounts, may_exceed
from medusa.telegram.premium import Premium
from medusa.telegram.relay import RelayedAccount
from medusa.transfer import Account
from medusa.upload.parts import PART_SIZE

LIMIT = 4000 * PART_SIZE
sizes = st.integers(0, 3 * LIMIT)


def plan(size: int | None, *, exact: bool = True, head_window: int = 0) -> Plan:
    return Plan(
        method=Method.PASS,
        format_ids=("1",),
        kind=Kind.VIDEO,
        file_name="a.mp4",
        mime="video/mp4",
        size=size,
        size_is_exact=exact,
        head_window=head_window,
    )


# --- the rule -------------------------------------------------------------------------------------


@given(sizes, st.integers(1, LIMIT))
def test_of_an_exact_size_it_is_known(size: int, limit: int) -> None:
    assert may_exceed(plan(size), limit) is (size > limit)


@given(sizes, st.integers(1, LIMIT))
def test_an_estimate_that_is_a_fifth_too_low_exceeds_nothing(size: int, limit: int) -> None:
    if not may_exceed(plan(size, exact=False), limit):
        assert size * 5 // 4 <= limit


@given(sizes, st.integers(0, 2**26), st.booleans())
def test_a_larger_file_never_goes_where_a_smaller_one_does_not(size: int, window: int, exact: bool) -> None:
    if may_exceed(plan(size, exact=exact), LIMIT):
        assert may_exceed(plan(size + 1, exact=exact), LIMIT)
        assert may_exceed(plan(size, exact=exact, head_window=window), LIMIT)
        assert may_exceed(plan(size, exact=False), LIMIT)


@given(st.integers(1, 2**62))
def test_nobody_knows_how_large_an_unknown_size_is(limit: int) -> None:
    assert may_exceed(plan(None), limit)


# --- the choice -----------------------------------------------------------------------------------


class FakeBot:
    max_parts = 4000


class FakePremium:
    """A user who is there, or is not."""

    def __init__(self, *, there: bool = True) -> None:
        self.there = there
        self.asked = 0
        self.lost = False
        self.user = RelayedAccount.__new__(RelayedAccount)

    async def account(self) -> RelayedAccount | None:
        self.asked += 1
        return self.user if self.there and not self.lost else None

    def lose(self) -> None:
        self.lost = True


BOT = cast(BotAccount, FakeBot())


def accounts(premium: FakePremium | None) -> Accounts:
    return Accounts(BOT, cast(Premium, premium) if premium else None)


async def choice(premium: FakePremium | None, size: int | None) -> Account:
    return await accounts(premium).for_plan(plan(size))


async def test_what_fits_goes_by_the_bot_and_nobody_is_asked() -> None:
    premium = FakePremium()
    assert await choice(premium, LIMIT) is BOT
    assert premium.asked == 0


@pytest.mark.parametrize("size", [LIMIT + 1, None])
async def test_what_does_not_or_may_not_fit_goes_by_the_user(size: int | None) -> None:
    premium = FakePremium()
    assert await choice(premium, size) is premium.user


@pytest.mark.parametrize("size", [1, LIMIT + 1, None])
@pytest.mark.parametrize("premium", [None, FakePremium(there=False)])
async def test_without_a_user_everything_goes_by_the_bot(
    size: int | None, premium: FakePremium | None
) -> None:
    assert await choice(premium, size) is BOT


async def test_a_lost_user_is_replaced_by_the_bot_and_a_lost_bot_by_nobody() -> None:
    premium = FakePremium()
    both = accounts(premium)
    user = await both.for_plan(plan(None))
    assert both.give_up(user)
    assert await both.for_plan(plan(None)) is BOT
    assert not both.give_up(BOT)
    assert not accounts(None).give_up(BOT)
