"""A bot of several processes: a front, and others that transfer, as on machines of their own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, NamedTuple

from tests.bot import BotProcess
from tests.database import database
from tests.redis_server import RedisServer, redis_server
from tests.stage import Stage


class Machine(BotProcess):
    """A process that transfers, with nothing but the settings of the stage."""

    duty = "transfer"

    def __init__(self, stage: Stage, name: str) -> None:
        super().__init__()
        self.home = stage.home / name
        self.home.mkdir()
        self.variables = stage.variables


class Machines(NamedTuple):
    """All of them; the stage is the front."""

    stage: Stage
    transfers: list[Machine]
    redis: RedisServer

    def logs(self) -> str:
        """The end of what each has logged."""
        return "\n---\n".join(one.log_tail() for one in (self.stage, *self.transfers))


@asynccontextmanager
async def machines(transfers: int = 2, *, front: str = "bot", **settings: str) -> AsyncIterator[Machines]:
    """A front and so many others that transfer, which share a database and a Redis."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        kept, redis = await enter(database()), await enter(redis_server())
        stage = await enter(_front(front, kept.uri, redis.url, settings))
        made = [Machine(stage, f"transfer-{number}") for number in range(1, transfers + 1)]
        for machine in made:
            stack.push_async_callback(machine.leave)
            await machine.start()
        yield Machines(stage, made, redis)


def _front(duty: str, mongodb_uri: str, redis_url: str, settings: dict[str, str]) -> Stage:
    everything: dict[str, Any] = {**settings, "MONGODB_URI": mongodb_uri, "REDIS_URL": redis_url}
    return Stage(duty=duty, **everything)
