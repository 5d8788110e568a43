"""One media connection of an account, and the call that carries a part."""

import asyncio

from loguru import logger
from pyrogram import Client, raw
from pyrogram.errors import BadRequest, FilePartsInvalid, FilePartSizeInvalid
from pyrogram.raw.core import TLObject
from pyrogram.session import Session
from pyrogram.session.session import SessionState

from medusa.errors import PartRefused, PartsMissing, StreamedTotalRefused
from medusa.telegram.call import call, transport_of
from medusa.telegram.errors import translated
from medusa.upload.parts import UNKNOWN_TOTAL, Part

OPEN_SECONDS = 20.0
CLOSE_SECONDS = 5.0
PART_SECONDS = 60.0
"""For one part to be acknowledged, on a slow uplink with others on the way."""


class MediaLane:
    """A session of its own on Telegram's media address, under the account's key.

    The main address would answer a second connection with AUTH_KEY_DUPLICATED; the `media_only` addresses are
    meant for parallel connections (https://core.telegram.org/api/errors#406-not-acceptable).
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def alive(self) -> bool:
        """Whether it can still carry parts."""
        transport = transport_of(self._session)
        return (
            self._session.state is SessionState.STARTED
            and transport is not None
            and not transport.lost.is_set()
        )

    async def save(self, file_id: int, part: Part) -> bool:
        """Send a part; True when it is acknowledged, False when Telegram asks for it again.

        Raises SlowedDown, TelegramUnreachable, StreamedTotalRefused, PartRefused.
        """
        with translated():
            try:
                saved: bool = await call(self._session, _request(file_id, part), seconds=PART_SECONDS)
                return saved
            except (FilePartsInvalid, FilePartSizeInvalid) as error:
                # With the true total, this is how a server says that it does not have all other parts.
                refusal = StreamedTotalRefused if part.total == UNKNOWN_TOTAL else PartsMissing
                raise refusal(detail=str(error)) from error
            except BadRequest as error:
                raise PartRefused(detail=str(error)) from error

    async def close(self) -> None:
        """Hang up at once."""
        transport = transport_of(self._session)
        if transport is not None:
            transport.abort()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._session.stop()
        except (OSError, TimeoutError) as error:
            logger.warning("a media connection did not close cleanly: {!r}", error)


def _request(file_id: int, part: Part) -> TLObject[bool]:
    if part.small:
        return raw.functions.upload.SaveFilePart(file_id=file_id, file_part=part.index, bytes=part.data)
    return raw.functions.upload.SaveBigFilePart(
        file_id=file_id, file_part=part.index, file_total_parts=part.total, bytes=part.data
    )


async def open_lane(client: Client) -> MediaLane:
    """Connect a new lane. Raises TelegramUnreachable; leaves nothing open when it fails or is cancelled."""
    with translated():
        dc_id = await client.storage.dc_id()
        option = await client.get_dc_option(dc_id, is_media=True, ipv6=client.ipv6)
        session = Session(
            client,
            dc_id,
            option.ip_address,
            option.port,
            await client.storage.auth_key(),
            await client.storage.test_mode(),
            is_media=True,
        )
        lane = MediaLane(session)
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await session.start()
                # A session that could not connect goes on trying by itself.
                await session.is_started.wait()
        except BaseException:
            await asyncio.shield(lane.close())
            raise
    return lane
