"""upload.saveFilePart and upload.saveBigFilePart."""

from pyrogram.raw.functions.upload import SaveBigFilePart, SaveFilePart

from tests.dc.dispatch import Call, handles
from tests.dc.errors import Violation


@handles(SaveBigFilePart)
async def save_big_file_part(call: Call, query: SaveBigFilePart) -> bool:
    """A part of a file of any size; file_total_parts is -1 while the end is not known."""
    return await _save(call, query.file_id, query.file_part, query.file_total_parts, query.bytes)


@handles(SaveFilePart)
async def save_file_part(call: Call, query: SaveFilePart) -> bool:
    """A part of a file of up to 10 MB."""
    return await _save(call, query.file_id, query.file_part, None, query.bytes)


async def _save(call: Call, file_id: int, index: int, total: int | None, data: bytes) -> bool:
    session = call.session
    session.parts += 1
    if not session.media and any(
        one.media and one.parts and one.link for one in session.key.sessions.values()
    ):
        violation = Violation(
            "upload_on_main",
            call.method,
            "accepted",
            "parts belong to the media address",
            call.account.id,
            session.id,
        )
        call.core.journal.violations.append(violation)
    transfer = await call.core.storage.save(call.account, file_id, index, total, data, session.id)
    call.after.append(lambda: transfer.upload.answered(index))
    return True
