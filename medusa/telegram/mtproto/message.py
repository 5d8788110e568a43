"""A message and its numbers. https://core.telegram.org/mtproto/description#message-identifier-msg-id"""

from collections.abc import Sequence
from dataclasses import dataclass

from medusa.upload.pacing import Clock

Chunks = Sequence[bytes]
"""A serialized TL object in pieces, so that a part's bytes need not be copied to stand behind their head."""


@dataclass(slots=True, eq=False)
class Message:
    """What is to be sent."""

    id: int
    seq_no: int
    salt: int
    chunks: Chunks
    ends_at: int | None = None
    """Of all bytes that were written on its connection, the number behind its last one; None until then."""


class Numbers:
    """Message ids, which follow the server's clock, and sequence numbers, of one session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset = 0.0
        self._last_id = 0
        self._content_messages = 0

    def next_id(self) -> int:
        """Larger than every one before, and divisible by four."""
        now = int((self._clock() + self._offset) * 2**32)
        self._last_id = max(now & ~3, self._last_id + 4)
        return self._last_id

    def next_seq_no(self, *, content: bool) -> int:
        """Odd for a message that wants to be acknowledged."""
        number = 2 * self._content_messages + content
        self._content_messages += content
        return number

    def synchronize(self, server_message_id: int) -> None:
        """Take over the clock of the server, which has just sent this id."""
        self._offset = server_message_id / 2**32 - self._clock()
        self._last_id = 0
