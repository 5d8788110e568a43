"""The accounts that bring files to Telegram, and the bot, which posts them."""

from pyrogram import raw
from pyrogram.types import Message

from medusa.errors import UploadError
from medusa.kept import Finished
from medusa.model import Download, Kind, Media, Sent
from medusa.telegram.lane import open_lane
from medusa.telegram.limits import BOT_MAX_PARTS
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import file_of, find_posted, post_media
from medusa.upload.pool import Pool
from medusa.upload.uploader import Uploader
from medusa.views.job import caption

SEND_PATIENCE = 1800.0
"""Seconds of flood wait before a message: uploaded parts live for hours, so waiting beats uploading again."""


class Uplink:
    """An account's media connections, and the files that it brings to Telegram over them."""

    def __init__(self, client: PacedClient, *, sessions: int, max_parts: int) -> None:
        self.client = client
        self.max_parts = max_parts
        self._pool = Pool(lambda: open_lane(client), lanes=sessions)
        self.uploader = Uploader(self._pool, max_parts=max_parts)

    @property
    def id(self) -> int:
        """Of the account, which is logged in."""
        if self.client.me is None:
            raise RuntimeError("the client is not logged in")
        return self.client.me.id

    def held(self) -> float:
        """Seconds for which Telegram asked this account to pause."""
        return self._pool.gate.remaining

    async def close(self) -> None:
        """Hang up all media connections."""
        await self._pool.close()

    async def document(self, media: Media, file: Finished) -> raw.types.InputMediaUploadedDocument:
        """An uploaded file as a message takes it. Raises UploadError when Telegram refuses its thumbnail."""
        plan, uploaded = file.plan, file.uploaded
        thumbnail = file.summary.thumbnail
        return raw.types.InputMediaUploadedDocument(
            file=raw.types.InputFileBig(id=uploaded.file_id, parts=uploaded.parts, name=plan.file_name),
            mime_type=plan.mime,
            attributes=_attributes(media, file),
            thumb=await self._thumbnail(thumbnail) if thumbnail is not None else None,
            force_file=plan.kind is Kind.DOCUMENT,
            # Without it, a video that has no sound becomes a GIF.
            nosound_video=plan.kind is Kind.VIDEO,
        )

    async def _thumbnail(self, jpeg: bytes) -> raw.types.InputFile:
        file_id = await self.uploader.upload_small(jpeg)
        return raw.types.InputFile(id=file_id, parts=1, name="thumbnail.jpg", md5_checksum="")


class BotAccount(Uplink):
    """The bot itself."""

    def __init__(self, client: PacedClient, *, sessions: int, max_parts: int = BOT_MAX_PARTS) -> None:
        super().__init__(client, sessions=sessions, max_parts=max_parts)

    async def send(self, download: Download, media: Media, file: Finished) -> Sent:
        """Post a file that the bot has uploaded as the answer to its link.

        Raises ChatUnavailable, PartsMissing, SlowedDown, TelegramUnreachable, UploadError.
        """
        return await self.answer(download, media, file, await self.document(media, file))

    async def answer(
        self, download: Download, media: Media, file: Finished, document: raw.base.InputMedia
    ) -> Sent:
        """The same for a document that exists somewhere."""
        request = download.request
        message_id = await post_media(
            self.client,
            request.chat_id,
            document,
            caption(media, file.piece),
            key=f"send:{identity(download, file)}",
            reply_to=request.message_id,
            patience=SEND_PATIENCE,
        )
        if message_id is None:
            message_id = await self._find(download, file)
        return Sent(
            chat_id=request.chat_id,
            message_id=message_id,
            size=file.uploaded.size,
            parts=file.uploaded.parts,
            plan=file.plan if file.piece is not None else None,
            duration=file.summary.duration,
        )

    async def _find(self, download: Download, file: Finished) -> int:
        """The message that was sent, but whose answer was lost."""
        request = download.request

        def is_it(message: Message) -> bool:
            sent = file_of(message)
            return (
                message.reply_to_message_id == request.message_id
                and sent is not None
                and (sent.file_name, sent.file_size) == (file.plan.file_name, file.uploaded.size)
            )

        found = await find_posted(self.client, request.chat_id, request.message_id, is_it)
        if found is None:
            raise UploadError("The file was sent, but I cannot find its message any more.")
        return found


def identity(download: Download, file: Finished) -> str:
    """Names a file of a download for ever, so that it is posted once. A piece is another one where the media
    was cut otherwise: then it has other bytes."""
    if file.piece is None:
        return download.id
    return f"{download.id}:{file.plan.max_size}:{file.plan.head_window}:{file.piece}"


def _attributes(media: Media, file: Finished) -> list[raw.base.DocumentAttribute]:
    """What players need to know of a file."""
    plan, summary = file.plan, file.summary
    duration = summary.duration or (media.duration if file.piece is None else None) or 0
    attributes: list[raw.base.DocumentAttribute] = [
        raw.types.DocumentAttributeFilename(file_name=plan.file_name)
    ]
    if plan.kind is Kind.VIDEO:
        attributes.append(
            raw.types.DocumentAttributeVideo(
                duration=duration, w=summary.width or 0, h=summary.height or 0, supports_streaming=True
            )
        )
    elif plan.kind is Kind.AUDIO:
        attributes.append(
            raw.types.DocumentAttributeAudio(
                duration=round(duration),
                title=summary.title or media.title,
                performer=summary.performer or media.performer,
            )
        )
    return attributes
