"""The policy: the settings, and over them what was changed in chat."""

from medusa.allowance import Allowance
from medusa.audit import Audit, Deed
from medusa.errors import StoreUnavailable
from medusa.policies import FRESH_SECONDS, Policies
from medusa.policy import Policy
from tests.unit.jobs.memory import ANN


class Record:
    """A PolicyStore and an AuditStore."""

    def __init__(self) -> None:
        self.fields: dict[str, object] = {}
        self.deeds: list[Deed] = []
        self.down = False
        self.reads = 0

    async def changed(self) -> dict[str, object]:
        self.reads += 1
        if self.down:
            raise StoreUnavailable
        return dict(self.fields)

    async def change(self, fields: dict[str, object], reset: list[str]) -> None:
        self.fields = {name: value for name, value in self.fields.items() if name not in reset} | fields

    async def add(self, deed: Deed) -> None:
        self.deeds.append(deed)

    async def latest(self, skip: int, most: int) -> list[Deed]:
        return self.deeds

    async def last_of(self, what: str) -> dict[str, Deed]:
        return {deed.subject: deed for deed in self.deeds if deed.what == what}

    async def tell(self, deed: Deed) -> None:
        """Nobody."""


class Scene:
    def __init__(self, default: Policy | None = None) -> None:
        self.record = Record()
        self.time = 0.0
        self.policies = Policies(self.record, default or Policy(), clock=lambda: self.time)
        self.audit = Audit(self.record, self.record.tell)

    async def change(self, **fields: object) -> Policy:
        return await self.policies.change(ANN, self.audit, **fields)


async def test_what_is_changed_counts_at_once_here_and_soon_elsewhere() -> None:
    s = Scene()
    elsewhere = Policies(s.record, Policy(), clock=lambda: s.time)
    assert not (await elsewhere.current()).public
    await s.change(public=True)
    assert (await s.policies.current()).public
    assert not (await elsewhere.current()).public
    s.time += FRESH_SECONDS
    assert (await elsewhere.current()).public


async def test_it_is_not_read_for_every_message() -> None:
    s = Scene()
    for _ in range(100):
        await s.policies.current()
    assert s.record.reads == 1


async def test_what_is_as_in_the_settings_follows_them_again() -> None:
    s = Scene(Policy(public=True))
    await s.change(public=False, users=Allowance(jobs=2))
    assert s.record.fields == {"public": False, "users": Allowance(jobs=2)}
    await s.change(public=True, users=Allowance())
    assert s.record.fields == {}


async def test_what_changes_is_noted_with_who_did_it() -> None:
    s = Scene()
    await s.change(public=True, archive=True)
    assert [(deed.by, deed.subject, deed.before, deed.after) for deed in s.record.deeds] == [
        (ANN, "public", "False", "True")
    ]


async def test_without_a_database_it_stays_as_it_was_and_nobody_waits_for_it() -> None:
    s = Scene()
    await s.change(public=True)
    s.record.down = True
    reads = s.record.reads
    s.time += FRESH_SECONDS
    for _ in range(10):
        assert (await s.policies.current()).public
    assert s.record.reads == reads + 1


async def test_what_an_older_version_has_left_does_no_harm() -> None:
    s = Scene()
    s.record.fields = {"public": True, "gone": 5, "users": "many"}
    found = await s.policies.current()
    assert (found.public, found.users) == (True, Allowance())
