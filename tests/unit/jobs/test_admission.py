"""Who is let in: everybody as far as what they may have reaches, and then with when it goes on."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from medusa.allowance import Allowance, Use, Window, used
from medusa.errors import OverLimit
from medusa.jobs.admission import BYTES, Admission
from medusa.policy import Policy
from medusa.user import Role, User
from tests.unit.household import FixedPolicies
from tests.unit.jobs.memory import ANN, BOB


class Memory:
    """What people have used, how many of their downloads may run, and who they are."""

    def __init__(self) -> None:
        self.taken: dict[tuple[int, str, str], Use] = {}
        self.most: dict[int, int | None] = {}
        self.users = {ANN.id: User(person=ANN, role=Role.OWNER), BOB.id: User(person=BOB, role=Role.USER)}

    async def known(self, person_id: int) -> User | None:
        return self.users.get(person_id)

    async def limit(self, person: int, most: int | None) -> None:
        self.most[person] = most

    async def take(
        self, person_id: int, kind: str, key: str, amount: int, windows: Sequence[Window], now: datetime
    ) -> tuple[bool, list[Use]]:
        uses = [use for (person, what, _), use in self.taken.items() if (person, what) == (person_id, kind)]
        if (person_id, kind, key) in self.taken:
            return True, uses
        if any(used(uses, window, now) + amount > window.most for window in windows):
            return False, uses
        self.taken[person_id, kind, key] = Use(now, amount)
        return True, [*uses, Use(now, amount)]

    async def settle(self, person_id: int, kind: str, key: str, amount: int, now: datetime) -> None:
        self.taken[person_id, kind, key] = Use(now, amount)


def admission(memory: Memory, **users: int) -> Admission:
    return Admission(memory, memory, memory, FixedPolicies(Policy(users=Allowance(**users))))


async def test_links_are_counted_once_each_and_refused_when_they_are_too_many() -> None:
    memory = Memory()
    desk = admission(memory, links_per_hour=2, jobs=1)
    for key in ("a", "a", "b"):
        assert (await desk.admit(BOB.id, key, 1)).links_per_hour == 2
    with pytest.raises(OverLimit, match=r"2 links an hour\. The next is possible in 1h, at"):
        await desk.admit(BOB.id, "c", 1)
    assert await desk.admit(BOB.id, "a", 1), "it is let in already"
    assert await desk.admit(ANN.id, "c", 1) == Allowance(), "the owner may have anything"
    assert memory.most == {BOB.id: 1, ANN.id: None}


async def test_too_many_at_once_are_not_counted() -> None:
    memory = Memory()
    desk = admission(memory, entries=2, links_per_day=9)
    with pytest.raises(OverLimit, match="Choose fewer"):
        await desk.admit(BOB.id, "a", 3)
    with pytest.raises(OverLimit, match="Choose fewer"):
        await desk.check_batch(BOB.id, 3)
    await desk.check_batch(BOB.id, 2)
    assert memory.taken == {}


async def test_without_a_limit_nothing_is_counted() -> None:
    memory = Memory()
    desk = admission(memory)
    allowance = await desk.admit(BOB.id, "a", 1)
    await desk.reserve(BOB.id, "a", 10**12, allowance)
    await desk.settle(BOB.id, "a", 10**12, allowance)
    assert memory.taken == {}


async def test_bytes_are_reserved_and_settled() -> None:
    memory = Memory()
    desk = admission(memory, bytes_per_day=100)
    allowance = await desk.admit(BOB.id, "a", 1)
    await desk.reserve(BOB.id, "a", 80, allowance)
    with pytest.raises(OverLimit, match="have 20 B left"):
        await desk.reserve(BOB.id, "b", 30, allowance)
    await desk.settle(BOB.id, "a", 60, allowance)
    await desk.reserve(BOB.id, "b", 30, allowance)
    assert {key: use.amount for key, use in memory.taken.items()} == {
        (BOB.id, BYTES, "a"): 60,
        (BOB.id, BYTES, "b"): 30,
    }
