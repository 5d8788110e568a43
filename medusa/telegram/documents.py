"""Small files that the bot writes itself, as messages."""

from pyrogram import raw
from pyrogram.types import Message

from medusa.errors import WrongArgument
from medusa.telegram.incoming import chat
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import post_media
from medusa.text import human_size
from medusa.upload.parts import part_count
from medusa.upload.uploader import Uploader
from medusa.views.view import TextFile

MOST_BYTES = 10_000_000
"""Of a file in parts that need no checksum (https://core.telegram.org/api/files#uploading-files)."""


class Documents:
    """Uploads and sends them; they are in memory as a whole."""

    def __init__(self, client: PacedClient, uploader: Uploader) -> None:
        self._client = client
        self._uploader = uploader

    async def upload(self, file: TextFile) -> raw.base.InputMedia:
        """A file as a message takes it. Raises WrongArgument for one that is too large, SlowedDown,
        TelegramUnreachable, UploadError."""
        data = file.text.encode("utf-8", "replace")
        if len(data) > MOST_BYTES:
            raise WrongArgument(f"That would be a file of more than {human_size(MOST_BYTES)}.")
        return raw.types.InputMediaUploadedDocument(
            file=raw.types.InputFile(
                id=await self._uploader.upload_small(data),
                parts=part_count(len(data)),
                name=file.name,
                md5_checksum="",
            ),
            mime_type=file.mime,
            attributes=[raw.types.DocumentAttributeFilename(file_name=file.name)],
            force_file=True,
        )

    async def upload_photo(self, png: bytes) -> raw.base.InputMedia:
        """A picture as a message takes it. Raises SlowedDown, TelegramUnreachable, UploadError."""
        return raw.types.InputMediaUploadedPhoto(
            file=raw.types.InputFile(
                id=await self._uploader.upload_small(png),
                parts=part_count(len(png)),
                name="picture.png",
                md5_checksum="",
            )
        )

    async def send(self, chat_id: int, file: TextFile, caption: str, *, key: str, reply_to: int) -> None:
        """Send a file with an HTML caption, once for each `key`.

        Raises ChatUnavailable, SlowedDown, TelegramUnreachable, UploadError.
        """
        media = await self.upload(file)
        await post_media(self._client, chat_id, media, caption, key=key, reply_to=reply_to)

    async def reply(self, message: Message, file: TextFile, caption: str = "") -> None:
        """Answer a message with a file, once. Raises the same."""
        key = f"file:{chat(message)}:{message.id}"
        await self.send(chat(message), file, caption, key=key, reply_to=message.id)
