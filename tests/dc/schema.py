"""From bytes to schema objects, by the reader that comes with Pyrogram."""

from collections.abc import Iterator
from gzip import decompress
from io import BytesIO
from typing import Any

from pyrogram.raw.core import GzipPacked, MsgContainer, TLObject
from pyrogram.raw.core.primitives import Bytes, Int, Long

_CONTAINER = MsgContainer.ID.to_bytes(4, "little")
_GZIP = GzipPacked.ID.to_bytes(4, "little")


class _Reader(BytesIO):
    """A stream that never tells how much is left.

    Pyrogram takes a vector for bare numbers when the rest of the stream happens to be 4 or 8 bytes per
    element, which is wrong for getMessages([inputMessageID]). Without a length it reads objects.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        return b"" if size is None or size < 0 else super().read(size)


def read_object(data: bytes) -> TLObject[Any]:
    """One boxed object. Raises KeyError for a constructor that the schema does not have."""
    if data.startswith(_GZIP):
        return read_object(decompress(Bytes.read(BytesIO(data[4:]))))
    found: TLObject[Any] = TLObject.read(_Reader(data))
    return found


def is_readable(body: bytes) -> bool:
    """Whether a Pyrogram client can read `body`; one that it cannot read makes it reconnect for ever."""
    try:
        TLObject.read(BytesIO(body))
    except (KeyError, IndexError, ValueError):
        return False
    return True


def read_messages(message_id: int, data: bytes) -> Iterator[tuple[int, TLObject[Any]]]:
    """The messages of a container, or the one message that is none, each with its id."""
    if not data.startswith(_CONTAINER):
        yield message_id, read_object(data)
        return
    stream = BytesIO(data[4:])
    for _ in range(Int.read(stream)):
        inner_id, _, length = Long.read(stream), Int.read(stream), Int.read(stream)
        yield inner_id, read_object(stream.read(length))
