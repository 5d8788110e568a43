"""Files that people send to the bot: small ones, which are read into memory."""

from pyrogram.types import Document, Message

from medusa.errors import TelegramUnreachable, UploadError, WrongArgument
from medusa.telegram.errors import translated
from medusa.telegram.pace import PacedClient
from medusa.text import human_size


def document(message: Message) -> Document | None:
    """The file of a message, or of the message that it answers."""
    answered = message.reply_to_message
    return message.document or (answered.document if answered else None)


async def read_document(client: PacedClient, message: Message, most: int) -> bytes:
    """The bytes of `document(message)`, at most `most`.

    Raises WrongArgument where there is no file or too large a one (nothing is fetched then), SlowedDown,
    TelegramUnreachable, and UploadError where Telegram does not give it out.
    """
    file = document(message)
    if file is None:
        raise WrongArgument("There is no file in this message.")
    if (file.file_size or 0) > most:
        raise WrongArgument(
            f"This file has {human_size(file.file_size or 0)}; I read at most {human_size(most)}."
        )
    try:
        with translated():
            data = await _fetch(client, file, most)
    except UploadError as error:
        raise UploadError(
            "Telegram does not give me this file. Send it again.", detail=error.detail
        ) from error
    if file.file_size and len(data) != file.file_size:
        raise TelegramUnreachable(detail=f"{len(data)} bytes of {file.file_size}")
    return data


async def _fetch(client: PacedClient, file: Document, most: int) -> bytes:
    data = bytearray()
    # Unlike download_media it never thinks of a place on the disk.
    async for block in client.stream_media(file.file_id):
        data += block
        if len(data) > most:
            raise WrongArgument(f"This file has more than the {human_size(most)} that I read.")
    return bytes(data)
