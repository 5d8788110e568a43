"""The time during which a process has a stored session for itself."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from loguru import logger

from medusa.errors import Cancelled, SessionTaken, StoreUnavailable
from medusa.lease import Holder, Lease, may_take
from medusa.process import runs
from medusa.seal import Seal
from medusa.setting_types import Address
from medusa.telegram.session_store import SessionStore
from medusa.telegram.stored_session import StoredSession

LEAVE_SECONDS = 1.0
"""To give a lease back; otherwise it ends by itself."""


class Terms(NamedTuple):
    """Of a lease, in seconds."""

    lease: float = 10.0
    """How long nobody else takes a session whose holder is not heard of any more."""
    renew: float = 3.0
    look: float = 0.3
    """Between looks at what others hold."""


class Tenure(NamedTuple):
    """A session, this process's alone."""

    session: StoredSession
    previous: str | None
    """The process that had it before and is gone without having given it back."""


@asynccontextmanager
async def tenure(
    store: SessionStore,
    names: Sequence[str],
    *,
    holder: Holder,
    seal: Seal,
    server: Address | None = None,
    stop: asyncio.Event,
    terms: Terms | None = None,
) -> AsyncIterator[Tenure]:
    """The first of these sessions that is free, once one is; given back at the end, so hang up before.

    Raises Cancelled when `stop` is set while none is free, StoreUnavailable, and SessionTaken when another
    process has taken the session meanwhile: this one must have stood still for longer than its lease.
    """
    terms = terms or Terms()
    name, before = await _take_first(store, names, holder, terms, stop)
    session = StoredSession(name, store, seal, holder=holder, server=server)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(_renew(store, name, holder, terms)),
                group.create_task(session.keep_writing()),
            ]
            try:
                await session.load()
                yield Tenure(session, before.holder.id if before else None)
            finally:
                await session.save()
                for task in tasks:
                    task.cancel()
    except BaseExceptionGroup as group_of_one:
        # What went wrong in here is one thing; the group is how it came about.
        error = group_of_one.exceptions[0]
        raise error from error.__cause__
    finally:
        await _release(store, name, holder)


async def _take_first(
    store: SessionStore, names: Sequence[str], holder: Holder, terms: Terms, stop: asyncio.Event
) -> tuple[str, Lease | None]:
    """Name and former lease of the session that is taken now."""
    waiting = False
    while not stop.is_set():
        leases = await store.leases(names)
        for name in names:
            lease = leases.get(name)
            free = await asyncio.to_thread(may_take, lease, holder.place, runs)
            if free and await store.take(name, holder, terms.lease, lease):
                return name, lease
        if not waiting:
            logger.info("another process still uses this session; waiting")
            waiting = True
        await asyncio.wait([told := asyncio.ensure_future(stop.wait())], timeout=terms.look)
        told.cancel()
    raise Cancelled


async def _renew(store: SessionStore, name: str, holder: Holder, terms: Terms) -> None:
    """Keep the lease. While the database is down, nobody else can take it either."""
    while True:
        await asyncio.sleep(terms.renew)
        try:
            if not await store.renew(name, holder, terms.lease):
                raise SessionTaken(detail=name)
        except StoreUnavailable as error:
            logger.warning("the lease of the session {} could not be renewed: {}", name, error.detail)


async def _release(store: SessionStore, name: str, holder: Holder) -> None:
    try:
        async with asyncio.timeout(LEAVE_SECONDS):
            await store.release(name, holder)
    except (TimeoutError, StoreUnavailable) as error:
        logger.warning("the lease of the session {} ends by itself: {!r}", name, error)
