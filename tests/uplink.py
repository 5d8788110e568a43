"""The bot's account without the bot: an uploader over real connections, on any server."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from medusa.config import Settings
from medusa.telegram.account import BotAccount
from medusa.telegram.client import make_client


@asynccontextmanager
async def uplink(
    address: tuple[str, int], key_file: Path, token: str, *, sessions: int = 4
) -> AsyncIterator[BotAccount]:
    """An account that is logged in while the context is open, made as `app.py` makes it."""
    host, port = address
    with tempfile.TemporaryDirectory(prefix="medusa-uplink-") as home:
        settings: dict[str, Any] = {
            "api_id": 1,
            "api_hash": "0" * 32,
            "bot_token": token,
            "telegram_server": f"{host}:{port}",
            "telegram_server_key": str(key_file),
            "data_dir": home,
        }
        # Only these, not those in the config.env of whoever runs this.
        client = make_client(Settings(_env_file=None, **settings), plugins=None)
        account = BotAccount(client, sessions=sessions)
        await client.start()
        try:
            yield account
        finally:
            await account.close()
            await client.stop()
