"""upload.getFile."""

import asyncio
import time

from pyrogram.raw.functions.upload import GetFile
from pyrogram.raw.types import InputDocumentFileLocation, InputPhotoFileLocation
from pyrogram.raw.types.storage import FileJpeg, FileUnknown
from pyrogram.raw.types.upload import File

from tests.dc.dispatch import Call, handles
from tests.dc.errors import Breach, Refusal

_KIB = 1024
_MIB = 1024 * 1024


@handles(GetFile)
async def get_file(call: Call, query: GetFile) -> File:
    """A piece of a document, of its thumbnail or of a photo."""
    location = query.location
    if not isinstance(location, InputDocumentFileLocation | InputPhotoFileLocation):
        raise Refusal(400, "LOCATION_INVALID")
    _check_range(query.offset, query.limit, bool(query.precise))
    media = call.core.media.get(location.id)
    viewer = call.account.id
    if media is None or location.access_hash != call.core.hashes.access(viewer, "file", location.id):
        raise Breach(
            "file_access_hash", 400, "LOCATION_INVALID", f"file {location.id} was never shown to this account"
        )
    call.core.hashes.check_reference(viewer, location.id, location.file_reference)
    if location.thumb_size and (not media.photo or location.thumb_size == "m"):
        piece = (media.thumb or b"")[query.offset : query.offset + query.limit]
    else:
        piece = await asyncio.to_thread(media.file.content.read, query.offset, query.limit)
    kind = FileJpeg() if media.photo or location.thumb_size else FileUnknown()
    return File(type=kind, mtime=int(time.time()), bytes=piece)


def _check_range(offset: int, limit: int, precise: bool) -> None:
    """core.telegram.org/api/files#downloading-files."""
    step = _KIB if precise else 4 * _KIB
    if offset < 0 or offset % step:
        raise Breach("download_range", 400, "OFFSET_INVALID", f"{offset}")
    if limit <= 0 or limit > _MIB or limit % step or (not precise and _MIB % limit):
        raise Breach("download_range", 400, "LIMIT_INVALID", f"{limit}")
    if offset // _MIB != (offset + limit - 1) // _MIB:
        raise Breach("download_range", 400, "LIMIT_INVALID", f"{offset}+{limit} crosses a megabyte")
