"""The proxy on the way to Telegram, as Pyrogram has it and as our own connections have it."""

from pyrogram.connection.proxy import HTTPProxy, Proxy, SOCKS5Proxy

from medusa.config import Settings
from medusa.upstream import Upstream, read_upstream


def proxy_of(settings: Settings) -> SOCKS5Proxy | HTTPProxy | None:
    """What TELEGRAM_PROXY says, for Pyrogram."""
    if settings.telegram_proxy is None:
        return None
    found = read_upstream(settings.telegram_proxy.get_secret_value())
    kind = SOCKS5Proxy if found.scheme == "socks5" else HTTPProxy
    return kind(found.host, found.port, found.username or None, found.password or None)


def upstream_of(proxy: Proxy | None) -> Upstream | None:
    """The same for us. Raises ValueError for a kind that our connections do not go through: none may go
    around a proxy."""
    if proxy is None:
        return None
    if not isinstance(proxy, SOCKS5Proxy | HTTPProxy):
        raise ValueError(f"files do not go through a proxy of the kind {type(proxy).__name__}")
    return Upstream(
        proxy.scheme.value, proxy.hostname, proxy.port, proxy.username or "", proxy.password or ""
    )
