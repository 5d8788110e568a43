"""A bot that sits behind a proxy: everything between it and Telegram goes through that one."""

import asyncio

from tests.acceptance.talk import PATIENCE, end, send
from tests.stage import Stage
from tests.upstream import Proxy

NAME, PASSWORD = "planted-user", "planted-password"


async def test_no_connection_of_the_process_goes_around_the_proxy() -> None:
    async with Proxy("socks5", username=NAME, password=PASSWORD) as proxy:
        # Nothing of what is fetched here is public, so the other one is not used, but it is known.
        fetch_proxy = f"http://{NAME}:{PASSWORD}@127.0.0.1:1"
        stage = Stage(log_channels=1, premium=True, TELEGRAM_PROXY=proxy.url, FETCH_PROXY=fetch_proxy)
        async with stage:
            link = await send(stage.ann, stage.site.url("mp4"))
            assert (await end(stage.ann, link)).text.startswith("✅"), stage.log_tail()
            proxy.drop()
            async with asyncio.timeout(PATIENCE):
                await stage.ann.says("/ping")
                await stage.ann.expect("Pong", timeout=PATIENCE)
            assert {*proxy.asked} == {stage.dc.address, stage.dc.media_address}
            assert stage.dc.stats()["connections"] == proxy.tunnels > 4
            _, *children = stage.processes()
            assert children
            for child in children:
                assert PASSWORD not in f"{child.environ()} {child.cmdline()}"
            log = stage.log_bytes().decode()
            assert PASSWORD not in log
            assert NAME not in log
