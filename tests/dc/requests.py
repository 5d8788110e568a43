"""One request from its arrival to its answer: faults, latency, execution, bookkeeping."""

import asyncio
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from pyrogram.raw.core import TLObject
from pyrogram.raw.functions.upload import SaveBigFilePart, SaveFilePart

from tests.dc.core import Core
from tests.dc.dispatch import Call, encode_error, encode_result, execute, unwrap
from tests.dc.errors import Breach, Refusal, Violation
from tests.dc.faults import Action, Fault
from tests.dc.session import Session
from tests.dc.wire import Link

origin: ContextVar[Session | None] = ContextVar("origin", default=None)
"""The session whose request is executed now: its result carries the updates, so it gets no push."""


async def serve(
    core: Core,
    transmit: Callable[..., None],
    session: Session,
    link: Link,
    message_id: int,
    query: TLObject[Any],
) -> None:
    """Answer `query`, or do what a fault says."""
    origin.set(session)
    call = Call(core, session, unwrap(session, query))
    core.journal.calls[call.method] += 1
    account = session.key.account
    fault = core.faults.striking(call.method, call.query, account.id if account else None, session.media)
    if fault is not None and _cuts_off(fault, link):
        return
    await asyncio.sleep(core.latency / 2)
    body = await _answer(call, message_id, fault)
    await asyncio.sleep(core.latency / 2)
    if fault is not None and await _spoils(fault, call, link):
        return
    transmit(session, session.reply(body, sent=call.answered))


def _cuts_off(fault: Fault, link: Link) -> bool:
    """Carry out a fault that keeps the request from being executed, and say whether it was one."""
    match fault.action:
        case Action.DROP:
            link.drop()
        case Action.STALL:
            link.stall()
        case Action.IGNORE:
            pass
        case _:
            return False
    return True


async def _spoils(fault: Fault, call: Call, link: Link) -> bool:
    """Carry out a fault that strikes after the execution, and say whether the answer is lost."""
    await asyncio.sleep(fault.seconds)
    match fault.action, call.query:
        case Action.LOSE_PART, SaveFilePart(file_id=file_id, file_part=part) | SaveBigFilePart(
            file_id=file_id, file_part=part
        ):
            call.after.append(lambda: call.core.storage.forget(call.account, file_id, part))
        case Action.DROP_AFTER, _:
            link.drop()
    return fault.action in (Action.LOSE_REPLY, Action.DROP_AFTER)


async def _answer(call: Call, message_id: int, fault: Fault | None) -> bytes:
    try:
        if call.session.key.duplicated:
            raise Refusal(406, "AUTH_KEY_DUPLICATED")
        if fault is not None and fault.action is Action.ERROR:
            raise Refusal(fault.code, fault.text)
        if fault is not None and fault.action is Action.FALSE:
            return encode_result(message_id, False)
        return encode_result(message_id, await execute(call))
    except Refusal as refusal:
        _record(call, refusal)
        return encode_error(message_id, refusal)
    except Exception:
        call.core.journal.crashes.append(f"{call.method}: {traceback.format_exc()}")
        return encode_error(message_id, Refusal(500, "RPC_CALL_FAIL"))


def _record(call: Call, refusal: Refusal) -> None:
    journal = call.core.journal
    for text, counter in (
        ("FLOOD_WAIT", "flood_waits"),
        ("MESSAGE_NOT_MODIFIED", "not_modified"),
        ("RANDOM_ID_DUPLICATE", "duplicates"),
    ):
        journal.counts[counter] += refusal.text.startswith(text)
    if isinstance(refusal, Breach):
        account = call.session.key.account
        journal.violations.append(
            Violation(
                refusal.rule,
                call.method,
                refusal.text,
                refusal.detail,
                account.id if account else None,
                call.session.id,
            )
        )
