"""One proxy, as Pyrogram has it and as our connections have it."""

import pytest
from pydantic import SecretStr
from pyrogram.connection.proxy import MTProxy, WebProxy

from medusa.config import Settings
from medusa.telegram.proxying import proxy_of, upstream_of
from medusa.upstream import Upstream


def settings(url: str | None) -> Settings:
    return Settings.model_construct(telegram_proxy=SecretStr(url) if url else None)


@pytest.mark.parametrize(
    ("url", "upstream"),
    [
        ("socks5://ann:p%40ss@host:1080", Upstream("socks5", "host", 1080, "ann", "p@ss")),
        ("http://host:3128", Upstream("http", "host", 3128)),
    ],
)
def test_both_have_the_same(url: str, upstream: Upstream) -> None:
    found = upstream_of(proxy_of(settings(url)))
    assert found is not None
    assert tuple(found) == tuple(upstream)


def test_none_is_none() -> None:
    assert upstream_of(proxy_of(settings(None))) is None


@pytest.mark.parametrize("proxy", [MTProxy("host", 443, bytes(16)), WebProxy("host", bytes(16))])
def test_files_go_around_no_proxy(proxy: MTProxy | WebProxy) -> None:
    with pytest.raises(ValueError, match="files do not go through"):
        upstream_of(proxy)
