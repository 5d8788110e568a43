"""Keeps secrets from everybody who reads the database, a backup or a dump of it."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_KEY_BYTES = 32


class SealBroken(ValueError):
    """It was sealed with another key or for another place, or it was changed."""


class Seal:
    """AES-256-GCM under a key that HKDF-SHA256 makes of the deployer's secrets.

    Sealed: a random nonce of 12 bytes, then ciphertext and tag. `label` says where it belongs; it is not
    kept, but it must be the same again, so that what is sealed cannot be put in another's place.
    """

    def __init__(self, *secrets: str, purpose: str) -> None:
        """`purpose`: what it is for; another one opens nothing of it."""
        material = "\0".join(secrets).encode()
        self._cipher = AESGCM(HKDF(SHA256(), _KEY_BYTES, salt=None, info=purpose.encode()).derive(material))

    def close(self, plain: bytes, label: str) -> bytes:
        """Seal."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, label.encode())

    def open(self, sealed: bytes, label: str) -> bytes:
        """What was sealed. Raises SealBroken."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, label.encode())
        except (InvalidTag, ValueError) as error:  # ValueError: a nonce that is cut short
            raise SealBroken from error
