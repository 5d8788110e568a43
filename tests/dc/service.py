"""MTProto service messages, and the checks that come before any API method."""

import time
from typing import Any

from mtproto.transport.packets.message_packet import DecryptedMessagePacket
from pyrogram.raw.core import FutureSalt, FutureSalts, TLObject
from pyrogram.raw.functions import (
    DestroySession,
    GetFutureSalts,
    Ping,
    PingDelayDisconnect,
    RpcDropAnswer,
)
from pyrogram.raw.types import (
    BadMsgNotification,
    BadServerSalt,
    DestroySessionOk,
    HttpWait,
    MsgsAck,
    NewSessionCreated,
    Pong,
    RpcAnswerUnknown,
)

from tests.dc.session import Session

_DAY = 24 * 3600


def objection(session: Session, message: DecryptedMessagePacket) -> TLObject[Any] | None:
    """What is wrong with a message as a whole: its salt or its id."""
    if message.salt != session.key.salt:
        return BadServerSalt(
            bad_msg_id=message.message_id,
            bad_msg_seqno=message.seq_no,
            error_code=48,
            new_server_salt=int.from_bytes(session.key.salt, "little", signed=True),
        )
    age = time.time() - message.message_id / 2**32
    code = 18 if message.message_id % 4 else 16 if age > 300 else 17 if age < -30 else 0
    if code:
        return BadMsgNotification(
            bad_msg_id=message.message_id, bad_msg_seqno=message.seq_no, error_code=code
        )
    return None


def greeting(session: Session, message_id: int) -> TLObject[Any]:
    """new_session_created."""
    salt = int.from_bytes(session.key.salt, "little", signed=True)
    return NewSessionCreated(first_msg_id=message_id, unique_id=abs(session.id), server_salt=salt)


def is_service(body: TLObject[Any]) -> bool:
    """Whether `respond` is responsible."""
    return isinstance(
        body,
        MsgsAck | HttpWait | Ping | PingDelayDisconnect | GetFutureSalts | RpcDropAnswer | DestroySession,
    )


def respond(session: Session, message_id: int, body: TLObject[Any]) -> TLObject[Any] | None:
    """The answer to a service message, if it has one."""
    match body:
        case MsgsAck():
            session.acknowledge(body.msg_ids)
        case Ping() | PingDelayDisconnect():
            return Pong(msg_id=message_id, ping_id=body.ping_id)
        case GetFutureSalts():
            now = int(time.time())
            salt = FutureSalt(now, now + _DAY, int.from_bytes(session.key.salt, "little", signed=True))
            return FutureSalts(message_id, now, [salt])
        case RpcDropAnswer():
            return RpcAnswerUnknown()
        case DestroySession():
            session.key.sessions.pop(body.session_id, None)
            return DestroySessionOk(session_id=body.session_id)
    return None
