"""One request on one connection, tried once.

Pyrogram's own `invoke` hides what went wrong behind repetitions, and a request whose connection is lost waits
for its whole time limit. Here the caller learns at once, and decides.
"""

import asyncio
from typing import Any, TypeVar

from pyrogram.raw.core import TLObject
from pyrogram.raw.types import BadMsgNotification
from pyrogram.session import Session

from medusa.telegram.transport import GuardedTransport

T = TypeVar("T")


def transport_of(session: Session) -> GuardedTransport | None:
    """The connection that a session has at this moment."""
    connection = session.connection
    transport = connection.protocol if connection is not None else None
    return transport if isinstance(transport, GuardedTransport) else None


def taken(answer: object) -> Any:
    """The answer. Raises OSError when the server did not take the message: Pyrogram hands that out as one."""
    if isinstance(answer, BadMsgNotification):
        raise ConnectionError(f"the server refused a message: {answer.error_code}")
    return answer


async def call(session: Session, query: TLObject[T], *, seconds: float) -> T:
    """The answer. Raises Pyrogram's RPCError, and OSError when no answer comes."""
    transport = transport_of(session)
    if transport is None or transport.lost.is_set():
        raise ConnectionError("there is no connection")
    sending = asyncio.ensure_future(session.send(query, timeout=seconds))
    lost = asyncio.ensure_future(transport.lost.wait())
    try:
        await asyncio.wait([sending, lost], return_when=asyncio.FIRST_COMPLETED)
        if not sending.done():
            raise ConnectionError("the connection was lost before the answer came")
        answer: T = taken(sending.result())
        return answer
    finally:
        sending.cancel()
        lost.cancel()
