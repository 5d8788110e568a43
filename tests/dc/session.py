"""MTProto sessions: message ids, sequence numbers, salts, and what waits for a client to come back."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.dc.srp import Challenge
from tests.dc.state import Account
from tests.dc.wire import Link

_RESENT = 64  # how many pushed, unacknowledged messages are kept for a reconnect
_REMEMBERED = 1000  # message ids kept to recognise a repeated message


@dataclass(eq=False)
class AuthKey:
    """An authorization key and who is logged in with it."""

    secret: bytes
    id: int
    salt: bytes
    account: Account | None = None
    challenge: tuple[Account, Challenge] | None = None  # who may log in with it by the password
    duplicated: bool = False  # used on two main connections at once, and therefore worthless
    sessions: "dict[int, Session]" = field(default_factory=dict)


@dataclass(frozen=True)
class Outgoing:
    """A message with its numbers, ready to be sealed; `sent` is called when it has been written."""

    message_id: int
    seq_no: int
    body: bytes
    sent: Callable[[], None] | None = None


class Session:
    """One session_id under one key. It survives its connections."""

    def __init__(self, key: AuthKey, session_id: int, link: Link) -> None:
        self.key = key
        self.id = session_id
        self.link: Link | None = link
        self.media = link.media
        self.is_new = True  # not yet greeted
        self.ready = False  # initConnection was called
        self.no_updates = False
        self.parts = 0  # file parts received here
        self._unacknowledged: dict[int, Outgoing] = {}
        self._seen: deque[int] = deque(maxlen=_REMEMBERED)
        self._last_id = 0
        self._content_sent = 0

    @property
    def listens(self) -> bool:
        """Whether updates are pushed here."""
        return not self.media and self.ready and not self.no_updates and self.key.account is not None

    def is_repeated(self, message_id: int) -> bool:
        """Whether the client already sent this message; remembers it."""
        repeated = message_id in self._seen
        self._seen.append(message_id)
        return repeated

    def reply(self, body: bytes, *, content: bool = True, sent: Callable[[], None] | None = None) -> Outgoing:
        """Number an answer to the client."""
        return self._number(body, content, kind=1, sent=sent)

    def push(self, body: bytes) -> Outgoing:
        """Number a message of the server's own accord; it is kept until the client acknowledges it."""
        message = self._number(body, True, kind=3, sent=None)
        if len(self._unacknowledged) < _RESENT:
            self._unacknowledged[message.message_id] = message
        return message

    def acknowledge(self, message_ids: list[int]) -> None:
        """Forget what has arrived."""
        for message_id in message_ids:
            self._unacknowledged.pop(message_id, None)

    def resume(self, link: Link) -> list[Outgoing]:
        """Continue on another connection: returns what must be sent again there before anything else."""
        self.link = link
        return list(self._unacknowledged.values())

    def _number(self, body: bytes, content: bool, kind: int, sent: Callable[[], None] | None) -> Outgoing:
        floor = self._last_id + 4
        self._last_id = max(int(time.time() * 2**32), floor) & ~3 | kind
        seq_no = self._content_sent * 2 + content
        self._content_sent += content
        return Outgoing(self._last_id, seq_no, body, sent)
