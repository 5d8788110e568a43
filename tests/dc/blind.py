"""Taking file parts in without reading them, so that a benchmark measures the client and not this server.

IGE decrypts front to back: the first 64 bytes of a packet tell which part of which file it is and how long.
The rest stays encrypted, so neither the message key nor the bytes are checked.
"""

from mtproto.crypto.aes import ige256_decrypt, kdf
from mtproto.transport.packets.message_packet import DecryptedMessagePacket, EncryptedMessagePacket
from pyrogram.raw.functions.upload import SaveBigFilePart

_HEAD = 64
_LONG_BYTES = 254  # how TL begins bytes that are longer than 253


def peek(
    auth_key: bytes, packet: EncryptedMessagePacket
) -> tuple[DecryptedMessagePacket, SaveBigFilePart] | None:
    """The message and the part in it, with zeros for bytes; None when it is anything else."""
    aes_key, aes_iv = kdf(auth_key, packet.message_key, True)
    head = ige256_decrypt(packet.encrypted_data[:_HEAD], aes_key, aes_iv)
    body = head[32:]
    if body[:4] != SaveBigFilePart.ID.to_bytes(4, "little") or body[20] != _LONG_BYTES:
        return None
    part = SaveBigFilePart(
        file_id=_number(body[4:12]),
        file_part=_number(body[12:16]),
        file_total_parts=_number(body[16:20]),
        bytes=bytes(_number(body[21:24] + b"\0")),
    )
    return DecryptedMessagePacket(
        head[:8], _number(head[8:16]), _number(head[16:24]), _number(head[24:28]), b""
    ), part


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)
