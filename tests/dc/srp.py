"""Two-step verification, the server's side of core.telegram.org/api/srp. Pure: bytes in, bytes out."""

import secrets
from dataclasses import dataclass, field
from hashlib import pbkdf2_hmac, sha256

from pyrogram.crypto.prime import CURRENT_DH_PRIME as PRIME

GENERATOR = 3
_LENGTH = 256


def _h(*pieces: bytes) -> bytes:
    return sha256(b"".join(pieces)).digest()


def _bytes(number: int) -> bytes:
    return number.to_bytes(_LENGTH, "big")


def _salted(data: bytes, salt: bytes) -> bytes:
    return _h(salt, data, salt)


@dataclass
class Challenge:
    """One question for a password: `public` goes to the client, whose answer is `verify`d."""

    password: str
    salt1: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    salt2: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    id: int = field(default_factory=lambda: secrets.randbits(62))

    def __post_init__(self) -> None:
        hashed = _salted(_salted(self.password.encode(), self.salt1), self.salt2)
        stretched = pbkdf2_hmac("sha512", hashed, self.salt1, 100_000)
        x = int.from_bytes(_salted(stretched, self.salt2), "big")
        self._verifier = pow(GENERATOR, x, PRIME)
        self._b = secrets.randbits(_LENGTH * 8 - 1)
        k = int.from_bytes(_h(_bytes(PRIME), _bytes(GENERATOR)), "big")
        self.public = _bytes((k * self._verifier + pow(GENERATOR, self._b, PRIME)) % PRIME)

    def verify(self, a: bytes, proof: bytes) -> bool:
        """Whether the client that sent its public `a` knows the password."""
        public = int.from_bytes(a, "big")
        u = int.from_bytes(_h(_bytes(public), self.public), "big")
        shared = pow(public * pow(self._verifier, u, PRIME), self._b, PRIME)
        group = bytes(x ^ y for x, y in zip(_h(_bytes(PRIME)), _h(_bytes(GENERATOR)), strict=True))
        salts = _h(self.salt1) + _h(self.salt2)
        expected = _h(group, salts, _bytes(public), self.public, _h(_bytes(shared)))
        return secrets.compare_digest(expected, proof)
