"""Brings a broadcast to people: at a steady pace, over pauses, restarts and kills, each of them once.

People are taken in the order of their ids, a page at a time. How far it has come is written when a page is
over, together with its counters. After a kill its page is sent again, and Telegram refuses what it has.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from loguru import logger

from medusa.audit import Audit
from medusa.broadcast import PER_SECOND, Broadcast, BroadcastState, Outcome, Whom, remaining, tally
from medusa.errors import (
    AccountLost,
    ChatUnavailable,
    MedusaError,
    MessageGone,
    SlowedDown,
    StoreUnavailable,
    TelegramUnreachable,
)
from medusa.jobs.broadcasts import DEED, BroadcastStore
from medusa.upload.pacing import Clock, Gate, Sleep, backoff
from medusa.views import broadcast as views

PAGE = 15
"""People between two notes of how far it is; about a second."""
AGAIN_SECONDS = 60.0
"""Until the next try to tell of an end."""
LOOK_SECONDS = 5.0
"""How often it is looked for one that nobody told of."""
SILENT = 12
"""Tries without an answer after which somebody is left out, if Telegram answers anything else: minutes."""


class ReceiverStore(Protocol):
    """Who gets a broadcast. Each method raises StoreUnavailable when the database is down."""

    async def some(self, whom: Whom, after: int, most: int) -> list[int]:
        """The ids of the next ones, in their order."""
        ...

    async def mark_unreachable(self, people: Sequence[int], at: datetime) -> None:
        """These cannot be written to; not those who have written after `at`."""
        ...


class BroadcastPosts(Protocol):
    """Telegram, as the broadcaster needs it."""

    async def send(self, broadcast: Broadcast, person_id: int) -> Outcome:
        """Write to one of them, once however often it is tried. Raises MessageGone when there is nothing to
        be sent any more, SlowedDown, TelegramUnreachable, AccountLost."""
        ...

    async def is_answered(self) -> bool:
        """Whether Telegram answers at all."""
        ...

    def show(self, broadcast: Broadcast, seconds_left: float, held: float) -> None:
        """Show how far it is; `held`: seconds for which Telegram asked for a pause."""
        ...

    async def tell(self, broadcast: Broadcast) -> None:
        """Show how it ended, and tell its sender, once. Raises ChatUnavailable, SlowedDown,
        TelegramUnreachable."""
        ...


class Broadcaster:
    """Sends what is to be sent, one broadcast at a time."""

    def __init__(
        self,
        store: BroadcastStore,
        receivers: ReceiverStore,
        posts: BroadcastPosts,
        audit: Audit,
        *,
        named: frozenset[int],
        look_seconds: float = LOOK_SECONDS,
        clock: Clock | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`named`: who has access by the settings."""
        self._store = store
        self._receivers = receivers
        self._posts = posts
        self._audit = audit
        self._named = named
        self._look_seconds = look_seconds
        self._sleep = sleep
        self._clock = clock or asyncio.get_running_loop().time
        self._gate = Gate(clock=self._clock, sleep=sleep)
        self._next_turn = 0.0
        self._told_later: dict[str, float] = {}
        """By broadcast: when it is tried again to tell of its end."""
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()

    def wake(self) -> None:
        """There is one to be sent."""
        self._wake.set()

    def interrupt(self) -> None:
        """The one that is being sent was cancelled."""
        self._stop.set()
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._wake.clear()
            try:
                await self._look()
            except StoreUnavailable as error:
                logger.warning("a broadcast waits for the database: {}", error.detail)
            except Exception:
                # It must not end what else this process does, again at every start.
                logger.exception("a fault in the program: broadcasts")
            await self._rest(self._look_seconds, self._wake)

    async def _look(self) -> None:
        self._stop.clear()
        broadcast = await self._store.running()
        while broadcast is not None and broadcast.state is BroadcastState.RUNNING:
            broadcast = await self._page(broadcast)
        for over in await self._store.untold():
            await self._tell(over)

    async def _page(self, broadcast: Broadcast) -> Broadcast | None:
        """Write to the next people; how it stands then."""
        whom = broadcast.whom(self._named, datetime.now(UTC))
        people = await self._receivers.some(whom, broadcast.cursor, PAGE)
        if not people:
            return await self._end(broadcast, BroadcastState.DONE)
        self._show(broadcast)
        asked = datetime.now(UTC)
        problem, outcomes = await self._send(broadcast, people)
        if len(outcomes) < len(people) and problem is None:
            self._stop.clear()  # before it is asked whether this one was meant, or one that is over already
            current = await self._store.get(broadcast.id)
            if current is None or current.state is BroadcastState.RUNNING:
                return current
        # Up to the last one also where it ends early: who gets nothing any more is not asked for again.
        after = await self._store.advance(broadcast, people[-1], tally([*outcomes.values()]))
        blocked = [one for one, outcome in outcomes.items() if outcome is Outcome.BLOCKED]
        if blocked:
            await self._receivers.mark_unreachable(blocked, asked)
        if problem is not None:
            return await self._end(broadcast, BroadcastState.CANCELLED, problem=problem.sentence)
        return after

    async def _end(self, broadcast: Broadcast, state: BroadcastState, **changes: object) -> Broadcast | None:
        changes |= {"finished": datetime.now(UTC), "untold": True}
        return await self._store.move(broadcast.id, BroadcastState.RUNNING, state, **changes)

    async def _send(
        self, broadcast: Broadcast, people: Sequence[int]
    ) -> tuple[MessageGone | None, dict[int, Outcome]]:
        """What became of each of these; of some of them nothing, when it was interrupted, or there was
        nothing to be sent any more."""
        outcomes: dict[int, Outcome] = {}
        problems: list[MessageGone] = []

        async def one(person_id: int) -> None:
            try:
                outcome = await self._send_one(broadcast, person_id)
            except MessageGone as error:
                problems.append(error)
                self._stop.set()
                return
            if outcome is not None:
                outcomes[person_id] = outcome

        async with asyncio.TaskGroup() as group:
            for person_id in people:
                group.create_task(one(person_id))
        return (problems[0] if problems else None), outcomes

    async def _send_one(self, broadcast: Broadcast, person_id: int) -> Outcome | None:
        """Write to one of them, when it is their turn; None when it was interrupted before."""
        tries = 0
        while await self._turn():
            try:
                outcome = await self._posts.send(broadcast, person_id)
            except MessageGone:
                raise
            except SlowedDown as wait:
                logger.info("the broadcast {} pauses for {} s", broadcast.id, wait.seconds)
                self._hold(broadcast, wait.seconds)
            except (TelegramUnreachable, AccountLost) as error:
                logger.info("the broadcast {} goes on later: {} {}", broadcast.id, error, error.detail)
                tries += 1
                if tries >= SILENT and await self._posts.is_answered():
                    return Outcome.FAILED
                self._hold(broadcast, backoff(tries))
            except Exception:
                logger.exception("a fault in the program: broadcast {} to {}", broadcast.id, person_id)
                return Outcome.FAILED
            else:
                return outcome
        return None

    async def _turn(self) -> bool:
        """Return when the next message may be sent; False when none is to be sent any more."""
        while not self._stop.is_set():
            now = self._clock()
            at = max(now + self._gate.remaining, self._next_turn)
            self._next_turn = at + 1 / PER_SECOND
            await self._rest(at - now, self._stop)
            # Meanwhile Telegram may have asked for a pause; who waited then waits for a turn after it.
            if not self._gate.remaining:
                break
        return not self._stop.is_set()

    async def _rest(self, seconds: float, ends_it: asyncio.Event) -> None:
        """Wait, or until this has happened."""
        if seconds <= 0:
            return
        ends = [asyncio.ensure_future(wait) for wait in (self._sleep(seconds), ends_it.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    def _hold(self, broadcast: Broadcast, seconds: float) -> None:
        self._gate.hold(seconds)
        self._show(broadcast)

    def _show(self, broadcast: Broadcast) -> None:
        held = self._gate.remaining
        self._posts.show(broadcast, remaining(broadcast.left, held), held)

    async def _tell(self, broadcast: Broadcast) -> None:
        """Its sender, and the audit."""
        if self._clock() < self._told_later.get(broadcast.id, 0.0):
            return
        try:
            await self._posts.tell(broadcast)
        except ChatUnavailable as error:
            logger.info("{} cannot be told of a broadcast: {}", broadcast.by.id, error.detail)
        except MedusaError as error:
            logger.info("the end of a broadcast is told later: {} {}", error, error.detail)
            self._told_later[broadcast.id] = self._clock() + AGAIN_SECONDS
            return
        await self._audit.note(
            broadcast.ended_by or broadcast.by, DEED, views.deed(broadcast), after=views.ended(broadcast)
        )
        await self._store.note(broadcast.id, untold=False)
        self._told_later.pop(broadcast.id, None)
