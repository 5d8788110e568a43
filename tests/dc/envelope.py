"""The MTProto 2.0 envelope: what turns a message into an encrypted packet and back."""

from hashlib import sha1, sha256

from mtproto.crypto.aes import ige256_decrypt, kdf
from mtproto.enums import ConnectionRole
from mtproto.transport.packets.message_packet import DecryptedMessagePacket, EncryptedMessagePacket


class Forged(Exception):
    """The packet does not fit its key."""


def key_id(auth_key: bytes) -> int:
    """The 64-bit identifier of an authorization key, as packets carry it."""
    return int.from_bytes(sha1(auth_key).digest()[-8:], "little", signed=True)


def unseal(auth_key: bytes, packet: EncryptedMessagePacket) -> DecryptedMessagePacket:
    """Decrypt what a client sent. Raises Forged when the message key does not match."""
    aes_key, aes_iv = kdf(auth_key, packet.message_key, True)
    blocks = len(packet.encrypted_data) // 16 * 16  # behind them comes the padding of padded transports
    plain = ige256_decrypt(packet.encrypted_data[:blocks], aes_key, aes_iv)
    if sha256(auth_key[88:120] + plain).digest()[8:24] != packet.message_key:
        raise Forged
    return DecryptedMessagePacket.parse(plain)


def seal(
    auth_key: bytes, *, salt: bytes, session_id: int, message_id: int, seq_no: int, body: bytes
) -> EncryptedMessagePacket:
    """Encrypt what the server sends."""
    message = DecryptedMessagePacket(salt, session_id, message_id, seq_no, body)
    return message.encrypt(auth_key, ConnectionRole.SERVER)
