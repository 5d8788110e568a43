"""An account that uploads files and posts them."""

from pyrogram import raw
from pyrogram.types import Message

from medusa.errors import UploadError
from medusa.model import Download, Kind, Media, Plan, Sent, Summary
from medusa.telegram.lane import open_lane
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import find_posted, post_media
from medusa.upload.pool import Pool
from medusa.upload.uploader import Uploaded, Uploader
from medusa.views.job import caption

BOT_MAX_PARTS = 4000
"""Of 512 KiB, so 2,097,152,000 bytes: `upload_max_fileparts_default` (https://core.telegram.org/api/config)."""

SEND_PATIENCE = 1800.0
"""Seconds of flood wait before a message: uploaded parts live for hours, so waiting beats uploading again."""


class BotAccount:
    """The bot itself."""

    def __init__(self, client: PacedClient, *, sessions: int, max_parts: int = BOT_MAX_PARTS) -> None:
        self._client = client
        self._pool = Pool(lambda: open_lane(client), lanes=sessions)
        self.max_parts = max_parts
        self.uploader = Uploader(self._pool, max_parts=max_parts)

    def held(self) -> float:
        """Seconds for which Telegram asked us to pause."""
        return self._pool.gate.remaining

    async def close(self) -> None:
        """Hang up all media connections."""
        await self._pool.close()

    async def send(
        self, download: Download, media: Media, plan: Plan, summary: Summary, file: Uploaded
    ) -> Sent:
        """Post an uploaded file as the answer to its link.

        Raises ChatUnavailable, PartsMissing, SlowedDown, TelegramUnreachable, UploadError.
        """
        request = download.request
        message_id = await post_media(
            self._client,
            request.chat_id,
            raw.types.InputMediaUploadedDocument(
                file=raw.types.InputFileBig(id=file.file_id, parts=file.parts, name=plan.file_name),
                mime_type=plan.mime,
                attributes=_attributes(media, plan, summary),
                thumb=await self._thumbnail(summary),
                force_file=plan.kind is Kind.DOCUMENT,
                # Without it, a video that has no sound becomes a GIF.
                nosound_video=plan.kind is Kind.VIDEO,
            ),
            caption(media),
            key=f"send:{download.id}",
            reply_to=request.message_id,
            patience=SEND_PATIENCE,
        )
        if message_id is None:
            message_id = await self._find(download, plan, file)
        return Sent(chat_id=request.chat_id, message_id=message_id, size=file.size, parts=file.parts)

    async def _find(self, download: Download, plan: Plan, file: Uploaded) -> int:
        """The message that was sent, but whose answer was lost."""
        request = download.request

        def is_it(message: Message) -> bool:
            sent = message.video or message.audio or message.document or message.animation
            return (
                message.reply_to_message_id == request.message_id
                and sent is not None
                and (sent.file_name, sent.file_size) == (plan.file_name, file.size)
            )

        found = await find_posted(self._client, request.chat_id, request.message_id, is_it)
        if found is None:
            raise UploadError("The file was sent, but I cannot find its message any more.")
        return found

    async def _thumbnail(self, summary: Summary) -> raw.types.InputFile | None:
        if summary.thumbnail is None:
            return None
        file_id = await self.uploader.upload_small(summary.thumbnail)
        return raw.types.InputFile(id=file_id, parts=1, name="thumbnail.jpg", md5_checksum="")


def _attributes(media: Media, plan: Plan, summary: Summary) -> list[raw.base.DocumentAttribute]:
    """What players need to know of the file."""
    duration = summary.duration or media.duration or 0
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
