"""The Procfile's own commands bring a bot up, as Heroku and its like start them."""

import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.talk import answers, end, send
from tests.bot import ROOT, BotProcess
from tests.database import database
from tests.redis_server import redis_server
from tests.stage import Stage


def by_the_procfile(duty: str) -> list[str]:
    """What starts one line of it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])  # else honcho says PORT=5000
    files = ("-f", str(ROOT / "Procfile"), "-d", ".")
    return [sys.executable, "-m", "honcho", "start", *files, "-p", port, duty]


def checkout(home: Path) -> None:
    """What the commands find beside them, without the config.env of whoever runs this."""
    if not (home / "app.py").exists():
        (home / "app.py").symlink_to(ROOT / "app.py")


class PlatformStage(Stage):
    """A stage whose bot is started by the Procfile."""

    def command(self) -> list[str]:
        checkout(self.home)
        return by_the_procfile(self.duty)


class PlatformMachine(BotProcess):
    """Another process of the same bot."""

    duty = "transfer"

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.home = stage.home / "transfer"
        self.home.mkdir()
        self.variables = stage.variables

    def command(self) -> list[str]:
        checkout(self.home)
        return by_the_procfile(self.duty)


def path_with_python() -> str:
    """`python` is ours, as it is on a platform that has installed the requirements."""
    return f"{Path(sys.executable).parent}:/usr/bin:/bin"


async def test_the_worker_starts_and_stops() -> None:
    async with database() as kept:
        stage = PlatformStage(MONGODB_URI=kept.uri, PATH=path_with_python())
        async with stage:  # returns when it is ready
            await stage.stop()
            assert b"stopped" in stage.log_bytes(), stage.log_tail()
            assert b"Traceback" not in stage.log_bytes(), stage.log_tail()


@pytest.mark.slow  # tests/acceptance/test_machines.py does it with their commands written out
async def test_a_front_and_a_transfer_deliver_together() -> None:
    async with database() as kept, redis_server() as redis:
        variables: dict[str, Any] = {
            "MONGODB_URI": kept.uri,
            "REDIS_URL": redis.url,
            "PATH": path_with_python(),
        }
        async with PlatformStage(duty="bot", **variables) as stage:
            transfer = PlatformMachine(stage)
            await transfer.start()
            try:
                link = await send(stage.ann, stage.site.url("big-8.mp4"))
                assert (await end(stage.ann, link)).text.startswith("✅")
                assert len(answers(stage.ann, link)) == 1
            finally:
                await transfer.leave()
