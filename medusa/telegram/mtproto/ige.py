"""AES-256-IGE encryption through OpenSSL's CBC, about four times as fast as tgcrypto, without the GIL.

MTProto encrypts with IGE (https://core.telegram.org/mtproto/description), which no common library offers; it
is most of the CPU time of an upload. For blocks p and c with p0 and c0 from the iv, IGE is
`c[i] = E(p[i] ^ c[i-1]) ^ p[i-1]`. With `q[i] = c[i] ^ p[i-1]` and `r[i] = p[i] ^ p[i-2]` (and `r[1] = p[1]`)
this reads `q[i] = E(r[i] ^ q[i-1])`: CBC over r, with the processor's AES instructions, between two XORs.

Decryption has no such form and stays with tgcrypto: what comes back to an uploader is small.
"""

from collections.abc import Callable
from typing import Any

import tgcrypto
from loguru import logger
from pyrogram.crypto import aes

try:
    import numpy as np
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES256
    from cryptography.hazmat.primitives.ciphers.modes import CBC
except ImportError as error:
    logger.warning("uploads cost four times the processor time: {}", error)
    np = None  # type: ignore[assignment]

BLOCK = 16
WORTHWHILE = 4096
"""Bytes. For shorter messages the set-up costs more than tgcrypto's work."""

Buffer = bytes | bytearray | memoryview
EncryptInto = Callable[[Buffer, bytes, bytes, memoryview], None]
"""Encrypts whole blocks of the first argument, with key and iv of 32 bytes, into the last, which must have
room for a block more. The two must not overlap."""


def encryptor() -> EncryptInto:
    """The fastest way that this machine has. It is not safe for several threads; each makes its own."""
    return _by_tgcrypto if np is None else CbcIge()


class CbcIge:
    """IGE by CBC, in memory that is used again: a fresh page costs more than encrypting what it holds."""

    def __init__(self) -> None:
        self._scratch = np.empty((0, 2), np.uint64)

    def __call__(self, data: Buffer, key: bytes, iv: bytes, output: memoryview) -> None:
        """Like `EncryptInto`."""
        plain = _blocks(data)
        if len(plain) > len(self._scratch):
            self._scratch = np.empty_like(plain)
        mixed = self._scratch[: len(plain)]
        before = _blocks(iv)[1:]
        mixed[:1] = plain[:1]
        np.bitwise_xor(plain[1:2], before, out=mixed[1:2])
        np.bitwise_xor(plain[2:], plain[:-2], out=mixed[2:])
        Cipher(AES256(key), CBC(iv[:BLOCK])).encryptor().update_into(mixed.data.cast("B"), output)
        cipher = _blocks(output[: len(data)])
        cipher[:1] ^= before
        cipher[1:] ^= plain[:-1]


def _blocks(data: Buffer) -> Any:
    return np.frombuffer(data, np.uint64).reshape(-1, 2)


def _by_tgcrypto(data: Buffer, key: bytes, iv: bytes, output: memoryview) -> None:
    output[: len(data)] = tgcrypto.ige256_encrypt(data, key, iv)


def ige256_encrypt(data: bytes, key: bytes, iv: bytes) -> bytes:
    """The same with tgcrypto's signature, for Pyrogram's sessions."""
    if np is None or len(data) < WORTHWHILE:
        return bytes(tgcrypto.ige256_encrypt(data, key, iv))
    output = bytearray(len(data) + BLOCK)
    CbcIge()(data, key, iv, memoryview(output))
    return bytes(output[: len(data)])


def install() -> None:
    """Let Pyrogram encrypt with this."""
    aes.ige256_encrypt = ige256_encrypt
