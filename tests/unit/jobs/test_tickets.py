"""The address of Redis, before anything is connected."""

import pytest

from medusa.errors import SettingsError
from medusa.jobs.tickets import make_broker


@pytest.mark.parametrize(
    "url", ["redis://:half#other@host:1/0", "redis://:half/other@host:x/0", "redis://h:half"]
)
async def test_nothing_of_a_password_is_told_when_the_address_cannot_be_read(url: str) -> None:
    with pytest.raises(SettingsError, match="REDIS_URL cannot be read") as raised:
        make_broker(url, "1")
    assert "half" not in f"{raised.value} {raised.value.detail}"
    assert raised.value.__suppress_context__
