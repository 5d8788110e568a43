"""Pictures that people give for their files, as Telegram has made them small."""

from typing import Protocol

from pyrogram.types import Message

from medusa.errors import UploadError, WrongArgument
from medusa.telegram.errors import translated
from medusa.telegram.pace import PacedClient

SIDE = 320
"""Pixels that a thumbnail may be wide or high (https://core.telegram.org/api/files#uploading-files)."""
MOST = 200_000
"""Bytes of a thumbnail."""


class PictureStore(Protocol):
    """Small pictures by name. Each method raises StoreUnavailable when the database is down."""

    async def keep(self, name: str, jpeg: bytes) -> None:
        """Keep a picture under this name, in place of any other."""
        ...

    async def get(self, name: str) -> bytes | None:
        """A picture; None when there is none of this name."""
        ...

    async def forget(self, name: str) -> None:
        """Let go of a picture."""
        ...


async def small_picture(client: PacedClient, message: Message) -> bytes:
    """The photo of a message as a thumbnail: the largest version that Telegram offers of at most 320 pixels
    and 200 kB, a JPEG.

    Raises WrongArgument where there is no photo, SlowedDown, TelegramUnreachable, UploadError.
    """
    photo = message.photo
    if photo is None:
        raise WrongArgument("Send a picture as a photo, not as a file.")
    sizes = [
        size
        for size in (photo, *(photo.thumbs or ()))
        if max(size.width, size.height) <= SIDE and size.file_size <= MOST
    ]
    if not sizes:
        raise WrongArgument("Telegram has no small version of this photo. Send another one.")
    best = max(sizes, key=lambda size: size.width * size.height)
    data = bytearray()
    with translated():
        async for block in client.stream_media(best.file_id):
            data += block
            if len(data) > MOST:
                break
    if not data.startswith(b"\xff\xd8") or len(data) > MOST:
        raise UploadError("Telegram does not give me this photo. Send it again.")
    return bytes(data)
