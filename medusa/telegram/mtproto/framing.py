"""The abridged transport: a packet is preceded by its length in words of four bytes. Pure.

https://core.telegram.org/mtproto/mtproto-transports#abridged
"""

from collections.abc import Iterator

TAG = b"\xef"
"""What a client sends first."""

LARGEST = 1024 * 1024
"""Bytes of a packet; what comes back for a part has about a hundred."""


def prefix(length: int) -> bytes:
    """What precedes a packet of so many bytes, a multiple of four."""
    words = length // 4
    return bytes((words,)) if words < 0x7F else b"\x7f" + words.to_bytes(3, "little")


class Deframer:
    """Bytes as they arrive in, packets out."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The packets that are complete now. Raises ConnectionError for one that is absurdly long."""
        self._buffer += data
        while (packet := self._next()) is not None:
            yield packet

    def _next(self) -> bytes | None:
        buffer = self._buffer
        head = 4 if buffer[:1] == b"\x7f" else 1
        if len(buffer) < head:
            return None
        end = head + 4 * (buffer[0] if head == 1 else int.from_bytes(buffer[1:4], "little"))
        if end > LARGEST:
            raise ConnectionError(f"a packet of {end} bytes")
        if len(buffer) < end:
            return None
        packet = bytes(buffer[head:end])
        del buffer[:end]
        return packet
