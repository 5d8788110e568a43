"""What admins do with broadcasts: draft one, choose who gets it, send it, cancel it."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Protocol

from loguru import logger

from medusa.audit import Audit
from medusa.broadcast import Audience, Broadcast, BroadcastState, Tally, Way, Whom
from medusa.errors import NotYours, StoreUnavailable, WrongArgument
from medusa.model import Person
from medusa.views import broadcast as views

DEED = "broadcast"
"""What the audit calls it."""


class BroadcastStore(Protocol):
    """The records of broadcasts. Each method raises StoreUnavailable when the database is down."""

    async def add(self, broadcast: Broadcast) -> bool:
        """Keep a draft; False when it was kept before."""
        ...

    async def get(self, broadcast_id: str) -> Broadcast | None:
        """One broadcast."""
        ...

    async def running(self) -> Broadcast | None:
        """The one that is on its way."""
        ...

    async def untold(self) -> list[Broadcast]:
        """Those that are over, and whose sender was not told."""
        ...

    async def move(
        self, broadcast_id: str, leaving: BroadcastState, to: BroadcastState, **changes: object
    ) -> Broadcast | None:
        """Change state and fields in one step; None when it is not in that state, or another one is running
        already."""
        ...

    async def choose(self, broadcast_id: str, audience: Audience) -> Broadcast | None:
        """Let these get a draft; None when it is none any more."""
        ...

    async def note(self, broadcast_id: str, **changes: object) -> Broadcast | None:
        """Change fields, whatever the state."""
        ...

    async def advance(self, broadcast: Broadcast, cursor: int, some: Tally) -> Broadcast | None:
        """Note that everybody up to `cursor` was written to, whatever the state; None when somebody else has
        done so."""
        ...

    async def drop(self, broadcast_id: str) -> bool:
        """Throw a draft away; False when it is none any more."""
        ...


class Counting(Protocol):
    """Who gets a broadcast. Raises StoreUnavailable when the database is down."""

    async def count(self, whom: Whom) -> int:
        """How many there are, besides the sender."""
        ...


class Carrying(Protocol):
    """What brings a broadcast to people; jobs/broadcaster.py in production."""

    def wake(self) -> None:
        """There is one to be sent."""
        ...

    def interrupt(self) -> None:
        """The one that is being sent was cancelled."""
        ...


def broadcast_id(chat_id: int, message_id: int) -> str:
    """The same for the same message that asked for it, and short enough for a button."""
    digest = blake2b(f"broadcast {chat_id} {message_id}".encode(), digest_size=9).digest()
    return urlsafe_b64encode(digest).decode()


class Broadcasts:
    """Changes broadcasts on request; the broadcaster does the rest."""

    def __init__(
        self,
        store: BroadcastStore,
        receivers: Counting,
        audit: Audit,
        carrying: Carrying,
        *,
        named: frozenset[int],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`named`: who has access by the settings."""
        self._store = store
        self._receivers = receivers
        self._audit = audit
        self._carrying = carrying
        self._named = named
        self._now = now

    async def running(self) -> Broadcast | None:
        """The one that is on its way."""
        return await self._store.running()

    async def find(self, chat_id: int, message_id: int) -> Broadcast | None:
        """What was made of a message that asked for a broadcast."""
        return await self._store.get(broadcast_id(chat_id, message_id))

    async def draft(self, by: Person, asked: tuple[int, int], preview: int, way: Way) -> Broadcast:
        """Keep a broadcast of the message `preview`; `asked`: the chat and the message that asked for it."""
        broadcast = Broadcast(
            id=broadcast_id(*asked),
            by=by,
            chat_id=asked[0],
            message_id=preview,
            way=way,
            created=self._now(),
        )
        await self._store.add(broadcast)
        return broadcast

    async def get(self, subject: str, sender: int) -> Broadcast:
        """A broadcast of this sender. Raises WrongArgument, NotYours."""
        broadcast = await self._store.get(subject)
        if broadcast is None:
            raise WrongArgument("I do not know this broadcast any more.")
        if broadcast.by.id != sender:
            raise NotYours("Only who has prepared it can do that.")
        return broadcast

    async def shown(self, broadcast: Broadcast, message_id: int) -> None:
        """Note which message asks about it."""
        await self._store.note(broadcast.id, status_message_id=message_id)

    async def reach(self, by: Person) -> dict[Audience, int]:
        """How many people a broadcast of this sender would reach, themselves among them."""
        # The way does not matter here, nor the message.
        asking = Broadcast(id="", by=by, chat_id=by.id, message_id=0, way=Way.COPY, created=self._now())
        return {one: await self._count(asking.evolve(audience=one)) for one in Audience}

    async def choose(self, broadcast: Broadcast, audience: Audience) -> Broadcast | None:
        """Let these people get it; None when it is no draft any more."""
        return await self._store.choose(broadcast.id, audience)

    async def start(self, broadcast: Broadcast) -> Broadcast | None:
        """Send it; None when it is no draft any more. Raises WrongArgument when another one is on its way."""
        started = await self._store.move(
            broadcast.id,
            BroadcastState.DRAFT,
            BroadcastState.RUNNING,
            started=self._now(),
            total=await self._count(broadcast),
            sent=1,
        )
        if started is None:
            other = await self._store.running()
            if other is not None and other.id != broadcast.id:
                raise WrongArgument("Another broadcast is on its way. Send this one when it is over.")
            return None
        self._carrying.wake()
        try:
            await self._audit.note(started.by, DEED, views.deed(started), after=views.ended(started))
        except StoreUnavailable as error:
            # It is on its way all the same, and its end is noted when the database is back.
            logger.warning("the start of broadcast {} was not noted: {}", started.id, error.detail)
        return started

    async def drop(self, broadcast: Broadcast) -> bool:
        """Throw a draft away; False when it is none any more."""
        return await self._store.drop(broadcast.id)

    async def cancel(self, subject: str, by: Person) -> bool:
        """Stop the one that is on its way, whoever has sent it; False when it is over."""
        stopped = await self._store.move(
            subject,
            BroadcastState.RUNNING,
            BroadcastState.CANCELLED,
            finished=self._now(),
            ended_by=by,
            untold=True,
        )
        if stopped is not None:
            self._carrying.interrupt()
        return stopped is not None

    async def _count(self, broadcast: Broadcast) -> int:
        return 1 + await self._receivers.count(broadcast.whom(self._named, self._now()))
