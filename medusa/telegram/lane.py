"""One media connection of an account, and the call that carries a part."""

import asyncio
import struct
from socket import IPPROTO_TCP, SOCK_STREAM, TCP_NODELAY, socket

from pyrogram import Client
from pyrogram.errors import BadRequest, FilePartsInvalid, FilePartSizeInvalid
from pyrogram.raw.all import layer
from pyrogram.raw.core import TLObject
from pyrogram.raw.functions import InitConnection, InvokeWithLayer
from pyrogram.raw.functions.help import GetConfig
from pyrogram.raw.functions.upload import SaveBigFilePart, SaveFilePart

from medusa.errors import PartRefused, PartsMissing, StreamedTotalRefused
from medusa.telegram.errors import translated
from medusa.telegram.mtproto import framing
from medusa.telegram.mtproto.message import Chunks
from medusa.telegram.mtproto.session import MediaSession, Patience
from medusa.telegram.proxying import upstream_of
from medusa.upload.parts import UNKNOWN_TOTAL, Part
from medusa.upstream import Upstream, dial

OPEN_SECONDS = 20.0

_SMALL_HEAD = struct.Struct("<Iqi")
_BIG_HEAD = struct.Struct("<Iqii")
_LONG_BYTES = 254
"""How TL begins bytes that are longer than 253."""


class MediaLane:
    """A session of its own on Telegram's media address, under the account's key.

    The main address would answer a second connection with AUTH_KEY_DUPLICATED; the `media_only` addresses are
    meant for parallel connections (https://core.telegram.org/api/errors#406-not-acceptable).
    """

    def __init__(self, session: MediaSession) -> None:
        self._session = session

    @property
    def alive(self) -> bool:
        """Whether it can still carry parts."""
        return self._session.alive

    async def save(self, file_id: int, part: Part) -> bool:
        """Send a part; True when it is acknowledged, False when Telegram asks for it again.

        Raises SlowedDown, TelegramUnreachable, StreamedTotalRefused, PartRefused.
        """
        with translated():
            try:
                saved: bool = await self._session.call(*request(file_id, part))
                return saved
            except (FilePartsInvalid, FilePartSizeInvalid) as error:
                # With the true total, this is how a server says that it does not have all other parts.
                refusal = StreamedTotalRefused if part.total == UNKNOWN_TOTAL else PartsMissing
                raise refusal(detail=str(error)) from error
            except BadRequest as error:
                raise PartRefused(detail=str(error)) from error

    async def close(self) -> None:
        """Hang up at once."""
        await self._session.close()


def request(file_id: int, part: Part) -> tuple[type[TLObject[bool]], Chunks]:
    """The method and its serialization: what its `write` would give, around the part's bytes as they are."""
    if part.small:
        return SaveFilePart, (_SMALL_HEAD.pack(SaveFilePart.ID, file_id, part.index), *_tl_bytes(part.data))
    head = _BIG_HEAD.pack(SaveBigFilePart.ID, file_id, part.index, part.total)
    return SaveBigFilePart, (head, *_tl_bytes(part.data))


def _tl_bytes(data: bytes) -> Chunks:
    """https://core.telegram.org/mtproto/serialize#base-types: a length, the bytes, zeros up to four."""
    long = len(data) >= _LONG_BYTES
    length = bytes((_LONG_BYTES,)) + len(data).to_bytes(3, "little") if long else bytes((len(data),))
    return length, data, bytes(-(len(length) + len(data)) % 4)


async def open_lane(client: Client, patience: Patience | None = None) -> MediaLane:
    """Connect a new lane. Raises TelegramUnreachable; leaves nothing open when it fails or is cancelled."""
    with translated():
        async with asyncio.timeout(OPEN_SECONDS):
            dc_id = await client.storage.dc_id()
            option = await client.get_dc_option(dc_id, is_media=True, ipv6=client.ipv6)
            auth_key = await client.storage.auth_key()
            sock = await _connect(option.ip_address, option.port, upstream_of(client.proxy))
            session = MediaSession(
                sock, auth_key, patience=patience or Patience(), clock=lambda: client.server_time
            )
            try:
                await session.call(GetConfig, [(await _hello(client)).write()])
            except BaseException:
                await asyncio.shield(session.close())
                raise
    return MediaLane(session)


async def _connect(host: str, port: int, upstream: Upstream | None = None) -> socket:
    sock = await (dial(upstream, host, port) if upstream else _connect_directly(host, port))
    try:
        await asyncio.get_running_loop().sock_sendall(sock, framing.TAG)
    except BaseException:
        sock.close()
        raise
    return sock


async def _connect_directly(host: str, port: int) -> socket:
    loop = asyncio.get_running_loop()
    family, _, _, _, address = (await loop.getaddrinfo(host, port, type=SOCK_STREAM))[0]
    sock = socket(family, SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        await loop.sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


async def _hello(client: Client) -> InvokeWithLayer:
    """What every session begins with (https://core.telegram.org/api/invoking#saving-client-info)."""
    return InvokeWithLayer(
        layer=layer,
        query=InitConnection(
            api_id=await client.storage.api_id(),
            app_version=client.app_version,
            device_model=client.device_model,
            system_version=client.system_version,
            system_lang_code=client.system_lang_code,
            lang_pack=client.lang_pack,
            lang_code=client.lang_code,
            query=GetConfig(),
        ),
    )
