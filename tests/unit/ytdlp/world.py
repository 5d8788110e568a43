"""A record, an installer and an owner in memory."""

from collections.abc import Callable
from datetime import UTC, datetime

from medusa.audit import Audit, Deed
from medusa.errors import MedusaError, StoreUnavailable
from medusa.media.engine import Engine
from medusa.model import Person
from medusa.policy import Policy
from medusa.release import Decision, Failure, Release, Step, is_newer
from medusa.ytdlp.desk import Asked, ReleaseDesk
from medusa.ytdlp.follower import Follower
from medusa.ytdlp.weekly import Weekly
from tests.unit.household import FixedPolicies

SHIPPED, NEWER, NEWEST = "2026.10.26", "2026.11.10", "2026.11.20"
ANN, BOT = Person(id=1, name="Ann"), Person(id=9, name="Medusa")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class Record:
    """What was decided; several processes may share it."""

    def __init__(self) -> None:
        self.now = Decision()
        self.is_down = False
        self.failures: list[Failure] = []

    async def decision(self) -> Decision:
        self._check()
        return self.now

    async def decide(self, version: str, *, over: str, at: datetime) -> None:
        self._check()
        self.now = self.now.evolve(version=version, over=over, at=at)

    async def give_up(self, failure: Failure) -> bool:
        self._check()
        if self.now.version != failure.version:
            return False
        self.now = self.now.evolve(version="", failed=failure)
        return True

    async def note_failure(self, failure: Failure) -> None:
        self._check()
        self.failures.append(failure)
        self.now = self.now.evolve(failed=failure)

    async def look(self, now: datetime, *, before: datetime) -> bool:
        self._check()
        if self.now.looked_at is not None and self.now.looked_at > before:
            return False
        self.now = self.now.evolve(looked_at=now)
        return True

    def _check(self) -> None:
        if self.is_down:
            raise StoreUnavailable


class Shelf:
    """An installer whose index has these releases; some have a problem."""

    def __init__(self, *there: str) -> None:
        self.there = set(there)
        self.index = {NEWER, NEWEST}
        self.problem: MedusaError | Exception | None = None
        self.installed: list[str] = []
        self.kept: list[str] = []

    async def find(self, version: str) -> str:
        return f"/yt-dlp/{version}" if version in self.there else ""

    async def install(
        self,
        version: str,
        on_step: Callable[[Step, str], None],
        *,
        newer_than: str = "",
        avoid: str = "",
        keep: str = "",
    ) -> str:
        on_step(Step.INSTALLING, version)
        found = version or max(self.index)
        self.installed.append(found)
        self.kept.append(keep)
        if newer_than and (found == avoid or not is_newer(found, newer_than)):
            return ""
        on_step(Step.TRYING, found)
        if self.problem is not None:
            raise self.problem
        self.there.add(found)
        return found


class Owner:
    """What the owner sees."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.is_gone = False

    async def given_up(self, failure: Failure, shipped: str) -> None:
        self.seen.append(f"{failure.version} given up: {failure.why}")

    async def missing(self, version: str, shipped: str, problem: MedusaError) -> None:
        self.seen.append(f"{version} missing: {problem}")

    async def renewed(self, release: Release) -> None:
        self.seen.append(f"{release.version} came by itself")

    async def not_renewed(self, problem: MedusaError) -> None:
        self.seen.append(f"not renewed: {problem}")

    async def begin(self, asked: Asked) -> int:
        if self.is_gone:
            raise MedusaError("You have blocked me.")
        self.seen.append(f"begins {asked.version}")
        return 7

    def step(self, asked: Asked, status: int, step: Step, version: str) -> None:
        self.seen.append(f"{step} {version}")

    def used(self, asked: Asked, status: int, release: Release, before: Release) -> None:
        self.seen.append(f"used {release.version}, was {before.version}")

    def refuse(self, asked: Asked, status: int, problem: MedusaError, in_use: Release) -> None:
        self.seen.append(f"refused: {problem} {in_use.version} stays")


class Deeds:
    """An audit."""

    def __init__(self) -> None:
        self.all: list[tuple[int, str, str]] = []

    async def add(self, deed: Deed) -> None:
        self.all.append((deed.by.id, deed.before, deed.after))

    async def latest(self, skip: int, most: int) -> list[Deed]:
        raise NotImplementedError

    async def last_of(self, what: str) -> dict[str, Deed]:
        raise NotImplementedError


class World:
    """A process; with the record of another it shares what was decided."""

    def __init__(self, record: Record | None = None, *there: str, shipped: str = SHIPPED) -> None:
        self.record = record or Record()
        self.shelf = Shelf(*there)
        self.owner = Owner()
        self.deeds = Deeds()
        self.time = 0.0
        self.now = NOW
        self.engine = Engine(shipped)
        self.follower = Follower(
            self.record, self.engine, self.shelf, self.owner, clock=lambda: self.time, look_seconds=0.0
        )
        policies = FixedPolicies(Policy(ytdlp_weekly=True))
        audit = Audit(self.deeds, _silent)
        self.desk = ReleaseDesk(
            self.record, self.engine, self.shelf, self.follower, policies, audit, self.owner
        )
        self.weekly = Weekly(self.record, policies, self.desk, self.owner, BOT, now=lambda: self.now)

    @property
    def version(self) -> str:
        return self.engine.in_use.version


async def _silent(deed: Deed) -> None:
    """Nobody is told."""
