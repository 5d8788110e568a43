"""Faults on demand: what goes wrong, for which requests, how often."""

from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any


class Action(Enum):
    """What a fault does to a request that it selects."""

    ERROR = "error"  # answer rpc_error instead of executing
    FALSE = "false"  # answer boolFalse instead of executing
    LOSE_REPLY = "lose_reply"  # execute and never answer
    IGNORE = "ignore"  # neither execute nor answer
    DROP = "drop"  # break the connection instead of executing
    DROP_AFTER = "drop_after"  # execute, then break the connection without an answer
    STALL = "stall"  # stop reading from the connection; the request is not executed
    DELAY = "delay"  # execute, then answer after `seconds`
    LOSE_PART = "lose_part"  # execute and answer, then forget the file part


@dataclass
class Fault:
    """One programmed fault.

    It selects requests by `method` (a pattern such as "upload.*", case does not matter), file `part`,
    `total` (-1: streamed parts), `account` id and `media` (address). It lets `after` matching requests pass,
    then acts on `times` of them (None: on all). `seen` and `fired` count. A request that one fault struck
    is not seen by those added later.
    """

    action: Action
    method: str = "*"
    part: int | None = None
    total: int | None = None
    account: int | None = None
    media: bool | None = None
    after: int = 0
    times: int | None = 1
    code: int = 0
    text: str = ""
    seconds: float = 0.0
    seen: int = 0
    fired: int = 0

    def strikes(self, method: str, query: Any, account: int | None, media: bool) -> bool:
        """Whether it acts on this request; counts."""
        if not fnmatchcase(method.lower(), self.method.lower()):
            return False
        wanted = ((self.account, account), (self.media, media))
        if any(want is not None and want != got for want, got in wanted):
            return False
        if self.part is not None and getattr(query, "file_part", None) != self.part:
            return False
        if self.total is not None and getattr(query, "file_total_parts", None) != self.total:
            return False
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.fired >= self.times):
            return False
        self.fired += 1
        return True


@dataclass
class Faults:
    """The faults of a data centre, asked in the order they were added. Selectors are those of Fault."""

    active: list[Fault] = field(default_factory=list)

    def add(self, action: Action, **settings: Any) -> Fault:
        """Programme a fault."""
        fault = Fault(action, **settings)
        self.active.append(fault)
        return fault

    def error(self, code: int, text: str, **selectors: Any) -> Fault:
        """Answer an RPC error, such as 500 RPC_CALL_FAIL or 503 Timeout."""
        return self.add(Action.ERROR, code=code, text=text, **selectors)

    def flood_wait(self, seconds: int, **selectors: Any) -> Fault:
        """Answer FLOOD_WAIT_x."""
        return self.error(420, f"FLOOD_WAIT_{seconds}", **selectors)

    def flood_premium_wait(self, seconds: int, **selectors: Any) -> Fault:
        """Answer FLOOD_PREMIUM_WAIT_x to file parts."""
        return self.error(420, f"FLOOD_PREMIUM_WAIT_{seconds}", **{"method": "upload.save*Part", **selectors})

    def refuse_streams(self, times: int | None = None, **selectors: Any) -> Fault:
        """Answer FILE_PARTS_INVALID to every part with file_total_parts = -1, as gotd's test server does."""
        return self.error(400, "FILE_PARTS_INVALID", total=-1, times=times, **selectors)

    def answer_false(self, **selectors: Any) -> Fault:
        """Answer boolFalse to file parts; the part is not kept."""
        return self.add(Action.FALSE, **{"method": "upload.save*Part", **selectors})

    def lose_reply(self, **selectors: Any) -> Fault:
        """Execute and never answer, so that the client repeats itself."""
        return self.add(Action.LOSE_REPLY, **selectors)

    def ignore(self, **selectors: Any) -> Fault:
        """Neither execute nor answer."""
        return self.add(Action.IGNORE, **selectors)

    def drop(self, *, executed: bool = False, **selectors: Any) -> Fault:
        """Break the connection when a request arrives, before or after it is executed."""
        return self.add(Action.DROP_AFTER if executed else Action.DROP, **selectors)

    def stall(self, **selectors: Any) -> Fault:
        """Stop reading from the connection that carries the request."""
        return self.add(Action.STALL, **selectors)

    def delay(self, seconds: float, **selectors: Any) -> Fault:
        """Answer late."""
        return self.add(Action.DELAY, seconds=seconds, **selectors)

    def lose_part(self, part: int, **selectors: Any) -> Fault:
        """Acknowledge a file part and forget it, as the real service may after some hours."""
        return self.add(Action.LOSE_PART, part=part, **{"method": "upload.save*Part", **selectors})

    def clear(self) -> None:
        """Let everything work again."""
        self.active.clear()

    def striking(self, method: str, query: Any, account: int | None, media: bool) -> Fault | None:
        """The fault that acts on this request, if any."""
        return next((one for one in self.active if one.strikes(method, query, account, media)), None)
