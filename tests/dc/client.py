"""Unmodified Pyrogram clients that talk to a data centre of ours instead of Telegram's."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pyrogram import Client
from pyrogram.crypto import rsa
from pyrogram.storage.sqlite_storage import SQLiteStorage

from tests.dc.datacenter import Bot, DataCenter, Endpoint
from tests.dc.person import HasAccount
from tests.dc.rsakey import fingerprint


class _PinnedStorage(SQLiteStorage):
    """A storage whose address cannot be set: Pyrogram writes Telegram's own into every new session."""

    endpoint: Endpoint

    async def server_address(self, value: object = object) -> str:
        return self.endpoint.host

    async def port(self, value: object = object) -> int:
        return self.endpoint.port


def trust(key_pem: bytes) -> None:
    """Have every Pyrogram client of this process accept the server with this public key."""
    key = load_pem_public_key(key_pem)
    assert isinstance(key, RSAPublicKey)
    numbers = key.public_numbers()
    rsa.server_public_keys[fingerprint(numbers.n, numbers.e)] = rsa.PublicKey(numbers.n, numbers.e)


def make_client(
    endpoint: Endpoint,
    name: str = "client",
    *,
    bot_token: str | None = None,
    session_string: str | None = None,
    workdir: Path | None = None,
    **settings: Any,
) -> Client:
    """A client, not yet started. Its session is a file in `workdir`, or without one only in memory."""
    trust(endpoint.key_pem)
    storage = _PinnedStorage(
        name,
        workdir or Path(),
        session_string=session_string,
        in_memory=workdir is None or session_string is not None,
    )
    storage.endpoint = endpoint
    return Client(
        name,
        api_id=1,
        api_hash="loopback",
        bot_token=bot_token,
        storage_engine=storage,
        **{"workers": 2, **settings},
    )


def bot_client(dc: DataCenter, bot: Bot, **settings: Any) -> Client:
    """A client that logs in by the bot's token. `settings` as for make_client and Client."""
    return make_client(dc.endpoint, bot.username, bot_token=bot.token, **settings)


def user_client(dc: DataCenter, person: HasAccount, **settings: Any) -> Client:
    """A client that is logged in as `person` by a session string."""
    return make_client(dc.endpoint, person.account.name, session_string=dc.session_string(person), **settings)
