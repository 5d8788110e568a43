"""The sessions in memory: medusa/storage/sessions.py without a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from medusa.errors import StoreUnavailable
from medusa.lease import Holder, Lease


@dataclass
class Kept:
    """One session."""

    holder: Holder | None = None
    until: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    sealed: bytes | None = None
    peers: dict[int, bytes] = field(default_factory=dict)


class MemorySessions:
    """Under the same contract as the real one: tests/integration/store/test_sessions.py."""

    def __init__(self) -> None:
        self.down = False
        self.kept: dict[str, Kept] = {}
        self.writes = 0
        """How often a session or peers were written."""

    async def leases(self, names: Iterable[str]) -> dict[str, Lease]:
        self._answer()
        now = datetime.now(UTC)
        return {
            name: Lease(holder=kept.holder, until=kept.until, seconds_left=(kept.until - now).total_seconds())
            for name in names
            if (kept := self.kept.get(name)) and kept.holder
        }

    async def take(self, name: str, holder: Holder, seconds: float, seen: Lease | None) -> bool:
        self._answer()
        kept = self.kept.setdefault(name, Kept())
        if (kept.holder, kept.until) != (seen.holder, seen.until) if seen else kept.holder:
            return False
        kept.holder, kept.until = holder, datetime.now(UTC) + timedelta(seconds=seconds)
        return True

    async def renew(self, name: str, holder: Holder, seconds: float) -> bool:
        self._answer()
        kept = self.kept.setdefault(name, Kept())
        if kept.holder and kept.holder.id != holder.id:
            return False
        kept.holder, kept.until = holder, datetime.now(UTC) + timedelta(seconds=seconds)
        return True

    async def release(self, name: str, holder: Holder) -> None:
        self._answer()
        if self._is_held(name, holder):
            self.kept[name].holder = None

    async def load(self, name: str) -> tuple[bytes | None, dict[int, bytes]]:
        self._answer()
        kept = self.kept.get(name, Kept())
        return kept.sealed, dict(kept.peers)

    async def save(self, name: str, holder: Holder, sealed: bytes) -> None:
        self._answer()
        if self._is_held(name, holder):
            self.writes += 1
            self.kept[name].sealed = sealed

    async def save_peers(self, name: str, peers: Mapping[int, bytes]) -> None:
        self._answer()
        self.writes += 1
        self.kept.setdefault(name, Kept()).peers |= peers

    async def forget(self, name: str) -> None:
        self._answer()
        if name in self.kept:
            self.kept[name].sealed, self.kept[name].peers = None, {}

    def _is_held(self, name: str, holder: Holder) -> bool:
        held = self.kept.get(name, Kept()).holder
        return held is not None and held.id == holder.id

    def _answer(self) -> None:
        if self.down:
            raise StoreUnavailable
