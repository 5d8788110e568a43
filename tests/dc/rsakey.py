"""The server's RSA key: made at run time, exported so that a client can trust it."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha1

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyrogram.raw.core.primitives import Bytes


@dataclass(frozen=True)
class ServerKey:
    """An RSA-2048 key pair as plain numbers, with its public half in PEM."""

    modulus: int
    exponent: int
    secret: int
    pem: bytes

    @property
    def fingerprint(self) -> int:
        """The signed 64-bit fingerprint under which clients know the key."""
        return fingerprint(self.modulus, self.exponent)

    def decrypt(self, data: bytes) -> bytes:
        """Raw RSA: 256 bytes in, 256 bytes out, no padding removed."""
        return pow(int.from_bytes(data, "big"), self.secret, self.modulus).to_bytes(256, "big")


def fingerprint(modulus: int, exponent: int) -> int:
    """The last 8 bytes of the SHA-1 of both numbers in TL."""
    numbers = (number.to_bytes((number.bit_length() + 7) // 8, "big") for number in (modulus, exponent))
    digest = sha1(b"".join(bytes(Bytes(number)) for number in numbers)).digest()
    return int.from_bytes(digest[-8:], "little", signed=True)


@cache
def server_key() -> ServerKey:
    """This process's key. It is made once, because making one takes a tenth of a second."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    numbers = private.private_numbers()
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return ServerKey(numbers.public_numbers.n, numbers.public_numbers.e, numbers.d, pem)
