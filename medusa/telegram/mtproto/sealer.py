"""From a message to the bytes on the wire, with one copy of what it carries.

https://core.telegram.org/mtproto/description#protocol-description
"""

import struct
from hashlib import sha1, sha256
from os import urandom

from pyrogram.crypto.mtproto import kdf

from medusa.telegram.mtproto.framing import prefix
from medusa.telegram.mtproto.ige import BLOCK, encryptor
from medusa.telegram.mtproto.message import Message

_HEAD = struct.Struct("<q8sqii")
"""Salt, session, message id, sequence number, length."""
_LEAST_PADDING = 12
_ENVELOPE = 24
"""The key's id and the message's key, before what is encrypted."""
_CIPHER_AT = 32
"""Where in the packet it starts: aligned for the processor, with room for everything before it."""


def key_id(auth_key: bytes) -> bytes:
    """How a packet names the key that it is encrypted with."""
    return sha1(auth_key).digest()[-8:]


class Sealer:
    """Encrypts the messages of one session. Not safe for several threads."""

    def __init__(self, auth_key: bytes, session_id: bytes) -> None:
        self._auth_key = auth_key
        self._key_id = key_id(auth_key)
        self._session_id = session_id
        self._encrypt = encryptor()
        self._plain = bytearray()
        self._packet = bytearray()

    def seal(self, message: Message) -> memoryview:
        """The framed packet, valid until the next call."""
        plain = self._lay_out(message)
        digest = sha256(self._auth_key[88:120])
        digest.update(plain)
        message_key = digest.digest()[8:24]
        key, iv = kdf(self._auth_key, message_key, True)
        packet = memoryview(self._packet)
        self._encrypt(plain, key, iv, packet[_CIPHER_AT : _CIPHER_AT + len(plain) + BLOCK])
        head = prefix(_ENVELOPE + len(plain)) + self._key_id + message_key
        start = _CIPHER_AT - len(head)
        packet[start:_CIPHER_AT] = head
        return packet[start : _CIPHER_AT + len(plain)]

    def _lay_out(self, message: Message) -> memoryview:
        """The plaintext: head, chunks and padding."""
        length = sum(len(chunk) for chunk in message.chunks)
        end = _HEAD.size + length
        size = -(-(end + _LEAST_PADDING) // BLOCK) * BLOCK
        if size > len(self._plain):
            self._plain = bytearray(size)
            self._packet = bytearray(_CIPHER_AT + size + BLOCK)
        plain = memoryview(self._plain)[:size]
        _HEAD.pack_into(plain, 0, message.salt, self._session_id, message.id, message.seq_no, length)
        at = _HEAD.size
        for chunk in message.chunks:
            plain[at : at + len(chunk)] = chunk
            at += len(chunk)
        plain[end:] = urandom(size - end)
        return plain
