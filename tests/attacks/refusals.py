"""Bots that are not to start: with settings that are wrong, or that lead nowhere. Their logs are searched."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.attacks import plants
from tests.attacks.plants import Search
from tests.bot import START_SECONDS, BotProcess
from tests.dc import DataCenter, Options

NOWHERE = "127.0.0.1:9"
WRONG = {
    "API_HASH": plants.HASH,
    "BOT_TOKEN": plants.TOKEN,
    "MONGODB_URI": plants.MONGO,
    "REDIS_URL": plants.REDIS,
    "USER_SESSION_STRING": plants.TOKEN,
    "COOKIES_KEY": plants.COOKIES_KEY[:14],
}
"""Secrets that have not the form of their setting."""


class Case(NamedTuple):
    """Why it does not start."""

    name: str
    changed: dict[str, str]
    duty: str = "worker"


class Refused(BotProcess):
    """A bot that is not to start."""

    def __init__(self, home: Path, variables: dict[str, str], duty: str) -> None:
        super().__init__()
        self.home, self.variables, self.duty = home, variables, duty

    async def end(self) -> bytes:
        """Its log, when it has ended, or has tried for long enough."""
        await self.launch()
        assert self._process is not None
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._process.wait()
        except TimeoutError:
            await self.stop()
        return self.log_bytes()


def cases(mongo_uri: str, telegram: str) -> list[Case]:
    """`mongo_uri`: of a server that is there; `telegram`: one that does not know the token."""
    mongo, redis = plants.quoted(plants.MONGO), plants.quoted(plants.REDIS)
    there = {"MONGODB_URI": mongo_uri}
    away = {**there, "TELEGRAM_SERVER": NOWHERE}
    return [
        Case("a token that Telegram refuses", {**there, "TELEGRAM_SERVER": telegram}),
        Case("a Telegram that is away", away),
        Case("a database that is away", {"MONGODB_URI": f"mongodb://medusa:{mongo}@{NOWHERE}/"}),
        Case("a login that the database refuses", {"MONGODB_URI": mongo_uri.replace("medusa", "other", 1)}),
        Case("a URI that cannot be read", {"MONGODB_URI": f"mongodb://medusa:{plants.MONGO}@@:x/?{mongo}=1"}),
        Case("a Redis that is away", {**away, "REDIS_URL": f"redis://:{redis}@{NOWHERE}/0"}, "bot"),
        Case("an argument that is none", {}, "--help"),
        Case("a duty without Redis", {}, "transfer"),
        *(Case(f"{name} that is wrong", {name: f"!{secret}"}) for name, secret in WRONG.items()),
    ]


async def refuse(search: Search, mongo_uri: str, say: Callable[[str], None]) -> None:
    """Start all of them, one after the other."""
    with tempfile.TemporaryDirectory(prefix="refused-") as home:
        async with DataCenter(Options(strict=False)) as dc:
            key = Path(home) / "key.pem"
            key.write_bytes(dc.key.pem)
            host, port = dc.address
            common = {**plants.SETTINGS, "API_ID": "1", "BOT_TOKEN": plants.TOKEN, "OWNER": "1"}
            common |= {"TELEGRAM_SERVER": NOWHERE, "TELEGRAM_SERVER_KEY": str(key)}
            for number, case in enumerate(cases(mongo_uri, f"{host}:{port}")):
                place = Path(home) / str(number)
                place.mkdir()
                log = await Refused(place, {**common, **case.changed}, case.duty).end()
                search.look(f"the log with {case.name}", log)
                say(f"{case.name}: {len(search.leaks)} leaks")
