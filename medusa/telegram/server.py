"""Which Telegram: the official one, or the one that TELEGRAM_SERVER names."""

from hashlib import sha1
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pyrogram.crypto.rsa import PublicKey, server_public_keys
from pyrogram.raw.core import Bytes
from pyrogram.storage import SQLiteStorage

from medusa.errors import SettingsError
from medusa.setting_types import Address


class ServerStorage(SQLiteStorage):
    """A session that belongs to one server, whatever address was stored before."""

    def __init__(self, server: Address, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._server = server

    async def server_address(self, value: str | type[object] | None = None) -> str:
        """The server's host; it cannot be changed."""
        return self._server.host

    async def port(self, value: int | type[object] | None = None) -> int:
        """The server's port; it cannot be changed."""
        return self._server.port


def trust(key_file: Path) -> None:
    """Accept the server that owns this public RSA key (PEM); the official keys stay."""
    key = load_pem_public_key(key_file.read_bytes())
    if not isinstance(key, RSAPublicKey):
        raise SettingsError(f"TELEGRAM_SERVER_KEY: {key_file} holds no RSA key.")
    numbers = key.public_numbers()
    server_public_keys[_fingerprint(numbers.n, numbers.e)] = PublicKey(numbers.n, numbers.e)


def _fingerprint(modulus: int, exponent: int) -> int:
    """How MTProto names a key (https://core.telegram.org/mtproto/auth_key): the end of its SHA-1."""
    digest = sha1(Bytes(_big_endian(modulus)) + Bytes(_big_endian(exponent))).digest()
    return int.from_bytes(digest[-8:], "little", signed=True)


def _big_endian(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
