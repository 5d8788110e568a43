"""The accounts that bring files to Telegram, and the bot, which posts them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from loguru import logger
from pyrogram import raw
from pyrogram.types import Message, Photo

from medusa.errors import StoreUnavailable, UploadError
from medusa.kept import Finished
from medusa.model import Download, Kind, Media, Method, Request, Sent
from medusa.telegram.album import post_album
from medusa.telegram.destinations import Destinations, Place
from medusa.telegram.lane import open_lane
from medusa.telegram.limits import BOT_MAX_PARTS
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import Attached, file_of, find_latest, find_posted, post_media
from medusa.upload.pool import Pool
from medusa.upload.uploader import Uploader
from medusa.views.caption import caption
from medusa.wishes import Look, Thumbnail

SEND_PATIENCE = 1800.0
"""Seconds of flood wait before a message: uploaded parts live for hours, so waiting beats uploading again."""


T = TypeVar("T")


class Pictures(Protocol):
    """People's own thumbnails."""

    async def get(self, name: str) -> bytes | None:
        """A JPEG of at most 320 pixels and 200 kB; None when there is none of this name. Raises
        StoreUnavailable."""
        ...


class Uplink:
    """An account's media connections, and the files that it brings to Telegram over them."""

    def __init__(
        self, client: PacedClient, *, sessions: int, max_parts: int, pictures: Pictures | None = None
    ) -> None:
        """`pictures`: where people's own thumbnails are. What is done is counted in the client's counters."""
        self.client = client
        self._pictures = pictures
        self.max_parts = max_parts
        self._pool = Pool(lambda: open_lane(client), lanes=sessions, counters=client.counters)
        self.uploader = Uploader(self._pool, max_parts=max_parts, counters=client.counters)

    @property
    def id(self) -> int:
        """Of the account, which is logged in."""
        if self.client.me is None:
            raise RuntimeError("the client is not logged in")
        return self.client.me.id

    def held(self) -> float:
        """Seconds for which Telegram asked this account to pause."""
        return self._pool.gate.remaining

    @property
    def connections(self) -> int:
        """Media connections that are open."""
        return self._pool.connections

    async def close(self) -> None:
        """Hang up all media connections."""
        await self._pool.close()

    async def document(self, look: Look, media: Media, file: Finished) -> raw.base.InputMedia:
        """An uploaded file as a message takes it. Raises UploadError when Telegram refuses its thumbnail."""
        plan, uploaded = file.plan, file.uploaded
        if plan.kind is Kind.PHOTO:
            return raw.types.InputMediaUploadedPhoto(
                file=raw.types.InputFile(
                    id=uploaded.file_id, parts=uploaded.parts, name=plan.file_name, md5_checksum=""
                )
            )
        thumbnail = await self._picture(look, file)
        return raw.types.InputMediaUploadedDocument(
            file=raw.types.InputFileBig(id=uploaded.file_id, parts=uploaded.parts, name=plan.file_name),
            mime_type=plan.mime,
            attributes=_attributes(media, file),
            thumb=await self._thumbnail(thumbnail) if thumbnail is not None else None,
            force_file=plan.kind is Kind.DOCUMENT,
            # Without it, a video that has no sound becomes a GIF.
            nosound_video=plan.kind is Kind.VIDEO,
        )

    async def _picture(self, look: Look, file: Finished) -> bytes | None:
        """The small picture of a file; its own where the person's is not to be had."""
        if look.thumbnail is Thumbnail.NONE:
            return None
        if look.thumbnail is Thumbnail.OWN and look.picture is not None and self._pictures is not None:
            try:
                own = await self._pictures.get(look.picture)
            except StoreUnavailable as error:
                logger.warning("a file goes without its person's thumbnail: {}", error.detail)
            else:
                return own or file.summary.thumbnail
        return file.summary.thumbnail

    async def _thumbnail(self, jpeg: bytes) -> raw.types.InputFile:
        file_id = await self.uploader.upload_small(jpeg)
        return raw.types.InputFile(id=file_id, parts=1, name="thumbnail.jpg", md5_checksum="")


class BotAccount(Uplink):
    """The bot itself."""

    def __init__(
        self,
        client: PacedClient,
        *,
        sessions: int,
        max_parts: int = BOT_MAX_PARTS,
        pictures: Pictures | None = None,
        destinations: Destinations | None = None,
    ) -> None:
        """`destinations`: people's own channels; None: all goes to the chats of the links."""
        super().__init__(client, sessions=sessions, max_parts=max_parts, pictures=pictures)
        self._destinations = destinations

    async def send(self, download: Download, media: Media, file: Finished) -> Sent:
        """Post a file that the bot has uploaded as the answer to its link.

        Raises ChatUnavailable, PartsMissing, SlowedDown, TelegramUnreachable, UploadError.
        """
        document = await self.document(download.request.look, media, file)
        return await self.answer(download, media, file, document)

    async def answer(
        self, download: Download, media: Media, file: Finished, document: raw.base.InputMedia
    ) -> Sent:
        """The same for a document that exists somewhere."""
        text = caption(download, media, file)

        async def post(place: Place) -> int:
            message_id = await post_media(
                self.client,
                place.chat_id,
                document,
                text,
                key=_key(place, download, file),
                reply_to=place.reply_to,
                topic=place.topic,
                patience=SEND_PATIENCE,
            )
            return await self._find(place, file) if message_id is None else message_id

        place, message_id = await self.place(download.request, post)
        return Sent(
            chat_id=place.chat_id,
            message_id=message_id,
            size=file.uploaded.size,
            parts=file.uploaded.parts,
            plan=file.plan if is_one_of_several(file) else None,
            duration=file.summary.duration,
        )

    async def send_album(
        self, download: Download, photos: Sequence[tuple[Media, Finished]]
    ) -> tuple[Sent, ...]:
        """Post photos that the bot has uploaded as one answer. Raises what `send` raises."""
        media, first = photos[0]
        if len(photos) == 1:
            return ((await self.send(download, media, first)).evolve(plan=first.plan),)
        documents = [await self.document(download.request.look, *photo) for photo in photos]
        text = caption(download, media, first)

        async def post(place: Place) -> list[int]:
            key = _key(place, download, first)
            return await post_album(self.client, place, documents, text, key=key, patience=SEND_PATIENCE)

        place, ids = await self.place(download.request, post)
        return tuple(
            Sent(
                chat_id=place.chat_id,
                message_id=message_id,
                size=file.uploaded.size,
                parts=file.uploaded.parts,
                plan=file.plan,
            )
            for message_id, (_, file) in zip(ids, photos, strict=True)
        )

    async def place(self, request: Request, post: Callable[[Place], Awaitable[T]]) -> tuple[Place, T]:
        """Post what answers a link where its person wants it; where that was, and what `post` returned."""
        if self._destinations is not None:
            return await self._destinations.post(request, post)
        place = Place(request.chat_id, request.message_id)
        return place, await post(place)

    async def _find(self, place: Place, file: Finished) -> int:
        """The message that was sent, but whose answer was lost."""

        def is_it(message: Message) -> bool:
            sent = file_of(message)
            return (
                (message.chat is not None and message.chat.id == place.chat_id)
                and (place.reply_to is None or message.reply_to_message_id == place.reply_to)
                and sent is not None
                and _is_same(sent, file)
            )

        found = None
        if place.reply_to is not None:
            found = await find_posted(self.client, place.chat_id, place.reply_to, is_it)
        if found is None:
            # A batch may have brought thousands since its list came.
            found = await find_latest(self.client, place.chat_id, is_it)
        if found is None:
            raise UploadError("The file was sent, but I cannot find its message any more.")
        return found


def _key(place: Place, download: Download, file: Finished) -> str:
    """In another chat it is another message."""
    key = f"send:{identity(download, file)}"
    return key if place.reply_to is not None else f"{key}:{place.chat_id}:{place.topic or 0}"


def is_one_of_several(file: Finished) -> bool:
    """Whether the download has other files, so that its own plan does not tell of this one."""
    return file.piece is not None or file.plan.method is Method.SUBTITLES


def _is_same(sent: Attached, file: Finished) -> bool:
    """Of a photo Telegram keeps neither the name nor the bytes."""
    if isinstance(sent, Photo):
        return file.plan.kind is Kind.PHOTO
    return (sent.file_name, sent.file_size) == (file.plan.file_name, file.uploaded.size)


def identity(download: Download, file: Finished) -> str:
    """Names a file of a download for ever, so that it is posted once. A piece is another one where the media
    was cut otherwise: then it has other bytes."""
    if file.plan.method is Method.SUBTITLES:
        return f"{download.id}:{file.plan.file_name}"
    if file.piece is None:
        return download.id
    if file.plan.recording is not None:  # what is on now never comes again
        return f"{download.id}:{download.claims}:{file.piece}"
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
