"""Broadcasts and their receivers in memory: the contract of medusa/storage/broadcasts.py and receivers.py."""

from collections.abc import Sequence
from datetime import datetime

from medusa.broadcast import Audience, Broadcast, BroadcastState, Tally, Whom
from medusa.errors import StoreUnavailable


class MemoryBroadcasts:
    """A BroadcastStore, which is down where a test says so."""

    def __init__(self) -> None:
        self.kept: dict[str, Broadcast] = {}
        self.failures = 0
        """Calls of `advance` that fail from now on."""

    async def add(self, broadcast: Broadcast) -> bool:
        return self.kept.setdefault(broadcast.id, broadcast) is broadcast

    async def get(self, broadcast_id: str) -> Broadcast | None:
        return self.kept.get(broadcast_id)

    async def running(self) -> Broadcast | None:
        return next((one for one in self.kept.values() if one.state is BroadcastState.RUNNING), None)

    async def untold(self) -> list[Broadcast]:
        return [one for one in self.kept.values() if one.untold]

    async def move(
        self, broadcast_id: str, leaving: BroadcastState, to: BroadcastState, **changes: object
    ) -> Broadcast | None:
        if to is BroadcastState.RUNNING and await self.running():
            return None
        if not self._is(broadcast_id, leaving):
            return None
        return await self.note(broadcast_id, **{**changes, "state": to})

    async def choose(self, broadcast_id: str, audience: Audience) -> Broadcast | None:
        if not self._is(broadcast_id, BroadcastState.DRAFT):
            return None
        return await self.note(broadcast_id, audience=audience)

    async def note(self, broadcast_id: str, **changes: object) -> Broadcast | None:
        found = self.kept.get(broadcast_id)
        if found is None:
            return None
        self.kept[broadcast_id] = found.evolve(**changes)
        return self.kept[broadcast_id]

    async def advance(self, broadcast: Broadcast, cursor: int, some: Tally) -> Broadcast | None:
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable
        found = self.kept[broadcast.id]
        if found.cursor != broadcast.cursor:
            return None
        return await self.note(
            broadcast.id,
            cursor=cursor,
            sent=found.sent + some.sent,
            blocked=found.blocked + some.blocked,
            failed=found.failed + some.failed,
        )

    async def drop(self, broadcast_id: str) -> bool:
        return self._is(broadcast_id, BroadcastState.DRAFT) and bool(self.kept.pop(broadcast_id))

    def _is(self, broadcast_id: str, state: BroadcastState) -> bool:
        found = self.kept.get(broadcast_id)
        return found is not None and found.state is state


class MemoryReceivers:
    """A ReceiverStore: everybody may get it."""

    def __init__(self, people: Sequence[int]) -> None:
        self.people = sorted(people)
        self.marked: list[int] = []

    async def count(self, whom: Whom) -> int:
        few = whom.audience is not Audience.EVERYBODY
        return len(self._of(whom)) if not few else 0

    async def some(self, whom: Whom, after: int, most: int) -> list[int]:
        return [one for one in self._of(whom) if one > after][:most]

    async def mark_unreachable(self, people: Sequence[int], at: datetime) -> None:
        self.marked += people

    def _of(self, whom: Whom) -> list[int]:
        return [one for one in self.people if one != whom.besides and one not in self.marked]
