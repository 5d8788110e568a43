"""A bot that sits behind a proxy: everything between it and Telegram goes through that one."""

import asyncio

from tests.acceptance.talk import PATIENCE, end, send
from tests.stage import Stage
from tests.upstream import Proxy

NAME, PASSWORD = "planted-user", "planted-password"


async def test_no_connection_of_the_process_goes_around_the_proxy() -> None:
    async with Proxy("socks5", username=NAME, password=PASSWORD) as proxy:
        stage = Stage(log_channels=1, premium=True, TELEGRAM_PROXY=proxy.url)
        async with stage:
            link = await send(stage.ann, stage.site.url("mp4"))
            assert (await end(stage.ann, link)).text.startswith("✅"), stage.log_tail()
            proxy.drop()
            async with asyncio.timeout(PATIENCE):
                await stage.ann.says("/ping")
                await stage.ann.expect("Pong", timeout=PATIENCE)
            assert {*proxy.asked} == {stage.dc.address, stage.dc.media_address}
            assert stage.dc.stats()["connections"] == proxy.tunnels > 4
            log = stage.log_bytes().decode()
            assert PASSWORD not in log
            assert NAME not in log
