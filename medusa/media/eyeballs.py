"""Which of several addresses a connection is made to: the first that answers (RFC 8305, "happy eyeballs").

An address that is dead in silence, as those of IPv6 often are, costs a quarter of a second and not the whole
patience of whoever waits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import chain, zip_longest

from medusa.media.address import Address
from medusa.media.network import Streams

Connect = Callable[[Address], Awaitable[Streams]]


def in_turns(addresses: Sequence[Address]) -> list[Address]:
    """The same in an order in which IPv6 and IPv4 take turns, so that none is reached only behind all of the
    other. The resolver's first is the first. Pure."""
    if not addresses:
        return []
    version = addresses[0].version
    these = [address for address in addresses if address.version == version]
    others = [address for address in addresses if address.version != version]
    pairs = chain.from_iterable(zip_longest(these, others))
    return [address for address in pairs if address is not None]


async def first(addresses: Sequence[Address], connect: Connect, *, pause: float) -> Streams:
    """The first connection that is made. The next address is tried when the one before has failed, or has not
    answered for `pause` seconds; what comes too late is closed. Raises OSError, the last one's, when none is
    made."""
    trying: set[asyncio.Task[Streams]] = set()
    failure: OSError = OSError("no address")
    left = list(addresses)
    try:
        while left or trying:
            if left:
                trying.add(asyncio.ensure_future(_streams(connect, left.pop(0))))
            done, trying = await asyncio.wait(
                trying, timeout=pause if left else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                error = task.exception()
                if error is None:
                    trying |= done - {task}
                    return task.result()
                if not isinstance(error, OSError):
                    raise error
                failure = error
        raise failure
    finally:
        await asyncio.shield(asyncio.ensure_future(_give_up(trying)))


async def _streams(connect: Connect, address: Address) -> Streams:
    return await connect(address)


async def _give_up(trying: set[asyncio.Task[Streams]]) -> None:
    for task in trying:
        task.cancel()
    for found in await asyncio.gather(*trying, return_exceptions=True):
        if isinstance(found, tuple):
            found[1].transport.abort()
