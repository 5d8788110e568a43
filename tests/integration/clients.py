"""The bot's own clients against a data centre, without plugins."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from medusa.config import Settings
from tests.dc import Bot, DataCenter


def settings_for(dc: DataCenter, bot: Bot, home: Path) -> Settings:
    """What a bot needs to know to live there; it keeps its files in `home`."""
    (home / "key.pem").write_bytes(dc.key.pem)
    host, port = dc.address
    given = {
        "api_id": 1,
        "api_hash": "0" * 32,
        "bot_token": bot.token,
        "telegram_server": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "telegram_server_key": str(home / "key.pem"),
        "data_dir": home,
    }
    # Settings look for files. A bot has them before its event loop; tests are in one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(Settings.model_validate, given).result()
