"""From inputMedia to what hangs on a message."""

from typing import Any

from pyrogram.raw.types import (
    DocumentAttributeFilename,
    InputDocument,
    InputFile,
    InputFileBig,
    InputMediaDocument,
    InputMediaEmpty,
    InputMediaPhoto,
    InputMediaUploadedDocument,
    InputMediaUploadedPhoto,
    InputMediaWebPage,
    InputPhoto,
)

from tests.dc.dispatch import Call
from tests.dc.errors import Breach, Refusal, Violation
from tests.dc.files import File
from tests.dc.media import Media, image_size

_THUMB_BYTES = 200 * 1024
_THUMB_SIDE = 320
_PHOTO_BYTES, _PHOTO_SIDES, _PHOTO_RATIO = 10 * 1024 * 1024, 10_000, 20
"""Of a photo: 10 MB, width and height together, one against the other
(https://core.telegram.org/bots/api#sendphoto)."""


def attach(call: Call, media: Any) -> Media | None:
    """The attachment that `media` describes; None for a link preview. Raises Refusal or Breach."""
    match media:
        case InputMediaWebPage() | InputMediaEmpty():
            return None
        case InputMediaUploadedDocument():
            return _document(call, media)
        case InputMediaUploadedPhoto():
            return _photo(call, media)
        case InputMediaDocument() | InputMediaPhoto():
            return find_media(call, media.id)
    call.core.journal.unhandled.append(f"{call.method} with {type(media).__name__}")
    raise Refusal(400, "MEDIA_INVALID")


def find_media(call: Call, reference: Any) -> Media:
    """A document or photo that the caller was shown before."""
    if not isinstance(reference, InputDocument | InputPhoto):
        raise Refusal(400, "MEDIA_EMPTY")
    media = call.core.media.get(reference.id)
    viewer = call.account.id
    if media is None or reference.access_hash != call.core.hashes.access(viewer, "file", reference.id):
        raise Breach(
            "file_access_hash", 400, "MEDIA_EMPTY", f"file {reference.id} was never shown to this account"
        )
    call.core.hashes.check_reference(viewer, reference.id, reference.file_reference)
    return media


def _document(call: Call, media: InputMediaUploadedDocument) -> Media:
    file = _finish(call, media.file)
    attributes = tuple(media.attributes)
    name = getattr(media.file, "name", "")
    if name and not any(isinstance(one, DocumentAttributeFilename) for one in attributes):
        attributes += (DocumentAttributeFilename(file_name=name),)
    made = Media(file, media.mime_type, attributes, _thumb(call, media.thumb), spoiler=bool(media.spoiler))
    return call.core.media.setdefault(file.id, made)


def _photo(call: Call, media: InputMediaUploadedPhoto) -> Media:
    file = _finish(call, media.file)
    if file.streamed:
        raise Breach("streamed_photo", 400, "FILE_PARTS_INVALID", "a streamed upload cannot become a photo")
    size = image_size(file.content.part(0))
    if size is None:
        raise Refusal(400, "IMAGE_PROCESS_FAILED")
    if file.size > _PHOTO_BYTES:
        raise Breach("photo_size", 400, "PHOTO_SAVE_FILE_INVALID", f"{file.size} bytes")
    if sum(size) > _PHOTO_SIDES or max(size) > _PHOTO_RATIO * min(size):
        raise Breach("photo_shape", 400, "PHOTO_INVALID_DIMENSIONS", f"{size[0]} x {size[1]} pixels")
    made = Media(file, "image/jpeg", photo=True, dimensions=size, spoiler=bool(media.spoiler))
    return call.core.media.setdefault(file.id, made)


def _thumb(call: Call, thumb: Any) -> bytes | None:
    """The thumbnail; one that the real service would silently ignore is ignored too, but goes on record."""
    if thumb is None:
        return None
    file = _finish(call, thumb)
    if file.content.discard:
        return None
    data = file.bytes
    size = image_size(data)
    if data.startswith(b"\xff\xd8") and size and max(size) <= _THUMB_SIDE and len(data) <= _THUMB_BYTES:
        return data
    detail = f"{len(data)} bytes, {size}; wanted is a JPEG of at most 200 kB and 320 pixels"
    call.core.journal.violations.append(
        Violation("thumb", call.method, "ignored", detail, call.account.id, call.session.id)
    )
    return None


def _finish(call: Call, file: Any) -> File:
    storage = call.core.storage
    match file:
        case InputFileBig():
            return storage.finish(call.account, file.id, file.parts, big=True)
        case InputFile():
            return storage.finish(call.account, file.id, file.parts, big=False, checksum=file.md5_checksum)
    raise Refusal(400, "MEDIA_INVALID")
