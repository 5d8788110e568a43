"""A small streamed upload by the rules, over raw media sessions: what a correct client does."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from pyrogram import Client
from pyrogram.raw import base
from pyrogram.raw.functions.messages import SendMedia
from pyrogram.raw.functions.upload import SaveBigFilePart
from pyrogram.raw.types import (
    DocumentAttributeFilename,
    DocumentAttributeVideo,
    InputFileBig,
    InputMediaUploadedDocument,
)
from pyrogram.session import Session

PART = 512 * 1024
DC = 2

_ids = itertools.count(1)


def new_id() -> int:
    """A file_id or random_id that nobody used."""
    return next(_ids)


@asynccontextmanager
async def media_sessions(client: Client, count: int) -> AsyncIterator[list[Session]]:
    """Extra connections to the media address."""
    opening = (client.get_session(DC, is_media=True, temporary=True) for _ in range(count))
    sessions = list(await asyncio.gather(*opening))
    try:
        yield sessions
    finally:
        await asyncio.gather(*(session.stop() for session in sessions))


async def peer_of(client: Client, chat_id: int) -> base.InputPeer:
    """The address of a chat."""
    peer = await client.resolve_peer(chat_id)
    assert peer is not None
    return peer


def cut(data: bytes, size: int = PART) -> list[bytes]:
    """The parts of `data`."""
    return [data[start : start + size] for start in range(0, len(data), size)]


async def save(session: Session, file_id: int, part: int, total: int, data: bytes) -> bool:
    """One part, without retries."""
    saved = await session.send(
        SaveBigFilePart(file_id=file_id, file_part=part, file_total_parts=total, bytes=data), timeout=10
    )
    return bool(saved)


async def stream(sessions: Sequence[Session], data: bytes, size: int = PART) -> InputFileBig:
    """All parts with -1 over all sessions, part 0 late, and the last one alone with the total."""
    file_id, parts = new_id(), cut(data, size)
    *body, last = range(len(parts))

    async def carry(session: Session, indexes: Sequence[int]) -> None:
        for index in indexes:
            assert await save(session, file_id, index, -1, parts[index])

    late, early = body[:1], body[1:]
    share = [early[number :: len(sessions)] for number in range(len(sessions))]
    await asyncio.gather(*(carry(*one) for one in zip(sessions, share, strict=True)))
    await carry(sessions[0], late)
    assert await save(sessions[0], file_id, last, len(parts), parts[last])
    return InputFileBig(id=file_id, parts=len(parts), name="film.mp4")


async def send_video(client: Client, chat_id: int, file: InputFileBig, caption: str = "") -> None:
    """Put an uploaded file into a chat."""
    media = InputMediaUploadedDocument(
        file=file,
        mime_type="video/mp4",
        attributes=[
            DocumentAttributeVideo(duration=2.5, w=1280, h=720, supports_streaming=True),
            DocumentAttributeFilename(file_name="film.mp4"),
        ],
    )
    peer = await peer_of(client, chat_id)
    await client.invoke(SendMedia(peer=peer, media=media, message=caption, random_id=new_id()))
