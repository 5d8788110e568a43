"""What is recorded when the process ends, and what the owner is told when it has started."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from loguru import logger

from medusa.composition.operation import REPORT, recorded, say_ready
from medusa.errors import ChatUnavailable, MedusaError, SessionTaken
from medusa.fault import fault_of
from medusa.fault_box import FaultBox
from medusa.faults import Faults
from medusa.policy import Policy
from medusa.release import Release
from medusa.restarts import Restart
from medusa.vitals import DatabaseState
from tests.unit.household import FixedPolicies
from tests.unit.test_faults import Records

OWNER = 7


@pytest.mark.parametrize(
    ("error", "recorded_kinds"),
    [(RuntimeError("a task has died"), ["RuntimeError"]), (SessionTaken(), []), (None, [])],
)
def test_a_fault_that_ends_the_bot_is_recorded_before_the_database_goes(
    error: Exception | None, recorded_kinds: list[str]
) -> None:
    # Not a test that watches the loop: loguru looks for the files of a traceback.
    asyncio.run(end(error, recorded_kinds))


async def end(error: Exception | None, recorded_kinds: list[str]) -> None:
    """Let a process end with this."""
    box, store = FaultBox(), Records()
    faults = Faults(box, store, store, FixedPolicies(Policy()), None)

    def note(message: Any) -> None:
        found = message.record["exception"]
        box.put(fault_of(found.value, "", datetime.now(UTC), str))

    sink = logger.add(note, level="ERROR")
    try:
        async with recorded(faults):
            if error is not None:
                raise ExceptionGroup("tasks", [error]) if recorded_kinds else error
    except (ExceptionGroup, MedusaError):
        assert error is not None
    finally:
        logger.remove(sink)
    assert [one.kind for one in store.faults.values()] == recorded_kinds


class Telegram:
    """A client that writes and rewrites."""

    username = "medusa_bot"

    def __init__(self) -> None:
        self.pace = self
        self.typing_in: set[int] = set()
        self.written: list[str] = []
        self.problem: Exception | None = None

    async def turn(self, chat_id: int, *, leave: float = 0.0, yields: bool = False) -> None:
        """At once."""

    async def send_message(self, chat_id: int, text: str, **_: object) -> SimpleNamespace:
        if self.problem is not None:
            raise self.problem
        self.written.append(text.splitlines()[0])
        return SimpleNamespace(id=1)

    async def edit_message_text(self, chat_id: int, message_id: int, text: str, **_: object) -> None:
        self.written.append(f"{chat_id}:{message_id} {text.split(',')[0]}")


class World:
    """As much of a process as a start needs."""

    def __init__(self, *, start_report: bool = True, owner: int | None = OWNER) -> None:
        self.client, self.moments = Telegram(), Moments()
        self.restart: Restart | None = None
        settings = SimpleNamespace(
            owner=owner, start_report=start_report, mongodb_uri=None, redis_url=None, user_session_string=None
        )
        vitals = SimpleNamespace(database=self._database)
        self._base: Any = SimpleNamespace(
            settings=settings,
            store=SimpleNamespace(moments=self.moments, vitals=vitals),
            nursery=SimpleNamespace(engine=SimpleNamespace(in_use=Release(version="2026.10.26"))),
        )

    async def _database(self) -> DatabaseState:
        return DatabaseState(1.0, "6", 1)

    async def _finished(self) -> Restart | None:
        return self.restart

    async def starts(self) -> list[str]:
        """What is written then."""
        self.client.written.clear()
        voice: Any = SimpleNamespace(client=self.client)
        restarts: Any = SimpleNamespace(finished=self._finished)
        await say_ready(self._base, voice, None, restarts, (0, 0, 0))
        return self.client.written


class Moments:
    """What was done last, on a clock of its own."""

    def __init__(self) -> None:
        self.later = timedelta()
        self.done: dict[str, datetime] = {}

    async def take(self, name: str, now: datetime, pause: timedelta) -> bool:
        now += self.later
        if name in self.done and now - self.done[name] < pause:
            return False
        self.done[name] = now
        return True

    async def give_back(self, name: str) -> None:
        del self.done[name]


READY = ["🐍 <b>I am ready.</b> Medusa 1.0.0.dev0"]


async def test_a_bot_that_is_killed_again_and_again_reports_once_in_ten_minutes() -> None:
    world = World()
    assert await world.starts() == READY
    for _ in range(10):
        world.moments.later += timedelta(seconds=59)
        assert await world.starts() == []
    world.moments.later += timedelta(seconds=11)
    assert await world.starts() == READY


async def test_a_restart_that_was_asked_for_reports_at_any_time() -> None:
    world = World()
    await world.starts()
    world.restart = Restart(chat_id=7, message_id=40, at=datetime.now(UTC) - timedelta(seconds=4))
    assert await world.starts() == ["7:40 ✅ Restarted", *READY]
    world.restart = None
    assert await world.starts() == []


async def test_a_report_that_did_not_arrive_is_made_at_the_next_start() -> None:
    world = World()
    for problem in (ChatUnavailable(), RuntimeError("a fault in the report")):
        world.client.problem = problem
        assert await world.starts() == []
        world.client.problem = None
        assert (REPORT in world.moments.done) == isinstance(problem, RuntimeError)


@pytest.mark.parametrize("world", [World(start_report=False), World(owner=None)])
async def test_the_settings_switch_it_off_but_not_the_end_of_a_restart(world: World) -> None:
    world.restart = Restart(chat_id=7, message_id=40, at=datetime.now(UTC))
    assert await world.starts() == ["7:40 ✅ Restarted"]
