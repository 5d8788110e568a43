"""Which function answers which API method."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pyrogram.raw.core import TLObject
from pyrogram.raw.core.primitives import Bool, Long, Vector
from pyrogram.raw.functions import (
    InitConnection,
    InvokeAfterMsg,
    InvokeAfterMsgs,
    InvokeWithLayer,
    InvokeWithoutUpdates,
    InvokeWithTakeout,
)
from pyrogram.raw.types import RpcError

from tests.dc.errors import Refusal
from tests.dc.session import Session
from tests.dc.state import Account

if TYPE_CHECKING:
    from tests.dc.core import Core

Result = TLObject[Any] | bool | list[TLObject[Any]]

_Q = TypeVar("_Q")
_Handler = Callable[["Call", _Q], Result | Awaitable[Result]]

_handlers: dict[type[Any], _Handler[Any]] = {}
_open: set[type[Any]] = set()

_WRAPPERS = (
    InitConnection,
    InvokeAfterMsg,
    InvokeAfterMsgs,
    InvokeWithLayer,
    InvokeWithoutUpdates,
    InvokeWithTakeout,
)
_RPC_RESULT = 0xF35C6D01.to_bytes(4, "little")


@dataclass(frozen=True)
class Call:
    """One request: who asks what through which session. `after` is called once the answer is written."""

    core: "Core"
    session: Session
    query: TLObject[Any]
    after: list[Callable[[], None]] = field(default_factory=list)

    @property
    def method(self) -> str:
        """The name as in the documentation, but for its capitals: "messages.SendMessage"."""
        return self.query.QUALNAME.removeprefix("functions.")

    @property
    def account(self) -> Account:
        """Who is logged in. Raises Refusal when nobody is."""
        if self.session.key.account is None:
            raise Refusal(401, "AUTH_KEY_UNREGISTERED")
        return self.session.key.account

    def answered(self) -> None:
        """The answer has been written."""
        for done in self.after:
            done()

    def refuse_bots(self) -> None:
        """Raise Refusal when a bot calls a method for people."""
        if self.account.is_bot:
            raise Refusal(400, "BOT_METHOD_INVALID")


def handles(query: type[_Q], *, anonymous: bool = False) -> Callable[[_Handler[_Q]], _Handler[_Q]]:
    """Register the answer to a method; `anonymous` ones need no login."""

    def register(handler: _Handler[_Q]) -> _Handler[_Q]:
        _handlers[query] = handler
        if anonymous:
            _open.add(query)
        return handler

    return register


def unwrap(session: Session, query: TLObject[Any]) -> TLObject[Any]:
    """Take a method out of invokeWithLayer and the like, and note in the session what they say."""
    inner: Any = query
    while isinstance(inner, _WRAPPERS):
        if isinstance(inner, InitConnection):
            session.ready = True
        if isinstance(inner, InvokeWithoutUpdates):
            session.no_updates = True
        inner = inner.query
    assert isinstance(inner, TLObject)
    return inner


async def execute(call: Call) -> Result:
    """Run the handler of `call`. Raises Refusal."""
    handler = _handlers.get(type(call.query))
    if handler is None:
        call.core.journal.unhandled.append(call.method)
        raise Refusal(400, "METHOD_INVALID")
    if not call.session.ready:
        raise Refusal(400, "CONNECTION_NOT_INITED")
    if type(call.query) not in _open and call.session.key.account is None:
        raise Refusal(401, "AUTH_KEY_UNREGISTERED")
    result = handler(call, call.query)
    return await result if isinstance(result, Awaitable) else result


def encode_result(message_id: int, result: Result) -> bytes:
    """rpc_result with an object, a Bool or a vector of objects."""
    if isinstance(result, bool):
        body: bytes = Bool(result)
    elif isinstance(result, list):
        body = Vector(result)
    else:
        body = result.write()
    return _RPC_RESULT + bytes(Long(message_id)) + bytes(body)


def encode_error(message_id: int, refusal: Refusal) -> bytes:
    """rpc_result with rpc_error."""
    return encode_result(message_id, RpcError(error_code=refusal.code, error_message=refusal.text))
