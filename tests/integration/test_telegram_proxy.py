"""Every connection to Telegram goes through TELEGRAM_PROXY: those of Pyrogram, and those of files."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from medusa.telegram.client import make_user
from medusa.telegram.lane import open_lane
from medusa.telegram.lifecycle import user_running
from medusa.telegram.mtproto.session import Patience
from medusa.upload.parts import PART_SIZE, Part
from tests.dc import DataCenter, Options
from tests.integration.clients import settings_for
from tests.upstream import Proxy

TOKEN = "7000001:" + "A" * 35
PATIENCE = Patience(silence=2.0, answer=2.0)


@pytest.mark.parametrize("scheme", ["socks5", "http"])
async def test_no_connection_goes_around_it(scheme: str, tmp_path: Path) -> None:
    async with DataCenter() as dc, Proxy(scheme, username="ann", password="p@ss") as proxy:
        url = f"{scheme}://ann:p%40ss@127.0.0.1:{proxy.port}"
        settings = settings_for(dc, dc.bot(token=TOKEN), tmp_path)
        settings = settings.model_copy(update={"telegram_proxy": SecretStr(url)})
        client = make_user(settings, dc.session_string(dc.person("Pam")))
        async with user_running(client) as problem:
            assert problem is None
            lane = await open_lane(client, PATIENCE)
            assert await lane.save(1, Part(0, b"x" * PART_SIZE))
            await lane.close()
        assert {*proxy.asked} == {dc.address, dc.media_address}
        assert proxy.tunnels == dc.stats()["connections"] >= 2


async def test_a_server_with_ipv6(tmp_path: Path) -> None:
    async with DataCenter(Options(host="::1")) as dc:
        settings = settings_for(dc, dc.bot(token=TOKEN), tmp_path)
        client = make_user(settings, dc.session_string(dc.person("Pam")))
        async with user_running(client) as problem:
            assert problem is None
            lane = await open_lane(client, PATIENCE)
            assert await lane.save(1, Part(0, b"x" * PART_SIZE))
            await lane.close()
        assert len(dc.connections()) <= dc.stats()["connections"] == 2
