"""Pressed buttons that wait for their answers."""

import asyncio
import itertools
from dataclasses import dataclass

from tests.dc.errors import Breach, Refusal
from tests.dc.happenings import Answered, Press
from tests.dc.state import Account, Message
from tests.dc.world import World


@dataclass(frozen=True)
class Answer:
    """What a bot answers to a pressed button."""

    text: str | None = None
    alert: bool = False
    url: str | None = None


class Callbacks:
    """Callback queries by id."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ids = itertools.count(4_000_000_000_000_001)
        self._waiting: dict[int, tuple[Press, asyncio.Future[Answer]]] = {}
        self._answered: set[int] = set()

    async def press(self, person: Account, message: Message, data: bytes, timeout: float) -> Answer:
        """Press a button and wait. Raises Refusal BOT_RESPONSE_TIMEOUT as the real service does."""
        query_id = next(self._ids)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        pressed = Press(query_id, person, message, data)
        self._waiting[query_id] = (pressed, future)
        self._world.announce(pressed)
        try:
            return await asyncio.wait_for(future, timeout)
        except TimeoutError:
            raise Refusal(400, "BOT_RESPONSE_TIMEOUT") from None
        finally:
            del self._waiting[query_id]

    def answer(self, bot: Account, query_id: int, answer: Answer) -> None:
        """A bot's answer. Raises Breach for a second one, Refusal for one that comes too late."""
        if query_id in self._answered:
            raise Breach("answered_twice", 400, "QUERY_ID_INVALID", "this button press was answered before")
        pressed, future = self._waiting.get(query_id, (None, None))
        if pressed is None or future is None or pressed.message.author is not bot:
            raise Refusal(400, "QUERY_ID_INVALID")
        self._answered.add(query_id)
        future.set_result(answer)
        self._world.announce(Answered(pressed.person, pressed.message, answer.text))
